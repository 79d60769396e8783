//! Attacks a release that was made already, from what it shows.

use std::collections::{BTreeMap, BTreeSet};

use crate::attack;
use crate::check::Exposed;
use crate::exposure::{Exposure, name_cells};
use crate::gate::Refused;
use crate::known::Known;
use crate::linear::Field;
use crate::policy::Policy;
use crate::system::{Knowledge, System};
use crate::table::Table;

/// What an attack on a release found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Counts that were attacked, each once for everybody who must not know it.
    pub attacked: usize,
    /// Who attacked: any reader, and each contributor.
    pub attackers: usize,
    /// Counts that could be worked out.
    pub recovered: Vec<Exposure>,
}

/// Attacks a release of `tables` that printed, by cell id, the counts `shown`; a count that is held as an earlier release
/// had it, or hidden, is not among them. Reader and contributors know the marker, their own rows and the releases before.
pub fn audit(
    tables: &[Table],
    shown: &BTreeMap<String, u64>,
    policy: &Policy,
    known: &Known,
) -> Result<Audit, Refused> {
    let system = System::read(tables, policy, known)?;
    let hidden: Vec<bool> = system.counts.iter().map(|count| !shown.contains_key(&count.id)).collect();
    let mut found: BTreeSet<Exposed> = BTreeSet::new();
    let field = Field { system: &system, hidden: &hidden, policy };
    let mut attacked = 0;
    for (view, looker) in system.views.iter().enumerate() {
        let targets = system.targets(looker, policy);
        attacked += targets.len();
        let is_shown = |cell: &&usize| hidden.get(**cell) == Some(&false);
        found.extend(targets.iter().filter(is_shown).map(|&cell| Exposed { cell, view }));
        found.extend(field.recovered(view, Knowledge::Marker, &targets).into_iter().map(|cell| Exposed { cell, view }));
    }
    let worked_out = attack::recovered(&system, &hidden, policy, Knowledge::Marker);
    found.extend(worked_out.into_iter().map(|cell| Exposed { cell, view: 0 }));
    Ok(Audit { attacked, attackers: system.views.len(), recovered: name_cells(&system, tables, found) })
}

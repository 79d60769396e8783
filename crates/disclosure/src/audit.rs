//! Attacks a release that was made already, from what it shows.

use std::collections::{BTreeMap, BTreeSet};

use crate::attack;
use crate::check::Exposed;
use crate::costs::{self, Costs};
use crate::exposure::{Exposure, name_all};
use crate::gate::{Gated, Refused, Shown, ShownRow};
use crate::known::Known;
use crate::linear::Field;
use crate::policy::Policy;
use crate::system::{Knowledge, System};
use crate::table::{Cell, Row, Table};

/// What an attack on a release found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Counts and costs that were attacked, each once for everybody who must not know it.
    pub attacked: usize,
    /// Who attacked: any reader, and each contributor.
    pub attackers: usize,
    /// Counts and costs that could be worked out, and figures that must not have been printed.
    pub recovered: Vec<Exposure>,
}

/// What a reader takes from a release. A count or cost that is held as an earlier release had it, or hidden, is not in it.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Counts and costs printed, by cell id.
    pub shown: BTreeMap<String, u64>,
    /// Other figures printed: see [`Table::figure_id`].
    pub figures: BTreeSet<String>,
}

impl Reading {
    /// What a release of these tables lets a reader take.
    pub fn of(tables: &[Table], gated: &Gated) -> Self {
        let mut reading = Self::default();
        for (table, shown) in tables.iter().zip(gated.tables()) {
            let rows = table.rows.iter().zip(shown.rows());
            rows.for_each(|(row, shown)| reading.take_row(table, row, shown));
        }
        reading
    }

    fn take_row(&mut self, table: &Table, row: &Row, shown: &ShownRow) {
        for ((cell, shown), column) in row.cells.iter().zip(shown.cells()).zip(&table.measures) {
            self.take(cell, shown, || table.figure_id(row, column));
        }
    }

    /// Takes what is printed in one cell. Of a rounded count the exact one is given away.
    fn take(&mut self, cell: &Cell, shown: &Shown, figure: impl Fn() -> String) {
        match (cell, shown) {
            (Cell::Count { id, value, .. }, Shown::Count(_)) => _ = self.shown.insert(id.clone(), *value),
            (Cell::Cost { id, value, .. }, Shown::Figure(_)) => {
                self.shown.insert(id.clone(), u64::try_from(*value).unwrap_or(0));
            }
            (Cell::Typical { .. }, Shown::Figure(_)) => _ = self.figures.insert(figure()),
            _ => {}
        }
    }
}

/// Attacks a release of `tables` that a reader has so read. Reader and contributors know the marker, their own rows and the
/// releases before. The tables are those that the release was made of: with the rows put back that releases before hid
/// ([`crate::Memory::restored`]).
pub fn audit(tables: &[Table], reading: &Reading, policy: &Policy, known: &Known) -> Result<Audit, Refused> {
    let system = System::read(tables, policy, known)?;
    let costs = Costs::read(tables, policy, &known.memory)?;
    let hidden: Vec<bool> = system.counts.iter().map(|count| !reading.shown.contains_key(&count.id)).collect();
    let mut found: BTreeSet<Exposed> = BTreeSet::new();
    let field = Field { system: &system, hidden: &hidden, policy };
    let mut attacked = costs.targets().len();
    for (view, looker) in system.views.iter().enumerate() {
        let targets = system.targets(looker, policy);
        attacked += targets.len();
        let is_shown = |cell: &&usize| hidden.get(**cell) == Some(&false);
        found.extend(targets.iter().filter(is_shown).map(|&cell| Exposed { cell, view }));
        found.extend(field.recovered(view, Knowledge::Marker, &targets).into_iter().map(|cell| Exposed { cell, view }));
    }
    let worked_out = attack::recovered(&system, &hidden, policy, Knowledge::Marker);
    found.extend(worked_out.into_iter().map(|cell| Exposed { cell, view: 0 }));
    let mut recovered = name_all(&system, &costs, tables, (found, told(&costs, reading, policy)));
    recovered.extend(tables.iter().flat_map(|table| untied(table, reading, policy)));
    Ok(Audit { attacked, attackers: system.views.len(), recovered })
}

/// Thin costs that are printed, or that the rest gives back.
fn told(costs: &Costs, reading: &Reading, policy: &Policy) -> Vec<costs::Told> {
    let hidden: Vec<bool> = costs.cells.iter().map(|cost| !reading.shown.contains_key(&cost.id)).collect();
    costs.told(&hidden, policy)
}

/// Rates, means and medians that are printed though a count they are made of is not, or the first of them is too small.
fn untied(table: &Table, reading: &Reading, policy: &Policy) -> Vec<Exposure> {
    let mut found = Vec::new();
    for row in &table.rows {
        for (cell, column) in row.cells.iter().zip(&table.measures) {
            let Cell::Typical { of, people, .. } = cell else { continue };
            let shown = |id: &String| reading.shown.get(id).copied();
            let tied = of.iter().all(|id| shown(id).is_some())
                && of.first().and_then(shown).is_some_and(|count| count >= policy.threshold)
                && people.is_none_or(|people| people >= policy.threshold);
            let id = table.figure_id(row, column);
            if !tied && reading.figures.contains(&id) {
                let (table, row, column) = (table.name.clone(), row.labels.clone(), column.clone());
                found.push(Exposure { cell: id, table, row, column, by: None });
            }
        }
    }
    found
}

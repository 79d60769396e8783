//! What a broker asks of the board.

use hub_domain::{AuthorityCode, Date, Need, Provision};
use serde::{Deserialize, Serialize};

use crate::matching::serve::takes;
use crate::setting::{Needs, Setting};

/// Every condition that is given must hold; the empty filter passes everything.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Any of these kinds of home; empty for all.
    pub provision: Vec<Provision>,
    /// Takes a child of this age, whole years; also that the kind of home is lawful at that age.
    pub age: Option<i64>,
    /// Takes a child of this sex (`M`, `F`, `U`); `U` finds only homes that take any.
    pub sex: Option<String>,
    /// Meets all of these needs.
    pub needs: Vec<Need>,
    /// Room for this many siblings together.
    pub siblings: Option<i64>,
    /// Stands in one of these authorities; empty for all.
    pub host: Vec<AuthorityCode>,
    /// Distances are measured from this authority's centre; the asker's own where absent.
    pub near: Option<AuthorityCode>,
    /// Farthest, in miles. A host whose distance is not known does not pass.
    pub max_miles: Option<f64>,
    /// A place is free by this day; within the rules' days where absent. Judged, not filtered, unless `usable_only`.
    pub needed_by: Option<Date>,
    /// Leaves out what the asker cannot use.
    pub usable_only: bool,
}

impl std::fmt::Debug for Filter {
    /// Nothing: it describes a child.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Filter").finish_non_exhaustive()
    }
}

impl Filter {
    pub(crate) fn suits(&self, setting: &Setting) -> bool {
        let row = &setting.row;
        let lawful = |age: i64| setting.provision.is_none_or(|provision| age >= provision.youngest());
        (self.provision.is_empty() || setting.provision.is_some_and(|provision| self.provision.contains(&provision)))
            && self.age.is_none_or(|age| (row.age_min..=row.age_max).contains(&age) && lawful(age))
            && self.sex.as_deref().is_none_or(|sex| takes(&row.sex_accepted, sex))
            && Needs::of(&self.needs.iter().map(|need| need.as_str()).collect::<Vec<_>>()).missing_from(setting.needs)
                == 0
            && self.siblings.is_none_or(|together| setting.holds(together))
            && (self.host.is_empty() || self.host.contains(&row.host_la))
    }

    pub(crate) fn is_within(&self, miles: Option<f64>) -> bool {
        self.max_miles.is_none_or(|most| miles.is_some_and(|miles| miles <= most))
    }
}

//! The numbers by which a vacancy serves a search. Policy, not law: each may be configured, and is
//! shown beside the answer.

use std::collections::BTreeMap;

use hub_domain::Provision;
use serde::{Deserialize, Serialize};

/// When a vacancy serves a search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Farthest a home may be where a search does not say, in miles between the centres of authorities.
    pub max_miles: f64,
    /// Days within which a place must be free where a search does not say by when it is needed.
    pub needed_within: i32,
    /// Days for which a confirmation counts, where they differ from the provision's own.
    pub fresh_days: BTreeMap<Provision, i32>,
    /// Offers that may be looked at in proving that no assignment is better, before a bound is given instead. Only groups
    /// kept together need any.
    pub effort: u64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { max_miles: 20.0, needed_within: 7, fresh_days: BTreeMap::new(), effort: 20_000_000 }
    }
}

impl Rules {
    /// Days for which somebody's having looked still counts.
    pub fn fresh_days(&self, provision: Provision) -> i32 {
        self.fresh_days.get(&provision).copied().unwrap_or_else(|| provision.fresh_days())
    }
}

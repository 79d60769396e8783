//! What an operator or an authority may set. Each is law or policy that can move, so none is a
//! constant in code.

use std::collections::BTreeSet;

use hub_domain::codes::PlacementGroup;
use hub_domain::{AuthorityCode, Calendar, Date, PlacementRow};
use serde::{Deserialize, Serialize};

/// Settings of the notice engine for one placing authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Give notice of a child placed with their own parents over the border (P1).
    pub own_parents: bool,
    /// Give notice of a child placed for adoption over the border (A3–A6).
    pub adoption: bool,
    /// Give notice of a child with the authority's own foster carers over the border. Reg 13(4) has no
    /// exception for them, unlike reg 11(4); some local manuals read one in.
    pub own_carers: bool,
    /// Working days to tell the host of an emergency placement (reg 13(4)(a)).
    pub emergency_days: u32,
    /// Working days to tell everyone of an ending (reg 14(4)).
    pub ending_days: u32,
    /// Working days for a placement plan that could not be made before the start (reg 9).
    pub plan_days: u32,
    /// Working days for a home to tell the host of an admission or discharge. Policy, not law: the regulations say
    /// "without delay" (SI 2015/541 reg 41, SI 2023/416 reg 28).
    pub provider_days: u32,
    /// How many days a stated start may lie from the one that the feed shows for the two to be one stay. Policy.
    pub match_days: u32,
    /// Hosts beyond the built-in registry that the operator has registered and can reach.
    pub extra_hosts: BTreeSet<AuthorityCode>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            own_parents: true,
            adoption: true,
            own_carers: true,
            emergency_days: 5,
            ending_days: 10,
            plan_days: 5,
            provider_days: 1,
            match_days: 7,
            extra_hosts: BTreeSet::new(),
        }
    }
}

impl Rules {
    /// A stay that begins with this episode is one the host is told of.
    pub fn cover(&self, first: &PlacementRow) -> bool {
        match PlacementGroup::of(&first.placement_type) {
            Some(PlacementGroup::WithParents) => self.own_parents,
            Some(PlacementGroup::Adoption) => self.adoption,
            Some(PlacementGroup::Fostering) if first.placement_provider.as_deref() == Some("PR1") => self.own_carers,
            _ => true,
        }
    }
}

/// What a plan is made against.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The business date that the episodes describe.
    pub as_at: Date,
    /// The day the placing authority joined: clocks run only for placements that start after it.
    pub joined: Date,
    /// Working days.
    pub calendar: &'a Calendar,
    /// Settings.
    pub rules: &'a Rules,
}

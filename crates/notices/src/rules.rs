//! What an operator or an authority may set. Each is law or policy that can move, so none is a
//! constant in code.

use std::collections::{BTreeMap, BTreeSet};

use hub_domain::adjacency::classify;
use hub_domain::codes::PlacementGroup;
use hub_domain::{AuthorityCode, Calendar, Date, PlacementClass, PlacementRow, authority};
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
    /// What the operator said of each of those, when it registered it.
    #[serde(skip)]
    pub described: BTreeMap<AuthorityCode, Described>,
    /// Whether a host is in being is asked of this day, where it is later than the one that the feed describes.
    #[serde(skip)]
    pub judged_on: Option<Date>,
}

/// What an operator says of an authority that the registry does not know.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Described {
    /// First day in being; `None` = as far back as records reach.
    pub from: Option<Date>,
    /// Last day in being, inclusive; `None` = still.
    pub to: Option<Date>,
    /// Every authority that adjoins it; `None` = not said, and then nobody guesses.
    pub adjoins: Option<BTreeSet<AuthorityCode>>,
}

impl Described {
    /// In being on `on`.
    pub fn exists_on(&self, on: Date) -> bool {
        self.from.is_none_or(|from| from <= on) && self.to.is_none_or(|to| on <= to)
    }
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
            described: BTreeMap::new(),
            judged_on: None,
        }
    }
}

impl Rules {
    /// An authority was in being, and is no more on `on`.
    pub fn has_ended(&self, host: AuthorityCode, on: Date) -> bool {
        let until = match authority::find(host) {
            Some(known) => known.valid_to,
            None => self.described.get(&host).and_then(|said| said.to),
        };
        until.is_some_and(|until| until < on)
    }

    /// The class of a placement by `placing` in the area of `host`, decided on `on` (reg 11(5)). Where the registry does
    /// not know the host, its neighbours are those that the operator named, if any were named.
    pub fn classify(&self, placing: AuthorityCode, host: AuthorityCode, on: Date) -> PlacementClass {
        let described = self.described.get(&host).filter(|_| placing != host && authority::find(host).is_none());
        let Some((said, adjoins)) = described.and_then(|said| Some((said, said.adjoins.as_ref()?))) else {
            return classify(placing, host, on);
        };
        match (said.exists_on(on), adjoins.contains(&placing)) {
            (false, _) => PlacementClass::Unknown,
            (true, true) => PlacementClass::Adjoining { flagged: false },
            (true, false) => PlacementClass::AtADistance,
        }
    }

    /// The class of a placement that starts on `start`, by the map of the day that decides.
    pub fn class_of(&self, placing: AuthorityCode, host: AuthorityCode, start: Date) -> PlacementClass {
        self.classify(placing, host, self.decided_on(host, start))
    }

    /// The day whose map decides on a placement: its start, or the first day of a host that came later.
    pub fn decided_on(&self, host: AuthorityCode, start: Date) -> Date {
        let known = authority::find(host).map(|known| known.valid_from);
        let first_day = known.unwrap_or_else(|| self.described.get(&host).and_then(|said| said.from));
        first_day.map_or(start, |from| from.max(start))
    }

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

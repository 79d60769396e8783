//! Stays over two years: an episode that begins one, and those that continue it.

use std::collections::BTreeMap;

use hub_domain::codes::{PlacementGroup, is_short_break};
use hub_domain::{AuthorityCode, Date, PlacementRow, ages, authority};

use super::Proposal;

/// One child in one place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stay {
    pub(super) child: usize,
    pub(super) authority: AuthorityCode,
    pub(super) start: Date,
    /// The day it ended, or the day the replay ends.
    pub(super) end: Date,
    /// Pence a week at its beginning.
    pub(super) weekly_cost: Option<i64>,
}

/// What is read of an episode.
struct Part {
    start: Date,
    end: Option<Date>,
    begins: bool,
    group: PlacementGroup,
    is_secure: bool,
    is_alone: bool,
    age: Option<i16>,
    miles: Option<f64>,
    weekly_cost: Option<i64>,
}

/// Episodes by child.
#[derive(Default)]
pub(super) struct Stays(BTreeMap<(AuthorityCode, String), Vec<Part>>);

impl Stays {
    pub(super) fn add(&mut self, authority: AuthorityCode, row: &PlacementRow) {
        if is_short_break(&row.legal_status) {
            return;
        }
        let part = Part {
            start: row.episode_start,
            end: row.episode_end,
            begins: matches!(row.reason_new_episode.bytes().next(), Some(b'S' | b'P' | b'B')),
            group: PlacementGroup::of(&row.placement_type).unwrap_or(PlacementGroup::Other),
            is_secure: row.placement_type == "K1",
            is_alone: row.solo.unwrap_or(false) || row.deprivation_of_liberty.unwrap_or(false),
            age: ages::age_on(&row.birth_month, row.episode_start),
            miles: row.distance_miles,
            weekly_cost: row.weekly_cost,
        };
        self.0.entry((authority, row.child_ref.clone())).or_default().push(part);
    }

    /// Stays of children who would have come, in order of their first days.
    pub(super) fn would_come(self, proposal: &Proposal, group: PlacementGroup, as_at: Date) -> Vec<Stay> {
        let mut stays = Vec::new();
        for (child, ((authority, _), mut parts)) in self.0.into_iter().enumerate() {
            parts.sort_by_key(|part| part.start);
            let begun = parts.iter().enumerate().filter(|(_, part)| part.begins && part.group == group);
            for (at, part) in begun.filter(|(_, part)| part.suits(proposal, authority)) {
                let later = parts.iter().skip(at + 1).take_while(|part| !part.begins);
                let end = later.last().unwrap_or(part).end.map_or(as_at, |end| end.min(as_at));
                stays.push(Stay { child, authority, start: part.start, end, weekly_cost: part.weekly_cost });
            }
        }
        stays.sort_by_key(|stay| (stay.start, stay.child));
        stays
    }
}

impl Part {
    fn suits(&self, proposal: &Proposal, placing: AuthorityCode) -> bool {
        let of_age = self.age.is_some_and(|age| ages::StrategyBand::of(i64::from(age)) == proposal.age_band);
        let nearer =
            authority::miles_between(placing, proposal.host).zip(self.miles).is_some_and(|(new, old)| new < old);
        self.start >= proposal.from && of_age && nearer && !self.is_secure && (proposal.takes_solo || !self.is_alone)
    }
}

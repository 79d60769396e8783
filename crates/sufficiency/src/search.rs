//! Demand: open searches, one for each child.

use std::collections::{BTreeMap, BTreeSet};

use hub_domain::{AuthorityCode, Date, Provision, SearchRow};
use jiff::Span;

use crate::rules::Rules;
use crate::setting::Needs;

/// What stands where a search names no essential need.
pub(crate) const NO_NEED: &str = "none";

/// A search, read.
#[derive(Clone)]
pub(crate) struct Search {
    pub(crate) authority: AuthorityCode,
    pub(crate) reference: String,
    /// The child; a search that names none stands for a child of its own.
    pub(crate) child: String,
    pub(crate) opened_on: Date,
    /// In the order the search names them.
    pub(crate) provisions: Vec<Provision>,
    pub(crate) age: i64,
    pub(crate) sex: String,
    pub(crate) essential: Needs,
    /// The essential need named first: `none` where none is.
    pub(crate) leading: String,
    pub(crate) ethnicity: Option<String>,
    pub(crate) emergency: bool,
    pub(crate) desirable: Needs,
    pub(crate) areas: BTreeSet<AuthorityCode>,
    pub(crate) max_miles: f64,
    /// Never before the day the tables describe.
    pub(crate) needed_by: Date,
    /// Siblings sought for together share one.
    pub(crate) group: Option<String>,
    pub(crate) may_split: bool,
}

impl Search {
    fn rank(&self) -> (Date, Date, AuthorityCode, &str) {
        (self.needed_by, self.opened_on, self.authority, &self.reference)
    }
}

/// How soon a home was needed when its search opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    /// On the day itself or the day after, or marked as an emergency.
    Short,
    /// Later.
    Longer,
    /// The search does not say.
    NotSaid,
}

impl Notice {
    fn of(row: &SearchRow) -> Self {
        let soon = row.needed_by.map(|day| day <= row.opened_on.tomorrow().unwrap_or(Date::MAX));
        match (row.emergency, soon) {
            (Some(true), _) | (_, Some(true)) => Self::Short,
            (_, Some(false)) | (Some(false), None) => Self::Longer,
            (None, None) => Self::NotSaid,
        }
    }
}

/// Searches as they stream past, the last opened of each child.
pub(crate) struct Searches {
    as_at: Date,
    window: Date,
    /// Every search opened in the twelve months, whatever came of it.
    opened: Vec<(AuthorityCode, Notice)>,
    open: BTreeMap<(AuthorityCode, String), Search>,
    no_offer: BTreeMap<(AuthorityCode, String), Search>,
}

impl Searches {
    pub(crate) fn new(as_at: Date, window: Date) -> Self {
        Self { as_at, window, opened: Vec::new(), open: BTreeMap::new(), no_offer: BTreeMap::new() }
    }

    /// Takes one search. Half-open: on the day it closed it is no longer open.
    pub(crate) fn add(&mut self, authority: AuthorityCode, row: &SearchRow, rules: &Rules) {
        if row.opened_on > self.as_at {
            return;
        }
        if row.opened_on > self.window {
            self.opened.push((authority, Notice::of(row)));
        }
        let closed = row.closed_on.filter(|&closed| closed <= self.as_at);
        let ended_in_nothing = row.outcome.as_deref() == Some("no_offer");
        let series = match closed {
            None => &mut self.open,
            Some(closed) if ended_in_nothing && closed > self.window => &mut self.no_offer,
            Some(_) => return,
        };
        // A search that names no child stands for a child of its own.
        let child = if row.child_ref.is_empty() { format!("search {}", row.search_ref) } else { row.child_ref.clone() };
        let search = read(authority, row, self.as_at, rules);
        let later = |kept: &Search| (kept.opened_on, &kept.reference) < (search.opened_on, &search.reference);
        let key = (authority, child);
        if series.get(&key).is_none_or(later) {
            series.insert(key, search);
        }
    }

    /// Open searches, and those that closed without an offer in the last twelve months: soonest
    /// needed first, then longest open, then by authority and reference. And all that opened in them.
    pub(crate) fn settle(self) -> (Vec<Search>, Vec<Search>, Vec<(AuthorityCode, Notice)>) {
        let sorted = |series: BTreeMap<_, Search>| {
            let mut searches: Vec<Search> = series.into_values().collect();
            searches.sort_by(|a, b| a.rank().cmp(&b.rank()));
            searches
        };
        (sorted(self.open), sorted(self.no_offer), self.opened)
    }
}

fn read(authority: AuthorityCode, row: &SearchRow, as_at: Date, rules: &Rules) -> Search {
    let within = as_at.checked_add(Span::new().days(rules.needed_within)).unwrap_or(as_at);
    Search {
        authority,
        reference: row.search_ref.clone(),
        child: row.child_ref.clone(),
        opened_on: row.opened_on,
        provisions: row.provision_sought.iter().filter_map(|word| word.parse().ok()).collect(),
        age: row.age,
        sex: row.sex.clone(),
        essential: Needs::of(&row.needs_essential),
        leading: row.needs_essential.first().map_or(NO_NEED, String::as_str).to_owned(),
        ethnicity: row.ethnicity.clone(),
        emergency: row.emergency.unwrap_or(false),
        desirable: Needs::of(&row.needs_desirable),
        areas: row.area_preferred.iter().copied().collect(),
        max_miles: row.max_miles.unwrap_or(rules.max_miles),
        needed_by: row.needed_by.map_or(within, |day| day.max(as_at)),
        group: row.sibling_group_ref.clone().filter(|group| !group.is_empty()),
        may_split: row.siblings_may_split.unwrap_or(false),
    }
}

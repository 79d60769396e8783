//! Stays: consecutive episodes with one carer or setting, in the area of one host.
//!
//! * `setting_ref` tells one setting from another where both episodes give it; else the reason for the
//!   new episode does (S, P, B begin a stay; L, T, U continue it).
//! * A temporary move (T0–T4) is bridged: the stay goes on, and returning to it begins nothing.
//! * Intervals are half-open; an empty one is no episode. Short breaks (V3, V4) are outside.
//! * A carer who moves to another authority's area begins a stay there; an area that passes to a
//!   successor authority does too, but that is nobody's move.

mod build;

use hub_domain::{AuthorityCode, Date, PlacementRow, words};

use crate::terms::first_said;

words! {
    /// How a stay came to begin.
    Origin("origin of a stay") {
        /// The child was placed.
        Placement = "placement", "Placed";
        /// The carer moved to another authority's area with the child.
        Relocation = "relocation", "Carer moved area";
        /// The area passed to a successor authority.
        Succession = "succession", "Authority succeeded";
        /// The episodes begin in the middle of it: its true start is before what the feed shows.
        Continuation = "continuation", "Began before the feed";
    }
}

/// One stay of one child.
#[derive(Clone)]
pub struct Stay<'a> {
    /// The child's pseudonym.
    pub child_ref: &'a str,
    /// First day.
    pub start: Date,
    /// Day it ended, exclusive; `None` while it lasts.
    pub end: Option<Date>,
    /// Authority it is in; `None` when no episode of it says.
    pub host: Option<AuthorityCode>,
    /// How it began.
    pub origin: Origin,
    episodes: Vec<&'a PlacementRow>,
    last: &'a PlacementRow,
}

impl<'a> Stay<'a> {
    /// Outside the area of `placing`, and known to be.
    pub fn is_outside(&self, placing: AuthorityCode) -> bool {
        self.host.is_some_and(|host| host != placing)
    }

    /// Its first episode.
    pub fn first(&self) -> &'a PlacementRow {
        self.episodes.first().copied().unwrap_or(self.last)
    }

    /// Its latest episode, temporary moves apart.
    pub fn latest(&self) -> &'a PlacementRow {
        self.episodes.last().copied().unwrap_or(self.last)
    }

    /// The episode it ended with, a temporary move perhaps.
    pub fn closing(&self) -> &'a PlacementRow {
        self.last
    }

    pub(crate) fn earliest<T>(&self, read: impl Fn(&PlacementRow) -> Option<T>) -> Option<T> {
        first_said(self.episodes.iter().copied(), read)
    }

    pub(crate) fn newest<T>(&self, read: impl Fn(&PlacementRow) -> Option<T>) -> Option<T> {
        first_said(self.episodes.iter().rev().copied(), read)
    }
}

impl std::fmt::Debug for Stay<'_> {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stay").field("host", &self.host).field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// The out-of-area stays in `episodes`, by child and start. The order of the episodes does not matter.
pub fn stays(placing: AuthorityCode, episodes: &[PlacementRow]) -> Vec<Stay<'_>> {
    let mut rows: Vec<&PlacementRow> = episodes.iter().collect();
    rows.sort_by(|a, b| key(a).cmp(&key(b)));
    rows.chunk_by(|a, b| a.child_ref == b.child_ref)
        .flat_map(of_child)
        .filter(|stay| stay.is_outside(placing))
        .collect()
}

/// Every stay of one child, in area or out; `rows` are that child's episodes by start.
pub(crate) fn of_child<'a>(rows: &[&'a PlacementRow]) -> Vec<Stay<'a>> {
    build::stays(rows)
}

/// What episodes are ordered by.
pub(crate) fn key(row: &PlacementRow) -> (&str, Date) {
    (row.child_ref.as_str(), row.episode_start)
}

#[cfg(test)]
mod tests;

//! SSDA903 code lists by collection year.
//!
//! Year Y is the collection year that ends on 31 March Y. Every year moves some list, and one load of
//! ten years' history meets five versions at once, so a code is always asked about for a year.
//! Look-ups allocate nothing: they are made for every coded cell of a million rows.

mod group;
mod list;
mod load;
mod year;

use jiff::civil::Date;

pub use group::PlacementGroup;
pub use list::CodeList;
pub use year::{collection_year, year_end, year_label, year_start};

/// One code of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The list it belongs to.
    pub list: CodeList,
    /// The code as submitted.
    pub code: String,
    /// What it means; where that is not published, it says so and the code is carried.
    pub meaning: String,
    /// First collection year it may be used in; `None` = as far back as lists reach.
    pub first_year: Option<i16>,
    /// Last collection year it may be used in; `None` = still.
    pub last_year: Option<i16>,
    /// Up to this later year it is taken with a warning, because sources differ.
    pub tolerated_to: Option<i16>,
    /// For PLACE only: the group that tables count it in.
    pub group: Option<PlacementGroup>,
    /// What a reader should know of this row.
    pub note: Option<String>,
}

/// How a code stands in a collection year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// On the year's list.
    Current,
    /// Off the list by one source and on it by another: taken, with a warning (Z1 in 2025/26).
    Tolerated,
    /// Not on a list before a later year.
    NotYet,
    /// On no list since an earlier year.
    Retired,
}

impl Code {
    /// How the code stands in collection year `year`.
    pub fn standing(&self, year: i16) -> Standing {
        if self.first_year.is_some_and(|first| year < first) {
            return Standing::NotYet;
        }
        match self.last_year {
            Some(last) if year > last && self.tolerated_to.is_some_and(|to| year <= to) => Standing::Tolerated,
            Some(last) if year > last => Standing::Retired,
            _ => Standing::Current,
        }
    }

    /// The best standing on any day from `start` until `end` (exclusive; `None` = open, judged on its
    /// first day only): an episode that crosses 1 April carries a code valid on any day of it.
    pub fn standing_during(&self, start: Date, end: Option<Date>) -> Standing {
        let first = collection_year(start);
        let last_day = end.and_then(|end| end.yesterday().ok()).unwrap_or(start);
        let last = collection_year(last_day).max(first);
        let standings = (first..=last).map(|year| self.standing(year));
        standings.min_by_key(|standing| standing.rank()).unwrap_or(Standing::Retired)
    }
}

impl Standing {
    /// The code may be used, with a warning or without.
    pub const fn is_usable(self) -> bool {
        matches!(self, Self::Current | Self::Tolerated)
    }

    const fn rank(self) -> u8 {
        match self {
            Self::Current => 0,
            Self::Tolerated => 1,
            Self::Retired => 2,
            Self::NotYet => 3,
        }
    }
}

/// The code, in any year. Upper case, as the lists write it.
pub fn find(list: CodeList, code: &str) -> Option<&'static Code> {
    load::lists().find(list, code)
}

/// The code may be used in collection year `year`, with a warning or without.
pub fn valid_on(list: CodeList, code: &str, year: i16) -> bool {
    find(list, code).is_some_and(|found| found.standing(year).is_usable())
}

/// Every code of a list, in any year, in the order the lists are published.
pub fn all(list: CodeList) -> impl Iterator<Item = &'static Code> {
    load::lists().iter().filter(move |code| code.list == list)
}

/// The codes of a list that may be used in collection year `year`.
pub fn in_year(list: CodeList, year: i16) -> impl Iterator<Item = &'static Code> {
    all(list).filter(move |code| code.standing(year).is_usable())
}

/// A temporary placement (T0–T4): never a placement of its own.
pub fn is_temporary(place: &str) -> bool {
    PlacementGroup::of(place) == Some(PlacementGroup::Temporary)
}

/// An agreed series of short breaks (V3, V4): outside "looked after".
pub fn is_short_break(legal_status: &str) -> bool {
    matches!(legal_status, "V3" | "V4")
}

#[cfg(test)]
mod tests;

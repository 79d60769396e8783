//! What a submission says of itself, and what follows for the rules.

use hub_domain::{AuthorityCode, Date, Mode, adjacency, authority};

use super::value::{Context, authority_number};
use crate::cell::date::day_number;

/// What is known of a submission beside its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Whose feed it is.
    pub authority: AuthorityCode,
    /// The business date the extract describes; stands for "today" in every rule.
    pub as_at: Date,
    /// How much it covers.
    pub mode: Mode,
    /// First day of the window, for `mode=window`.
    pub covers_from: Option<Date>,
    /// Most findings kept in the report; all are counted.
    pub finding_cap: usize,
}

impl Settings {
    /// A full submission with the usual cap of 1,000 findings kept.
    pub fn full(authority: AuthorityCode, as_at: Date) -> Self {
        Self { authority, as_at, mode: Mode::Full, covers_from: None, finding_cap: 1_000 }
    }

    pub(super) fn context(&self) -> Context {
        let number = |code: AuthorityCode| authority_number(code.as_str().as_bytes()).unwrap_or(0);
        let ends = |known: &authority::Authority| {
            let first = known.valid_from.map_or(i32::MIN, day_number);
            (number(known.code), first, known.valid_to.map_or(i32::MAX, day_number))
        };
        Context {
            as_at: day_number(self.as_at),
            authority: number(self.authority),
            covers_from: self.covers_from.filter(|_| self.mode == Mode::Window).map(day_number),
            is_full: self.mode == Mode::Full,
            is_changes: self.mode == Mode::Changes,
            passing: authority::all()
                .iter()
                .map(ends)
                .filter(|(_, first, last)| (*first, *last) != (i32::MIN, i32::MAX))
                .collect(),
            adjoining: self.adjoining(),
            sent: 0,
        }
    }

    /// Numbers of the sender's own authority and its neighbours; empty where the table of borders may lack some.
    fn adjoining(&self) -> Vec<i64> {
        if !authority::find(self.authority).is_some_and(authority::Authority::is_london) {
            return Vec::new();
        }
        let around = adjacency::neighbours(self.authority, self.as_at);
        let codes = std::iter::once(self.authority).chain(around);
        codes.filter_map(|code| authority_number(code.as_str().as_bytes())).collect()
    }
}

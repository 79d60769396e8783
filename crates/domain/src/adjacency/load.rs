//! Reads the embedded pairs once.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use super::{Border, Confidence};
use crate::{AuthorityCode, table};

static PAIRS: LazyLock<Vec<Pair>> = LazyLock::new(|| {
    let mut pairs: Vec<Pair> = table::rows(include_str!("../../data/adjacency.csv"));
    pairs.sort_by_key(Pair::key);
    pairs
});

/// Two authorities that adjoin, `a` before `b`, for as long as the row holds.
#[derive(Debug, Deserialize)]
pub(super) struct Pair {
    a: AuthorityCode,
    b: AuthorityCode,
    pub(super) border: Border,
    pub(super) confidence: Confidence,
    valid_from: Option<Date>,
    valid_to: Option<Date>,
}

impl Pair {
    pub(super) fn key(&self) -> (AuthorityCode, AuthorityCode, Option<Date>) {
        (self.a, self.b, self.valid_from)
    }

    pub(super) fn holds_on(&self, on: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= on) && self.valid_to.is_none_or(|to| on <= to)
    }

    pub(super) fn other(&self, code: AuthorityCode) -> Option<AuthorityCode> {
        if self.a == code { Some(self.b) } else { (self.b == code).then_some(self.a) }
    }
}

pub(super) fn pairs() -> &'static [Pair] {
    &PAIRS
}

/// The row for the two, in either order, that holds on `on`.
pub(super) fn pair(a: AuthorityCode, b: AuthorityCode, on: Date) -> Option<&'static Pair> {
    let wanted = if a <= b { (a, b) } else { (b, a) };
    let from = PAIRS.partition_point(|pair| (pair.a, pair.b) < wanted);
    PAIRS.iter().skip(from).take_while(|pair| (pair.a, pair.b) == wanted).find(|pair| pair.holds_on(on))
}

//! Which authorities adjoin, and so who decides on a placement (Care Planning Regulations 2010,
//! reg 11(5) as substituted by SI 2013/3239): outside the area *and* not in an adjoining one is
//! "at a distance", which needs the Director of Children's Services.
//!
//! The table is of true boundaries. Where the tidal Thames divides two boroughs, the boundary runs
//! down the middle of the river, so they adjoin; boundary files cut at the bank lose fifteen pairs.
//! Neither centres nor distances can stand in: Bromley and Lambeth share about a hundred metres and
//! adjoin, Croydon and Southwark are less than that apart and do not.

mod class;
mod load;

use jiff::civil::Date;

use crate::{AuthorityCode, authority};
pub use class::{PlacementClass, classify};

crate::words! {
    /// What two adjoining areas share.
    Border("border") {
        /// A boundary on land, or a river narrower than a boundary file's own precision.
        Boundary = "boundary", "Boundary on land";
        /// The middle line of the tidal Thames.
        ThamesMidline = "thames_midline", "Middle of the Thames";
    }
}

crate::words! {
    /// How sure the table is of a border.
    Confidence("confidence") {
        /// Beyond the precision of the boundary file.
        High = "high", "High";
        /// Short, but longer than the precision of the boundary file.
        Medium = "medium", "Medium";
        /// As short as the precision of the boundary file: a ruling decides (City–Lambeth).
        Low = "low", "Low";
    }
}

/// How two areas lie to each other on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjacency {
    /// One and the same.
    Same,
    /// They share a border.
    Adjoining {
        /// What they share.
        border: Border,
        /// How sure that is.
        confidence: Confidence,
    },
    /// They share none.
    NotAdjoining,
    /// Nobody here can tell: both lie outside London, whose borders alone the table lists in full, and in regions that
    /// meet; or one of them is not in being on the day; or one is a code of England that the registry does not know.
    Unknown,
}

/// How `a` and `b` lie to each other on `on`. The order of the two does not matter.
pub fn between(a: AuthorityCode, b: AuthorityCode, on: Date) -> Adjacency {
    if a == b {
        return Adjacency::Same;
    }
    if let Some(pair) = load::pair(a, b, on) {
        return Adjacency::Adjoining { border: pair.border, confidence: pair.confidence };
    }
    if is_apart(a, b, on) || is_apart(b, a, on) { Adjacency::NotAdjoining } else { Adjacency::Unknown }
}

/// The two, of which no border is known, certainly share none: London's borders are listed in full, and authorities in
/// regions that do not meet cannot meet either. A code of England that the registry does not know may be a new authority
/// on the other side of any border; one of Wales, Scotland or Northern Ireland is nowhere near London.
fn is_apart(known: AuthorityCode, other: AuthorityCode, on: Date) -> bool {
    let Some(one) = authority::find_on(known, on) else { return false };
    match authority::find(other) {
        Some(two) => two.exists_on(on) && (one.is_london() || !one.region.meets(two.region)),
        None => one.is_london() && other.as_str().starts_with(['W', 'S', 'N']),
    }
}

/// The authorities that adjoin `code` on `on`, by code.
pub fn neighbours(code: AuthorityCode, on: Date) -> Vec<AuthorityCode> {
    let others = load::pairs().iter().filter(|pair| pair.holds_on(on)).filter_map(|pair| pair.other(code));
    let mut found: Vec<_> = others.collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests;

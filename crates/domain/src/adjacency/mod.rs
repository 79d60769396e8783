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
    /// The table cannot tell: both lie outside London, whose borders alone it lists in full, or one
    /// of them is not in being on the day.
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
    let (first, second) = (authority::find(a), authority::find(b));
    let mut known = [first, second].into_iter().flatten();
    if known.clone().any(|authority| !authority.exists_on(on)) {
        return Adjacency::Unknown;
    }
    if known.any(authority::Authority::is_london) { Adjacency::NotAdjoining } else { Adjacency::Unknown }
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

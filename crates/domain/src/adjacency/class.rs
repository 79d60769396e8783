//! The class of a placement by where it is: what regulation 11(5) turns on.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Adjacency, Confidence, between};
use crate::AuthorityCode;

/// Where a placement is, seen from the placing authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "class", rename_all = "snake_case")]
pub enum PlacementClass {
    /// In the placing authority's own area.
    InArea,
    /// In an adjoining authority's: a nominated officer decides.
    Adjoining {
        /// The border is so short that a ruling, not the map, makes it one (City–Lambeth).
        flagged: bool,
    },
    /// Beyond: the Director of Children's Services decides.
    AtADistance,
    /// The tables cannot tell, and do not guess.
    Unknown,
}

impl PlacementClass {
    /// The class on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InArea => "in_area",
            Self::Adjoining { .. } => "adjoining",
            Self::AtADistance => "at_a_distance",
            Self::Unknown => "unknown",
        }
    }

    /// The class for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::InArea => "In area",
            Self::Adjoining { .. } => "Adjoining area",
            Self::AtADistance => "At a distance",
            Self::Unknown => "Not known",
        }
    }

    /// The Director of Children's Services must approve (reg 11(1)), exemptions apart.
    pub const fn needs_director(self) -> bool {
        matches!(self, Self::AtADistance)
    }
}

impl std::fmt::Display for PlacementClass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// The class of a placement by `placing` in the area of `host`, decided on `on`.
///
/// Every authority of England but its listed neighbours is at a distance from a London one, because the list of London's
/// borders is complete; so is any in a region that does not meet the placing authority's own.
pub fn classify(placing: AuthorityCode, host: AuthorityCode, on: Date) -> PlacementClass {
    match between(placing, host, on) {
        Adjacency::Same => PlacementClass::InArea,
        Adjacency::Adjoining { confidence, .. } => PlacementClass::Adjoining { flagged: confidence == Confidence::Low },
        Adjacency::NotAdjoining => PlacementClass::AtADistance,
        Adjacency::Unknown => PlacementClass::Unknown,
    }
}

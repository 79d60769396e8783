//! What may be submitted, and how much of it a submission claims to cover.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A dataset that the hub has a contract for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dataset {
    /// Episodes of care: the SSDA903 episode, pseudonymised, with what commissioning adds.
    Placements,
    /// Homes and fostering households, and which have room.
    Vacancies,
    /// Home-finding searches: demand.
    Searches,
    /// Visits, concerns and restrictions: provider assurance.
    Quality,
    /// Providers' own notices of admission and discharge, as the host authority received them.
    Admissions,
    /// The regulator's register and judgements, provider by provider, sent once for the region.
    Regulator,
    /// Fostering households, from enquiry to approval to leaving.
    Fostering,
    /// Young people who were looked after, as they stood around their birthdays (903 OC3).
    CareLeavers,
}

/// How much a submission covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Everything the sender knows: a key no longer present is withdrawn.
    Full,
    /// Everything open, or ended on or after `covers_from`.
    Window,
    /// Upserts, and rows with `_op=delete`.
    Changes,
}

/// The word names no dataset or mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown {0}")]
pub struct Unknown(&'static str);

impl Dataset {
    /// Every dataset, in the order they are listed to people.
    pub const ALL: [Self; 8] = [
        Self::Placements,
        Self::Vacancies,
        Self::Searches,
        Self::Quality,
        Self::Admissions,
        Self::Regulator,
        Self::Fostering,
        Self::CareLeavers,
    ];

    /// What every borough sends every night. The others are agreed by name: only an authority that files providers' notices
    /// has admissions (decision 0011), only one with a service of its own has fostering.
    pub const USUAL: [Self; 4] = [Self::Placements, Self::Vacancies, Self::Searches, Self::Quality];

    /// What the region's tables are made of.
    pub const TABULATED: [Self; 7] = [
        Self::Placements,
        Self::Vacancies,
        Self::Searches,
        Self::Quality,
        Self::Regulator,
        Self::Fostering,
        Self::CareLeavers,
    ];

    /// Sent once for everybody by the region's own sender ([`AuthorityCode::REGION`](crate::AuthorityCode::REGION)), and by
    /// no authority (decision 0022).
    pub const fn is_regional(self) -> bool {
        matches!(self, Self::Regulator)
    }

    /// The dataset's name in contracts, paths and queries.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Placements => "placements",
            Self::Vacancies => "vacancies",
            Self::Searches => "searches",
            Self::Quality => "quality",
            Self::Admissions => "admissions",
            Self::Regulator => "regulator",
            Self::Fostering => "fostering",
            Self::CareLeavers => "care_leavers",
        }
    }
}

impl Mode {
    /// The mode's name in queries.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Window => "window",
            Self::Changes => "changes",
        }
    }
}

impl FromStr for Dataset {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        Self::ALL.into_iter().find(|dataset| dataset.as_str() == text).ok_or(Unknown("dataset"))
    }
}

impl FromStr for Mode {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        [Self::Full, Self::Window, Self::Changes].into_iter().find(|mode| mode.as_str() == text).ok_or(Unknown("mode"))
    }
}

impl fmt::Display for Dataset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

//! Where a submission stands.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::StoreError;

/// Whether the hub has looked at it yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Kept, not yet looked at.
    Received,
    /// Held, and its sender has confirmed it: it is being judged again.
    Confirmed,
    /// Looked at: there is a verdict.
    Decided,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Applied, nothing found.
    Accepted,
    /// Applied, with findings for the sender.
    AcceptedWithFindings,
    /// Not applied until somebody confirms it.
    Held,
    /// Not applied.
    Rejected,
    /// Applied once, then undone.
    Withdrawn,
    /// Applied, and since then covered by another.
    Superseded,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Received, Self::Confirmed, Self::Decided];

    /// The word kept in the database and shown in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Confirmed => "confirmed",
            Self::Decided => "decided",
        }
    }
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 6] =
        [Self::Accepted, Self::AcceptedWithFindings, Self::Held, Self::Rejected, Self::Withdrawn, Self::Superseded];

    /// The word kept in the database and shown in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::AcceptedWithFindings => "accepted_with_findings",
            Self::Held => "held",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Superseded => "superseded",
        }
    }

    /// Whether the submission's rows went into what the hub believes, and have not been taken out again.
    pub const fn is_applied(self) -> bool {
        matches!(self, Self::Accepted | Self::AcceptedWithFindings | Self::Superseded)
    }
}

impl FromStr for State {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(StoreError::Decode("a submission's state"))
    }
}

impl FromStr for Verdict {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        Self::ALL.into_iter().find(|verdict| verdict.as_str() == text).ok_or(StoreError::Decode("a verdict"))
    }
}

//! One line of the journal.

use hub_domain::Timestamp;
use serde::{Deserialize, Serialize};

use crate::hub::Parcel;

/// A feed that was to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its idempotency key.
    pub key: String,
    /// What it is: dataset, authority, mode, as_at.
    pub query: Vec<(String, String)>,
    /// How far it came.
    #[serde(flatten)]
    pub step: Step,
    /// When that was.
    pub at: Timestamp,
}

/// How far a feed has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Here, whole; perhaps sent, and no answer yet.
    Ready,
    /// The hub has it.
    Received {
        /// Its submission.
        id: String,
    },
    /// The hub has decided.
    Decided {
        /// Its submission.
        id: String,
        /// What.
        verdict: String,
    },
    /// The hub would not take it.
    Refused {
        /// Why: the problem's code.
        code: String,
    },
    /// The bytes were gone before it could be sent.
    Lost,
}

impl Entry {
    /// A parcel that is about to be sent.
    pub(super) fn ready(parcel: &Parcel, at: Timestamp) -> Self {
        Self { key: parcel.key.clone(), query: parcel.query.clone(), step: Step::Ready, at }
    }

    /// True while there is something left to do about it.
    pub const fn is_open(&self) -> bool {
        matches!(self.step, Step::Ready | Step::Received { .. })
    }

    /// The submission, once there is one.
    pub fn id(&self) -> Option<&str> {
        match &self.step {
            Step::Received { id } | Step::Decided { id, .. } => Some(id),
            Step::Ready | Step::Refused { .. } | Step::Lost => None,
        }
    }

    /// `placements as at 2026-04-07`.
    pub fn about(&self) -> String {
        let part = |name: &str| self.query.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value);
        format!("{} as at {}", part("dataset"), part("as_at"))
    }

    /// The step in words.
    pub fn state(&self) -> String {
        match &self.step {
            Step::Ready => "not answered yet".to_owned(),
            Step::Received { .. } => "received, not decided yet".to_owned(),
            Step::Decided { verdict, .. } => verdict.replace('_', " "),
            Step::Refused { code } => format!("refused ({code})"),
            Step::Lost => "lost before it was sent".to_owned(),
        }
    }
}

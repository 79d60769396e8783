//! What is met on the way through a submission.

use std::io;

use hub_domain::Dataset;

use super::belief::Effect;
use super::changes::{Change, ChangeKind};
use super::{Delta, ends};

/// Rows by what they do.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Tally {
    pub(super) opened: u64,
    pub(super) amended: u64,
    pub(super) closed: u64,
    pub(super) unchanged: u64,
    /// Rows of children still in care, and amended rows by which a child's care is over.
    pub(super) in_care: u64,
    pub(super) care_ends: u64,
}

impl Tally {
    pub(super) fn count(&mut self, dataset: Dataset, effect: Effect, body: &str) {
        match effect {
            Effect::Open => self.opened += 1,
            Effect::Amend => self.amended += 1,
            Effect::Unchanged => self.unchanged += 1,
        }
        if dataset == Dataset::Placements {
            match ends::care(body) {
                ends::Care::Open => self.in_care += 1,
                ends::Care::Ended if effect == Effect::Amend => self.care_ends += 1,
                ends::Care::Ended | ends::Care::Continues => {}
            }
        }
    }

    /// The tally once the rows that a set rule left out are left out of it too.
    pub(super) fn without(self, delta: &mut Delta) -> io::Result<Self> {
        let mut tally = Self { opened: 0, amended: 0, closed: 0, ..self };
        let mut change = Change::default();
        let mut replay = delta.changes.replay(&delta.excluded)?;
        while replay.next_into(&mut change)? {
            match change.kind {
                ChangeKind::Open => tally.opened += 1,
                ChangeKind::Amend => tally.amended += 1,
                ChangeKind::Close => tally.closed += 1,
            }
        }
        Ok(tally)
    }
}

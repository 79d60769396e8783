//! The rule that every dataset has: each key once in a submission.

use super::{Gather, Seen, Speaker};
use crate::engine::{Context, Row};
use crate::model::Contract;
use crate::report::Tally;

/// The collector of a dataset that has no set rules of its own.
#[derive(Debug, Default)]
pub(super) struct Alone(Keys);

impl Gather for Alone {
    fn take(&mut self, _: &Row<'_>, seen: Seen) {
        self.0.take(seen);
    }

    fn finish(&mut self, contract: &Contract, _: &Context, tally: &mut Tally<'_>) -> Vec<u64> {
        let mut speaker = Speaker::new(contract, &[], tally);
        let excluded = self.0.finish(contract.key.first().copied().unwrap_or(0), &mut speaker);
        speaker.finish();
        excluded
    }
}

/// Keys seen, as hashes.
#[derive(Debug, Default)]
pub(super) struct Keys(Vec<(u64, u32, u32)>);

impl Keys {
    /// Takes a usable row's key.
    pub(super) fn take(&mut self, seen: Seen) {
        if !seen.rejected {
            self.0.push((seen.key, seen.row, seen.line));
        }
    }

    /// The first row of each key stands; the rest are found and returned.
    pub(super) fn finish(&mut self, column: usize, speaker: &mut Speaker<'_, '_>) -> Vec<u64> {
        self.0.sort_unstable();
        let mut excluded = Vec::new();
        let mut first: Option<(u64, u32)> = None;
        for &(key, row, line) in &self.0 {
            match first {
                Some((known, at)) if known == key => {
                    speaker.say_duplicate((row, line), Some(column), at);
                    excluded.push(u64::from(row));
                }
                _ => first = Some((key, row)),
            }
        }
        excluded
    }
}

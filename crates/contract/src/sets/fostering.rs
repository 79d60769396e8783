//! Households of a submission together.

use super::keys::Keys;
use super::{Gather, Seen, Speaker};
use crate::engine::{Context, Row};
use crate::model::Contract;
use crate::report::{Detail, Tally};
use crate::rules::fostering::columns as col;

/// Set rules of fostering.
pub(super) const RULES: [&str; 1] = ["setting-two-households"];

/// What is kept of the households.
#[derive(Debug, Default)]
pub(super) struct Households {
    keys: Keys,
    /// Hash of the setting, row, line, key: those approved now.
    approved: Vec<(u64, u32, u32, u64)>,
}

impl Gather for Households {
    fn take(&mut self, row: &Row<'_>, seen: Seen) {
        self.keys.take(seen);
        let is_approved = row.is_filled(col::APPROVED_ON) && row.is_blank(col::DEREGISTERED_ON);
        if !seen.rejected && !seen.deletes && is_approved && row.is_filled(col::SETTING_REF) {
            self.approved.push((row.word(col::SETTING_REF), seen.row, seen.line, seen.key));
        }
    }

    fn finish(&mut self, contract: &Contract, _: &Context, tally: &mut Tally<'_>) -> Vec<u64> {
        let mut speaker = Speaker::new(contract, &RULES, tally);
        let excluded = self.keys.finish(col::HOUSEHOLD_REF, &mut speaker);
        self.approved.sort_unstable();
        for [first, second] in self.approved.array_windows() {
            // The same key again is a duplicate key, not a second household.
            if first.0 == second.0 && first.3 != second.3 {
                speaker.say(0, (second.1, second.2), col::SETTING_REF, Detail::Row(first.1));
            }
        }
        speaker.finish();
        excluded
    }
}

//! Homes of a submission together.

use super::keys::Keys;
use super::{Gather, Seen, Speaker};
use crate::engine::{Context, Row};
use crate::model::Contract;
use crate::report::{Detail, Tally};
use crate::rules::vacancies::columns as col;

/// Set rules of vacancies.
pub(super) const RULES: [&str; 1] = ["setting-two-urns"];

/// What is kept of each home.
#[derive(Debug, Default)]
pub(super) struct Settings {
    keys: Keys,
    /// Hash of the setting, of the URN, row, line.
    homes: Vec<(u64, u64, u32, u32)>,
}

impl Gather for Settings {
    fn take(&mut self, row: &Row<'_>, seen: Seen) {
        self.keys.take(seen);
        if !seen.rejected && !seen.deletes {
            self.homes.push((row.word(col::SETTING_REF), row.word(col::URN), seen.row, seen.line));
        }
    }

    fn finish(&mut self, contract: &Contract, _: &Context, tally: &mut Tally<'_>) -> Vec<u64> {
        self.homes.sort_unstable_by_key(|(setting, _, row, _)| (*setting, *row));
        let mut speaker = Speaker::new(contract, &RULES, tally);
        let excluded = self.keys.finish(col::SETTING_REF, &mut speaker);
        for setting in self.homes.chunk_by(|a, b| a.0 == b.0) {
            let Some((_, first, first_row, _)) = setting.first().copied() else { continue };
            for (_, _, row, line) in setting.iter().filter(|(_, urn, ..)| *urn != first) {
                speaker.say(0, (*row, *line), col::URN, Detail::Row(first_row));
            }
        }
        speaker.finish();
        excluded
    }
}

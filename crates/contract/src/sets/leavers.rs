//! Young people of a submission together.

use super::keys::Keys;
use super::{Gather, Seen, Speaker};
use crate::engine::{Context, Row};
use crate::model::Contract;
use crate::report::{Detail, Tally};
use crate::rules::leavers::columns as col;

/// Set rules of care leavers.
pub(super) const RULES: [&str; 1] = ["birth-month-differs"];

/// What is kept of the young people.
#[derive(Debug, Default)]
pub(super) struct Leavers {
    keys: Keys,
    /// Hash of the person, row, line, month of birth.
    born: Vec<(u64, u32, u32, i32)>,
}

impl Gather for Leavers {
    fn take(&mut self, row: &Row<'_>, seen: Seen) {
        self.keys.take(seen);
        if let (false, false, Some(month)) = (seen.rejected, seen.deletes, row.month(col::BIRTH_MONTH)) {
            self.born.push((row.word(col::PERSON_REF), seen.row, seen.line, month));
        }
    }

    fn finish(&mut self, contract: &Contract, _: &Context, tally: &mut Tally<'_>) -> Vec<u64> {
        let mut speaker = Speaker::new(contract, &RULES, tally);
        let excluded = self.keys.finish(col::PERSON_REF, &mut speaker);
        self.born.sort_unstable();
        for [first, second] in self.born.array_windows() {
            if first.0 == second.0 && first.3 != second.3 {
                speaker.say(0, (second.1, second.2), col::BIRTH_MONTH, Detail::Row(first.1));
            }
        }
        speaker.finish();
        excluded
    }
}

//! Events of a submission together.

use super::keys::Keys;
use super::{Gather, Seen, Speaker};
use crate::engine::{Context, Row};
use crate::model::Contract;
use crate::report::{Detail, Tally};
use crate::rules::quality::columns as col;

/// Set rules of quality.
pub(super) const RULES: [&str; 1] = ["event-twice"];

/// What makes two events one: provider, home, kind, day, source.
type Same = (u64, u64, u8, i32, u8);

/// What is kept of each event.
#[derive(Debug, Default)]
pub(super) struct Events {
    keys: Keys,
    events: Vec<(Same, u64, u32, u32)>,
}

impl Gather for Events {
    fn take(&mut self, row: &Row<'_>, seen: Seen) {
        self.keys.take(seen);
        if seen.rejected || seen.deletes {
            return;
        }
        let day = row.day(col::OCCURRED_ON).unwrap_or(0);
        let same = (row.word(col::URN), row.word(col::SETTING_REF), row.place(col::KIND), day, row.place(col::SOURCE));
        self.events.push((same, seen.key, seen.row, seen.line));
    }

    fn finish(&mut self, contract: &Contract, _: &Context, tally: &mut Tally<'_>) -> Vec<u64> {
        self.events.sort_unstable_by_key(|(same, _, row, _)| (*same, *row));
        let mut speaker = Speaker::new(contract, &RULES, tally);
        let excluded = self.keys.finish(col::EVENT_REF, &mut speaker);
        for [first, second] in self.events.array_windows() {
            // The same key again is a duplicate key, not a second reference for one event.
            if first.0 == second.0 && first.1 != second.1 {
                speaker.say(0, (second.2, second.3), col::OCCURRED_ON, Detail::Row(first.2));
            }
        }
        speaker.finish();
        excluded
    }
}

//! Admissions of a submission together.

use super::keys::Keys;
use super::{Gather, Seen, Speaker};
use crate::engine::{Context, Row};
use crate::model::Contract;
use crate::report::{Detail, Tally};
use crate::rules::admissions::columns as col;

/// Set rules of admissions.
pub(super) const RULES: [&str; 2] = ["admission-twice", "child-two-homes"];
const TWICE: usize = 0;
const TWO_HOMES: usize = 1;

/// What makes two admissions one, beside the day: home, child as far as the host knows.
type Same = (u64, u64, u64, i64, i32, u8, i32);

/// An admission, with what tells it.
#[derive(Debug, Clone, Copy)]
struct Told {
    same: Same,
    child: u64,
    key: u64,
    row: u32,
    line: u32,
    is_open: bool,
}

/// What is kept of the admissions.
#[derive(Debug, Default)]
pub(super) struct Admissions {
    keys: Keys,
    told: Vec<Told>,
}

impl Gather for Admissions {
    fn take(&mut self, row: &Row<'_>, seen: Seen) {
        self.keys.take(seen);
        if seen.rejected || seen.deletes {
            return;
        }
        let child = row.word(col::CHILD_LINK);
        let same = (
            row.word(col::URN),
            row.word(col::SETTING_REF),
            child,
            row.number(col::PLACING_LA).unwrap_or(0),
            row.month(col::BIRTH_MONTH).unwrap_or(0),
            row.place(col::SEX),
            row.day(col::ADMITTED_ON).unwrap_or(0),
        );
        let is_open = row.is_blank(col::DISCHARGED_ON);
        self.told.push(Told { same, child, key: seen.key, row: seen.row, line: seen.line, is_open });
    }

    fn finish(&mut self, contract: &Contract, _: &Context, tally: &mut Tally<'_>) -> Vec<u64> {
        let mut speaker = Speaker::new(contract, &RULES, tally);
        let excluded = self.keys.finish(col::ADMISSION_REF, &mut speaker);
        self.told.sort_unstable_by_key(|told| (told.same, told.row));
        for [first, second] in self.told.array_windows() {
            // The same key again is a duplicate key, not a second reference for one admission.
            if first.same == second.same && first.key != second.key {
                speaker.say(TWICE, (second.row, second.line), col::ADMITTED_ON, Detail::Row(first.row));
            }
        }
        self.told.retain(|told| told.is_open && told.child != 0);
        self.told.sort_unstable_by_key(|told| (told.child, told.row));
        for [first, second] in self.told.array_windows() {
            if first.child == second.child && first.same != second.same && first.key != second.key {
                speaker.say(TWO_HOMES, (second.row, second.line), col::CHILD_LINK, Detail::Row(first.row));
            }
        }
        speaker.finish();
        excluded
    }
}

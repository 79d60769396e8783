//! Entries of the register together.

use std::collections::HashSet;

use super::keys::Keys;
use super::{Gather, Seen, Speaker};
use crate::engine::{Context, Row};
use crate::model::Contract;
use crate::report::{Detail, Tally};
use crate::rules::regulator::REGISTRATION;
use crate::rules::regulator::columns as col;

/// Set rules of the regulator's register.
pub(super) const RULES: [&str; 2] = ["registration-overlap", "urn-unregistered"];
const OVERLAP: usize = 0;
const UNREGISTERED: usize = 1;

/// An entry, by its provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    urn: u64,
    from: i32,
    to: i32,
    row: u32,
    line: u32,
    key: u64,
}

/// What is kept of the entries.
#[derive(Debug, Default)]
pub(super) struct Entries {
    keys: Keys,
    registrations: Vec<Told>,
    others: Vec<Told>,
}

impl Gather for Entries {
    fn take(&mut self, row: &Row<'_>, seen: Seen) {
        self.keys.take(seen);
        if seen.rejected || seen.deletes {
            return;
        }
        let told = Told {
            urn: row.word(col::URN),
            from: row.day(col::EFFECTIVE_FROM).unwrap_or(0),
            to: row.day(col::EFFECTIVE_TO).unwrap_or(i32::MAX),
            row: seen.row,
            line: seen.line,
            key: seen.key,
        };
        let list = if row.code(col::ENTRY) == REGISTRATION { &mut self.registrations } else { &mut self.others };
        list.push(told);
    }

    fn finish(&mut self, contract: &Contract, context: &Context, tally: &mut Tally<'_>) -> Vec<u64> {
        let mut speaker = Speaker::new(contract, &RULES, tally);
        let excluded = self.keys.finish(col::EFFECTIVE_FROM, &mut speaker);
        self.registrations.sort_unstable();
        for [first, second] in self.registrations.array_windows() {
            // The same key again is a duplicate key, not a second registration.
            if first.urn == second.urn && second.from < first.to && first.key != second.key {
                speaker.say(OVERLAP, (second.row, second.line), col::EFFECTIVE_FROM, Detail::Row(first.row));
            }
        }
        if context.is_full {
            let registered: HashSet<u64> = self.registrations.iter().map(|told| told.urn).collect();
            for told in self.others.iter().filter(|told| !registered.contains(&told.urn)) {
                speaker.say(UNREGISTERED, (told.row, told.line), col::URN, Detail::None);
            }
        }
        speaker.finish();
        excluded
    }
}

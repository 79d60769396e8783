//! The episodes of each child, one after another.

mod breaks;
mod pair;
mod sequence;

use super::{Gather, Seen, Speaker};
use crate::engine::{Context, Row};
use crate::model::Contract;
use crate::model::code::{Code, CodeList};
use crate::report::Tally;
use crate::rules::placements::columns as col;

/// Set rules of placements. The position of each is its constant below.
pub(super) const RULES: [&str; 27] = [
    "903-142",
    "903-501",
    "903-431",
    "903-432",
    "903-433",
    "903-388",
    "903-437",
    "903-357",
    "903-504",
    "903-434",
    "903-435",
    "903-436",
    "903-225",
    "903-336",
    "903-383",
    "903-361",
    "903-362",
    "903-363",
    "903-366",
    "903-367",
    "903-377",
    "903-426",
    "child-birth-month",
    "child-sex",
    "child-ethnicity",
    "no-open-episode",
    "903-364",
];

pub(super) const OPEN_BEFORE_NEXT: usize = 0;
pub(super) const OVERLAP: usize = 1;
pub(super) const STARTS_AGAIN: usize = 2;
pub(super) const NOT_STARTED: usize = 3;
pub(super) const GAP: usize = 4;
pub(super) const NO_NEXT: usize = 5;
pub(super) const AFTER_DEATH: usize = 6;
pub(super) const FIRST_NOT_START: usize = 7;
pub(super) const NEED_CHANGED: usize = 8;
pub(super) const L_CHANGES: usize = 9;
pub(super) const PT_CHANGES: usize = 10;
pub(super) const BU_CHANGES: usize = 11;
pub(super) const NO_CHANGE_REASON: usize = 12;
pub(super) const ADOPTION_BEFORE_FOSTERING: usize = 13;
pub(super) const RETURN_FROM_TEMPORARY: usize = 14;
pub(super) const L1_LONG: usize = 15;
pub(super) const L2_LONG: usize = 16;
pub(super) const L3_LONG: usize = 17;
pub(super) const MOVED_IN_BREAK: usize = 18;
pub(super) const BREAK_DAYS: usize = 19;
pub(super) const CARER_HOLIDAYS: usize = 20;
pub(super) const BOTH_BREAKS: usize = 21;
pub(super) const BIRTH_DIFFERS: usize = 22;
pub(super) const SEX_DIFFERS: usize = 23;
pub(super) const ETHNICITY_DIFFERS: usize = 24;
pub(super) const NONE_OPEN: usize = 25;
pub(super) const J2_LONG: usize = 26;

/// The end of an episode that is open.
pub(super) const OPEN: i32 = i32::MAX;

/// What is kept of an episode: forty bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Episode {
    /// Hash of the child's reference.
    pub(super) child: u64,
    pub(super) start: i32,
    pub(super) end: i32,
    row: u32,
    line: u32,
    /// Hash of URN, sector and setting: where and with whom.
    pub(super) carer: u32,
    pub(super) birth: i16,
    place: u8,
    pub(super) provider: u8,
    status: u8,
    reason: u8,
    ceased: u8,
    pub(super) need: u8,
    pub(super) sex: u8,
    pub(super) ethnicity: u8,
    flags: u8,
}

const REJECTED: u8 = 1;
const DELETES: u8 = 2;
const CHANGE_REASON: u8 = 4;

impl Episode {
    pub(super) fn at(&self) -> (u32, u32) {
        (self.row, self.line)
    }

    pub(super) fn is_open(&self) -> bool {
        self.end == OPEN
    }

    /// Left out or withdrawn: its neighbours cannot be judged by it.
    pub(super) fn is_unusable(&self) -> bool {
        self.flags & (REJECTED | DELETES) != 0
    }

    fn is_rejected(&self) -> bool {
        self.flags & REJECTED != 0
    }

    pub(super) fn has_change_reason(&self) -> bool {
        self.flags & CHANGE_REASON != 0
    }
}

/// The code lists that small numbers in an [`Episode`] stand for.
pub(super) struct Codes<'c> {
    place: Option<&'c CodeList>,
    status: Option<&'c CodeList>,
    reason: Option<&'c CodeList>,
    ceased: Option<&'c CodeList>,
}

impl<'c> Codes<'c> {
    fn of(contract: &'c Contract) -> Self {
        let list = |column: usize| contract.columns.get(column).and_then(|column| column.codes.as_ref());
        Self {
            place: list(col::PLACEMENT_TYPE),
            status: list(col::LEGAL_STATUS),
            reason: list(col::REASON_NEW_EPISODE),
            ceased: list(col::REASON_CEASED),
        }
    }

    pub(super) fn place(&self, episode: &Episode) -> Code {
        code(self.place, episode.place)
    }

    pub(super) fn status(&self, episode: &Episode) -> Code {
        code(self.status, episode.status)
    }

    pub(super) fn reason(&self, episode: &Episode) -> Code {
        code(self.reason, episode.reason)
    }

    pub(super) fn ceased(&self, episode: &Episode) -> Code {
        code(self.ceased, episode.ceased)
    }
}

fn code(list: Option<&CodeList>, place: u8) -> Code {
    list.and_then(|list| list.at(place)).map_or(crate::engine::NONE, |entry| entry.code)
}

/// The episodes of a submission.
#[derive(Debug, Default)]
pub(super) struct Episodes(Vec<Episode>);

impl Gather for Episodes {
    fn take(&mut self, row: &Row<'_>, seen: Seen) {
        let Some(start) = row.day(col::EPISODE_START) else { return };
        let carer = row.word(col::URN)
            ^ row.word(col::PLACEMENT_SECTOR).rotate_left(21)
            ^ row.word(col::SETTING_REF).rotate_left(42);
        let flag = |bit: u8, is: bool| if is { bit } else { 0 };
        self.0.push(Episode {
            child: row.word(col::CHILD_REF),
            start,
            end: row.day(col::EPISODE_END).unwrap_or(OPEN),
            row: seen.row,
            line: seen.line,
            carer: u32::try_from(carer >> 32).unwrap_or(0),
            birth: row.month(col::BIRTH_MONTH).and_then(|month| i16::try_from(month).ok()).unwrap_or(0),
            place: row.place(col::PLACEMENT_TYPE),
            provider: row.place(col::PLACEMENT_PROVIDER),
            status: row.place(col::LEGAL_STATUS),
            reason: row.place(col::REASON_NEW_EPISODE),
            ceased: row.place(col::REASON_CEASED),
            need: row.place(col::CATEGORY_OF_NEED),
            sex: row.place(col::SEX),
            ethnicity: row.place(col::ETHNICITY),
            flags: flag(REJECTED, seen.rejected)
                | flag(DELETES, seen.deletes)
                | flag(CHANGE_REASON, row.is_filled(col::REASON_PLACE_CHANGE)),
        });
    }

    fn finish(&mut self, contract: &Contract, context: &Context, tally: &mut Tally<'_>) -> Vec<u64> {
        let mut episodes = std::mem::take(&mut self.0);
        episodes.sort_unstable_by_key(|episode| (episode.child, episode.start, episode.row));
        let mut speaker = Speaker::new(contract, &RULES, tally);
        let excluded = sequence::drop_duplicates(&mut episodes, &mut speaker);
        let codes = Codes::of(contract);
        for child in episodes.chunk_by(|a, b| a.child == b.child) {
            sequence::judge(child, &codes, context, &mut speaker);
        }
        let open = episodes.iter().any(|episode| episode.is_open() && !episode.is_unusable());
        if context.is_full && !episodes.is_empty() && !open {
            speaker.say_of_all(NONE_OPEN);
        }
        speaker.finish();
        excluded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_episode_is_forty_bytes() {
        assert_eq!(size_of::<Episode>(), 40);
    }
}

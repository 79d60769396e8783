//! Searches of a submission together: sibling groups and children.

use super::keys::Keys;
use super::{Gather, Seen, Speaker};
use crate::engine::{Context, Row};
use crate::model::Contract;
use crate::report::{Detail, Tally};
use crate::rules::searches::columns as col;

/// Set rules of searches.
pub(super) const RULES: [&str; 3] = ["group-size-rows", "group-size-differs", "child-two-searches"];
const SIZE_AND_ROWS: usize = 0;
const SIZES_DIFFER: usize = 1;
const TWO_SEARCHES: usize = 2;

/// An open search.
#[derive(Debug, Clone, Copy)]
struct Open {
    group: u64,
    size: Option<i64>,
    child: u64,
    row: u32,
    line: u32,
}

/// What is kept of the searches.
#[derive(Debug, Default)]
pub(super) struct Searches {
    keys: Keys,
    open: Vec<Open>,
}

impl Gather for Searches {
    fn take(&mut self, row: &Row<'_>, seen: Seen) {
        self.keys.take(seen);
        if !seen.rejected && !seen.deletes && row.is_blank(col::CLOSED_ON) {
            self.open.push(Open {
                group: row.word(col::SIBLING_GROUP_REF),
                size: row.number(col::SIBLING_GROUP_SIZE),
                child: row.word(col::CHILD_REF),
                row: seen.row,
                line: seen.line,
            });
        }
    }

    fn finish(&mut self, contract: &Contract, context: &Context, tally: &mut Tally<'_>) -> Vec<u64> {
        let mut speaker = Speaker::new(contract, &RULES, tally);
        let excluded = self.keys.finish(col::SEARCH_REF, &mut speaker);
        self.open.sort_unstable_by_key(|search| (search.group, search.row));
        for group in
            self.open.chunk_by(|a, b| a.group == b.group).filter(|group| group.iter().all(|search| search.group != 0))
        {
            judge_group(group, context, &mut speaker);
        }
        self.open.sort_unstable_by_key(|search| (search.child, search.row));
        for [first, second] in self.open.array_windows() {
            if first.child == second.child {
                speaker.say(TWO_SEARCHES, (second.row, second.line), col::CHILD_REF, Detail::Row(first.row));
            }
        }
        speaker.finish();
        excluded
    }
}

/// The open rows of a group are its children (a ruling: where size and rows disagree, the rows count).
fn judge_group(group: &[Open], context: &Context, speaker: &mut Speaker<'_, '_>) {
    let Some(first) = group.first() else { return };
    let rows = i64::try_from(group.len()).unwrap_or(i64::MAX);
    for search in group {
        if first.size.zip(search.size).is_some_and(|(a, b)| a != b) {
            speaker.say(SIZES_DIFFER, (search.row, search.line), col::SIBLING_GROUP_SIZE, Detail::Row(first.row));
        }
    }
    if !context.is_changes && first.size.is_some_and(|size| size != rows) {
        speaker.say(SIZE_AND_ROWS, (first.row, first.line), col::SIBLING_GROUP_SIZE, Detail::None);
    }
}

//! The rule that every dataset has: each key once in a submission.

use super::Seen;
use crate::report::{Detail, Spot, Tally};
use crate::rules::general;

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
    pub(super) fn finish(&mut self, column: Option<usize>, tally: &mut Tally<'_>) -> Vec<u64> {
        self.0.sort_unstable();
        let mut excluded = Vec::new();
        let mut first: Option<(u64, u32)> = None;
        for &(key, row, line) in &self.0 {
            match first {
                Some((known, at)) if known == key => {
                    report(tally, column, (row, line), at);
                    excluded.push(u64::from(row));
                }
                _ => first = Some((key, row)),
            }
        }
        excluded
    }
}

/// A row whose key an earlier row has.
pub(super) fn report(tally: &mut Tally<'_>, column: Option<usize>, (row, line): (u32, u32), first: u32) {
    let spot = Spot { row: Some(row.into()), line: Some(line.into()), column, cell: None };
    tally.record(general::DUPLICATE_KEY, spot, Detail::Row(first));
}

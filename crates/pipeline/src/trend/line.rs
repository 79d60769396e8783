//! What the submissions of one feed come to over some days.

use std::collections::BTreeMap;

use hub_domain::{AuthorityCode, Dataset, Date};
use hub_store::submission::Verdict;
use serde::Serialize;

use super::Point;

/// One sender's feed over some days. Shares are whole percents, `None` where there is nothing to take a share of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Whose.
    pub authority: AuthorityCode,
    /// Of what.
    pub dataset: Dataset,
    /// Submissions that were decided.
    pub submissions: u64,
    /// Of those, how many were there by the first agreed time that follows the day they describe.
    pub on_time: Option<u64>,
    /// Of those, how many were rejected.
    pub rejected: Option<u64>,
    /// Of the rows sent, how many were left out.
    pub rows_left_out: Option<u64>,
    /// Of the cells of the records last believed, how many are filled.
    pub complete: Option<u64>,
    /// The column that fewest of those records fill, of those that any fills.
    pub least_complete: Option<String>,
    /// How many fill it.
    pub least_complete_share: Option<u64>,
    /// The rule broken most often.
    pub commonest_rule: Option<String>,
    /// How often.
    pub commonest_count: u64,
    /// Of the records opened, how many are under keys that had been closed: they vanished and came again.
    pub reopened: Option<u64>,
    /// Of the vacancies last believed, how many nobody had looked at for more than seven days.
    pub stale: Option<u64>,
    /// The business date of the last of them.
    pub last_as_at: Option<Date>,
}

impl Line {
    /// What these submissions come to, oldest first.
    pub(super) fn of(authority: AuthorityCode, dataset: Dataset, points: &[Point]) -> Self {
        let all = || points.iter().map(|point| &point.measured);
        let count = |is: &dyn Fn(&Point) -> bool| len(points.iter().filter(|point| is(point)).count());
        let submissions = len(points.len());
        let last = all().rfind(|measured| measured.verdict != Verdict::Rejected);
        let cells = last.map(|last| last.believed * len(last.columns.len()));
        let filled = last.map(|last| last.columns.iter().map(|column| column.filled).sum::<u64>());
        let least = last.and_then(|last| {
            let some = last.columns.iter().filter(|column| column.filled > 0);
            some.min_by_key(|column| column.filled).map(|column| (column.name.clone(), column.filled, last.believed))
        });
        let mut rules: BTreeMap<&str, u64> = BTreeMap::new();
        for (rule, count) in all().flat_map(|measured| &measured.findings) {
            *rules.entry(rule).or_default() += count;
        }
        let commonest = rules.into_iter().max_by_key(|(_, count)| *count);
        Self {
            authority,
            dataset,
            submissions,
            on_time: percent(count(&|point| point.measured.minutes_late == 0), submissions),
            rejected: percent(count(&|point| point.measured.verdict == Verdict::Rejected), submissions),
            rows_left_out: percent(all().map(|one| one.rejected).sum(), all().map(|one| one.rows).sum()),
            complete: filled.zip(cells).and_then(|(filled, cells)| percent(filled, cells)),
            least_complete_share: least.as_ref().and_then(|(_, filled, of)| percent(*filled, *of)),
            least_complete: least.map(|(name, ..)| name),
            commonest_count: commonest.map_or(0, |(_, count)| count),
            commonest_rule: commonest.map(|(rule, _)| rule.to_owned()),
            reopened: percent(all().map(|one| one.reopened).sum(), all().map(|one| one.opened).sum()),
            stale: last.and_then(|last| percent(last.stale?, last.believed)),
            last_as_at: all().map(|measured| measured.as_at).max(),
        }
    }
}

fn len(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// A share in whole percents, rounded down: 100 is all of them.
fn percent(part: u64, of: u64) -> Option<u64> {
    part.saturating_mul(100).checked_div(of)
}

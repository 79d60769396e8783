use hub_domain::{AuthorityCode, Dataset, Date, Timestamp, authority};
use hub_pipeline::trend::{Line, Point};
use hub_store::submission::Verdict;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::sheet::Cell;

pub(super) const TREND: &[&str] = &[
    "authority",
    "dataset",
    "received_at",
    "as_at",
    "verdict",
    "minutes_late",
    "rows",
    "rows_left_out",
    "records",
    "complete_percent",
    "findings",
    "opened",
    "closed",
    "reopened",
    "stale",
    "submission",
];

pub(super) const LEAGUE: &[&str] = &[
    "authority",
    "name",
    "dataset",
    "submissions",
    "on_time_percent",
    "rejected_percent",
    "rows_left_out_percent",
    "complete_percent",
    "least_complete",
    "least_complete_percent",
    "commonest_rule",
    "commonest_count",
    "reopened_percent",
    "stale_percent",
    "last_as_at",
];

/// What was measured of one submission.
#[derive(Serialize, ToSchema)]
pub(crate) struct TrendPoint {
    /// Whose.
    #[schema(value_type = String)]
    authority: AuthorityCode,
    /// Of what.
    #[schema(value_type = String)]
    dataset: Dataset,
    /// Which.
    submission: Uuid,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// The business date it describes.
    #[schema(value_type = String, format = Date)]
    as_at: Date,
    /// What was decided then.
    #[schema(value_type = String)]
    verdict: Verdict,
    /// Minutes after the first agreed time that follows the day it describes.
    minutes_late: u64,
    /// Rows that were sent.
    rows: u64,
    /// Rows that were left out.
    rows_left_out: u64,
    /// Records believed after it.
    records: u64,
    /// How many records fill each column, in the contract's order; none when nothing was applied.
    columns: Vec<TrendColumn>,
    /// Findings by rule.
    findings: Vec<TrendFinding>,
    /// Records that it opened.
    opened: u64,
    /// Records that it closed.
    closed: u64,
    /// Of those opened, how many are under a key that had been closed before.
    reopened: u64,
    /// Of vacancies, how many nobody has looked at for more than seven days.
    stale: Option<u64>,
}

/// How many records fill a column.
#[derive(Serialize, ToSchema)]
pub(crate) struct TrendColumn {
    /// Its heading.
    name: String,
    /// Records in which it is filled.
    filled: u64,
}

/// How often a rule was broken.
#[derive(Serialize, ToSchema)]
pub(crate) struct TrendFinding {
    /// The rule.
    rule: String,
    /// How often.
    count: u64,
}

impl TrendPoint {
    pub(super) fn of(authority: AuthorityCode, point: Point) -> Self {
        let Point { dataset, received_at, submission, measured } = point;
        let columns = measured.columns.into_iter().map(|one| TrendColumn { name: one.name, filled: one.filled });
        let findings = measured.findings.into_iter().map(|(rule, count)| TrendFinding { rule, count });
        Self {
            authority,
            dataset,
            submission,
            received_at,
            as_at: measured.as_at,
            verdict: measured.verdict,
            minutes_late: measured.minutes_late,
            rows: measured.rows,
            rows_left_out: measured.rejected,
            records: measured.believed,
            columns: columns.collect(),
            findings: findings.collect(),
            opened: measured.opened,
            closed: measured.closed,
            reopened: measured.reopened,
            stale: measured.stale,
        }
    }

    pub(super) fn cells(&self) -> Vec<Cell> {
        let filled: u64 = self.columns.iter().map(|column| column.filled).sum();
        let cells = self.records * u64::try_from(self.columns.len()).unwrap_or(0);
        let complete = filled.saturating_mul(100).checked_div(cells);
        vec![
            Cell::text(&self.authority),
            Cell::text(&self.dataset),
            Cell::text(&self.received_at),
            Cell::text(&self.as_at),
            Cell::text(self.verdict.as_str()),
            number(self.minutes_late),
            number(self.rows),
            number(self.rows_left_out),
            number(self.records),
            maybe(complete),
            number(self.findings.iter().map(|finding| finding.count).sum()),
            number(self.opened),
            number(self.closed),
            number(self.reopened),
            maybe(self.stale),
            Cell::text(&self.submission),
        ]
    }
}

/// One sender's feed over some days. Shares are whole percents; absent where there is nothing to take a share of.
#[derive(Serialize, ToSchema)]
pub(crate) struct LeagueLine {
    /// The authority's name.
    name: String,
    /// Whose.
    #[schema(value_type = String)]
    authority: AuthorityCode,
    /// Of what.
    #[schema(value_type = String)]
    dataset: Dataset,
    /// Submissions that were decided.
    submissions: u64,
    /// There by the first agreed time that follows the day they describe.
    on_time: Option<u64>,
    /// Rejected.
    rejected: Option<u64>,
    /// Of the rows sent, left out.
    rows_left_out: Option<u64>,
    /// Of the cells of the records last believed, filled.
    complete: Option<u64>,
    /// The column that fewest of those records fill.
    least_complete: Option<String>,
    /// How many fill it.
    least_complete_share: Option<u64>,
    /// The rule broken most often.
    commonest_rule: Option<String>,
    /// How often.
    commonest_count: u64,
    /// Of the records opened, under keys that had been closed before.
    reopened: Option<u64>,
    /// Of the vacancies last believed, not looked at for more than seven days.
    stale: Option<u64>,
    /// The business date of the last submission.
    #[schema(value_type = Option<String>, format = Date)]
    last_as_at: Option<Date>,
}

impl From<Line> for LeagueLine {
    fn from(line: Line) -> Self {
        let name = authority::find(line.authority).map(|known| known.name.clone()).unwrap_or_default();
        Self {
            name,
            authority: line.authority,
            dataset: line.dataset,
            submissions: line.submissions,
            on_time: line.on_time,
            rejected: line.rejected,
            rows_left_out: line.rows_left_out,
            complete: line.complete,
            least_complete: line.least_complete,
            least_complete_share: line.least_complete_share,
            commonest_rule: line.commonest_rule,
            commonest_count: line.commonest_count,
            reopened: line.reopened,
            stale: line.stale,
            last_as_at: line.last_as_at,
        }
    }
}

impl LeagueLine {
    pub(super) fn cells(&self) -> Vec<Cell> {
        let line = self;
        vec![
            Cell::text(&line.authority),
            Cell::text(&self.name),
            Cell::text(&line.dataset),
            number(line.submissions),
            maybe(line.on_time),
            maybe(line.rejected),
            maybe(line.rows_left_out),
            maybe(line.complete),
            line.least_complete.clone().into(),
            maybe(line.least_complete_share),
            line.commonest_rule.clone().into(),
            number(line.commonest_count),
            maybe(line.reopened),
            maybe(line.stale),
            line.last_as_at.into(),
        ]
    }
}

fn number(count: u64) -> Cell {
    Cell::Number(i64::try_from(count).unwrap_or(i64::MAX))
}

fn maybe(count: Option<u64>) -> Cell {
    count.map_or(Cell::Blank, number)
}

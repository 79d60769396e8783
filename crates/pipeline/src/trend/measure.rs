//! Measuring one submission.

use std::collections::BTreeMap;

use hub_contract::{Contract, contract};
use hub_domain::{AuthorityCode, Dataset, Date, Timestamp, VacancyRow, record::from_body};
use hub_store::submission::{self, Submission, Verdict};
use hub_store::{record, trend};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::feeds::due_after;
use crate::{Fault, Hub, submissions};

/// A vacancy that nobody has looked at for longer is stale: whole days from `confirmed_at` to the business date (ruling 1).
const FRESH_DAYS: i32 = 7;

/// What was measured of one submission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The business date it describes.
    pub as_at: Date,
    /// What was decided.
    pub verdict: Verdict,
    /// Minutes after the first agreed time that follows the day it describes; 0 when it was there by then.
    pub minutes_late: u64,
    /// Rows that were sent.
    pub rows: u64,
    /// Rows that were left out.
    pub rejected: u64,
    /// Findings by rule.
    pub findings: BTreeMap<String, u64>,
    /// Records believed after it.
    pub believed: u64,
    /// How many of those are filled, column by column, in the contract's order; none when nothing of it was applied.
    pub columns: Vec<Column>,
    /// Records that it opened, and closed.
    pub opened: u64,
    /// Closed by it.
    pub closed: u64,
    /// Of those opened, how many are under a key that had been closed before: it vanished and came again.
    pub reopened: u64,
    /// Of believed vacancies, how many nobody has looked at for more than seven days; `None` of another feed.
    pub stale: Option<u64>,
}

/// How many records fill a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// Records in which it is filled.
    pub filled: u64,
}

/// What is measured of a submission; `None` when there is none of that id.
pub(super) async fn of(hub: &Hub, authority: AuthorityCode, id: Uuid) -> Result<Option<trend::Point>, Fault> {
    let report = submissions::report(hub, authority, id).await?;
    let mut link = hub.store.read().await?;
    let Some(sent) = submission::find(&mut link, authority, id).await? else { return Ok(None) };
    let (Some(verdict), dataset) = (sent.verdict, sent.dataset) else { return Ok(None) };
    let mut tally = Tally::new(contract(dataset), &sent);
    let applied = verdict != Verdict::Rejected;
    if applied {
        let take = |_: &str, body: &str| {
            tally.take(body);
            Ok(())
        };
        record::as_known(&mut link, authority, dataset, sent.seq, take).await?;
    }
    let reopened = if applied { trend::reopened(&mut link, authority, dataset, sent.seq).await? } else { 0 };
    let counts = sent.counts.clone().unwrap_or_default();
    let findings = report.into_iter().flat_map(|report| report.rules).map(|rule| (rule.rule, rule.count)).collect();
    let measured = Measured {
        as_at: sent.as_at,
        verdict,
        minutes_late: minutes_late(&sent),
        rows: counts.rows_read,
        rejected: counts.rows_rejected,
        findings,
        believed: tally.believed,
        columns: tally.columns(applied),
        opened: counts.opened,
        closed: counts.closed,
        reopened,
        stale: (dataset == Dataset::Vacancies && applied).then_some(tally.stale),
    };
    let body = serde_json::to_string(&measured).map_err(|_| Fault::Inconsistent("a measured submission"))?;
    let Submission { received_at, .. } = sent;
    Ok(Some(trend::Point { authority, submission: id, dataset, received_at, body }))
}

/// Minutes after the first agreed time that follows the day it describes.
fn minutes_late(sent: &Submission) -> u64 {
    let due = due_after(&contract(sent.dataset).sla, sent.as_at).unwrap_or(Timestamp::MAX);
    u64::try_from(sent.received_at.duration_since(due).as_mins()).unwrap_or(0)
}

/// Counts filled columns of the records believed.
struct Tally {
    names: Vec<String>,
    filled: Vec<u64>,
    believed: u64,
    stale: u64,
    /// The business date, of vacancies alone.
    as_at: Option<Date>,
}

impl Tally {
    fn new(contract: &Contract, sent: &Submission) -> Self {
        let names: Vec<String> = contract.columns.iter().map(|column| column.name.clone()).collect();
        let as_at = (sent.dataset == Dataset::Vacancies).then_some(sent.as_at);
        Self { filled: vec![0; names.len()], names, believed: 0, stale: 0, as_at }
    }

    /// A record's body is an array of its columns, trailing blanks cut. What does not read is counted and fills nothing.
    fn take(&mut self, body: &str) {
        self.believed += 1;
        let cells: Vec<serde_json::Value> = serde_json::from_str(body).unwrap_or_default();
        for (filled, cell) in self.filled.iter_mut().zip(&cells) {
            let is_blank =
                cell.is_null() || cell.as_str() == Some("") || cell.as_array().is_some_and(std::vec::Vec::is_empty);
            *filled += u64::from(!is_blank);
        }
        if let (Some(as_at), Ok(row)) = (self.as_at, from_body::<VacancyRow>(body)) {
            // One that says of no day that anybody looked is as one that nobody looked at.
            let days = row.confirmed_at.map(|at| (as_at - hub_domain::london_date(at)).get_days());
            self.stale += u64::from(days.is_none_or(|days| days > FRESH_DAYS));
        }
    }

    fn columns(&self, applied: bool) -> Vec<Column> {
        let pairs = self.names.iter().zip(&self.filled).filter(|_| applied);
        pairs.map(|(name, filled)| Column { name: name.clone(), filled: *filled }).collect()
    }
}

//! What was sent, and what was found in it.

use hub_domain::{AuthorityCode, Dataset};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::play::{Callers, PlayError, Sent};
use crate::region::CAST;

/// One feed, as its sender reads of it.
#[derive(Debug, Clone, Serialize)]
pub struct Fed {
    /// The submission.
    pub id: Uuid,
    /// Whose.
    pub authority: AuthorityCode,
    /// Its name.
    pub name: String,
    /// Which dataset.
    pub dataset: Dataset,
    /// `accepted`, `accepted_with_findings`, `held` or `rejected`.
    pub verdict: String,
    /// Why it is held.
    pub held_reason: Option<String>,
    /// Rows in the feed.
    pub rows_read: u64,
    /// Rows taken.
    pub rows_accepted: u64,
    /// Rows left out.
    pub rows_rejected: u64,
    /// Records that the hub did not hold before.
    pub opened: u64,
    /// What was found, by rule, as the contract orders them.
    pub findings: Vec<Found>,
}

/// How often a rule was broken.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Found {
    /// The rule.
    pub rule: String,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// How often.
    pub count: u64,
    /// What is wrong.
    pub title: String,
}

/// What is read of a submission's report.
#[derive(Deserialize)]
struct Report {
    rules: Vec<Found>,
}

/// What is read of a submission.
#[derive(Deserialize)]
struct View {
    id: Uuid,
    verdict: Option<String>,
    held_reason: Option<String>,
    counts: Option<hub_agent::hub::Counts>,
}

/// Each borough reads of its own feeds with its own token.
pub(super) async fn read(callers: &Callers, sent: &[Sent]) -> Result<Vec<Fed>, PlayError> {
    let mut all = Vec::new();
    for one in sent {
        let Some(member) = CAST.iter().find(|member| member.authority() == one.authority) else { continue };
        let caller = callers.of_member(member)?;
        let path = format!("/v1/submissions/{}", one.submitted.id);
        let view: View = caller.get(&path).await?;
        let report: Report = caller.get(&format!("{path}/findings")).await?;
        let counts = view.counts.unwrap_or_default();
        all.push(Fed {
            id: view.id,
            authority: one.authority,
            name: member.name(),
            dataset: one.dataset,
            verdict: view.verdict.unwrap_or_default(),
            held_reason: view.held_reason,
            rows_read: counts.rows_read,
            rows_accepted: counts.rows_accepted,
            rows_rejected: counts.rows_rejected,
            opened: counts.opened,
            findings: report.rules,
        });
    }
    Ok(all)
}

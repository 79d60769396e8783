//! Deciding once.

use hub_domain::{AuthorityCode, Timestamp};
use uuid::Uuid;

use super::{Counts, Submission, Verdict};
use crate::db::{args, json, statements};
use crate::{Link, StoreError, Tx};

statements! {
    DECIDE = "submission.decide",
        "UPDATE submission SET state = 'decided', verdict = $3, held_reason = $4, counts = $5, \
         report = COALESCE($6, report), decided_at = $7 WHERE authority = $1 AND id = $2 \
         AND CASE WHEN state = 'received' THEN 'received' WHEN verdict = 'held' THEN 'held' \
         WHEN verdict IN ('accepted', 'accepted_with_findings', 'superseded') THEN 'applied' ELSE 'over' END = $8 \
         AND (verdict IS NULL OR verdict <> $3)";
    SUPERSEDE = "submission.supersede",
        "UPDATE submission SET verdict = 'superseded', decided_at = $5 WHERE authority = $1 AND dataset = $2 \
         AND as_at = $3 AND seq < $4 AND verdict IN ('accepted', 'accepted_with_findings') \
         AND CASE WHEN $6 = 'full' THEN 1 WHEN $6 = 'window' AND mode = 'window' AND covers_from >= $7 THEN 1 \
         ELSE 0 END = 1";
    CONFIRM = "submission.confirm",
        "UPDATE submission SET state = 'confirmed' WHERE authority = $1 AND id = $2 AND verdict = 'held'";
    REPORT = "submission.report",
        "SELECT report FROM submission WHERE authority = $1 AND id = $2";
}

/// Where a submission must stand for the decision to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// Not looked at yet.
    Received,
    /// Held for somebody's word.
    Held,
    /// Accepted, with findings or without, or superseded.
    Applied,
}

/// A verdict to set down.
#[derive(Debug, Clone)]
pub struct Decision<'a> {
    /// Whose submission.
    pub authority: AuthorityCode,
    /// Which.
    pub id: Uuid,
    /// Where it must stand now.
    pub expect: Expect,
    /// What was decided.
    pub verdict: Verdict,
    /// Why it is held.
    pub held_reason: Option<String>,
    /// What it came to.
    pub counts: Counts,
    /// The report (zstd of JSON); `None` leaves the report that is there.
    pub report: Option<&'a [u8]>,
    /// When.
    pub at: Timestamp,
}

/// Sets the verdict if the submission still stands where the decision expects it to, and does not bear that verdict
/// already; false when somebody else decided first, or there is no such submission.
pub async fn decide(tx: &mut Tx, decision: &Decision<'_>) -> Result<bool, StoreError> {
    let expect = match decision.expect {
        Expect::Received => "received",
        Expect::Held => "held",
        Expect::Applied => "applied",
    };
    let changed = tx
        .run(
            &DECIDE,
            args![
                decision.authority.as_str(),
                &decision.id.to_string(),
                decision.verdict.as_str(),
                decision.held_reason.as_deref(),
                &json(&decision.counts)?,
                decision.report,
                decision.at.as_microsecond(),
                expect,
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Marks a held submission as confirmed by its sender, until it is decided again; false when it is not held.
pub async fn confirm(tx: &mut Tx, authority: AuthorityCode, id: Uuid) -> Result<bool, StoreError> {
    Ok(tx.run(&CONFIRM, args![authority.as_str(), &id.to_string()]).await? == 1)
}

/// Marks what an applied submission covers entirely as superseded: applied submissions of the same feed and business date
/// with a lower number, all of them under a `full` one, and under a `window` the windows that begin no earlier. `changes`
/// cover nothing. How many were marked.
pub async fn supersede(tx: &mut Tx, by: &Submission, at: Timestamp) -> Result<u64, StoreError> {
    let covers_from = by.covers_from.map(|day| day.to_string());
    tx.run(
        &SUPERSEDE,
        args![
            by.authority.as_str(),
            by.dataset.as_str(),
            &by.as_at.to_string(),
            by.seq,
            at.as_microsecond(),
            by.mode.as_str(),
            covers_from.as_deref(),
        ],
    )
    .await
}

/// The report, as it was given.
pub async fn report(link: &mut Link, authority: AuthorityCode, id: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
    let row = link.maybe(&REPORT, args![authority.as_str(), &id.to_string()]).await?;
    row.map_or(Ok(None), |row| row.maybe_bytes(0))
}

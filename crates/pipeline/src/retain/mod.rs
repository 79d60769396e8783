//! Keeping no longer than is needed: what is over is deleted once its period has passed, and of each deletion a proof is kept
//! in the authority's audit chain — under which rule, from before which instant, how many, and the sum of what they were.
//!
//! What is believed now is never deleted here: a borough's own feed says when a record goes. Releases are never deleted either:
//! nothing in them is about one child, and a release does not change (promise D2).

mod logs;
mod notices;
mod payloads;
mod period;
mod rows;

use hub_domain::{AuthorityCode, Timestamp};
use hub_store::{Tx, retention, submission};
use jiff::SignedDuration;
use serde::Serialize;
use serde_json::json;

use crate::audit::{self, Deed};
use crate::sum::Sum;
use crate::{Fault, Hub, boxed};

pub use period::{Periods, Rule};

/// What an entry in the audit chain calls a deletion.
pub const DELETED: &str = "retention.deleted";

/// Who deletes, when the schedule says so.
pub const SCHEDULE: &str = "schedule";

/// What was deleted, or is due to be, of one authority under one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deletion {
    /// Whose.
    pub authority: AuthorityCode,
    /// Under which rule.
    pub rule: Rule,
    /// Of what: the rule's word, with the dataset where it has one.
    pub subject: String,
    /// What was over before this instant.
    pub before: Timestamp,
    /// How many.
    pub count: u64,
    /// The sum, modulo 2^256, of the SHA-256 of what identifies each: see the reference page.
    pub content: String,
}

/// What is found to be due under a rule, before it is deleted.
struct Due {
    subject: String,
    sum: Sum,
}

impl Due {
    fn of(subject: impl Into<String>) -> Self {
        Self { subject: subject.into(), sum: Sum::default() }
    }

    /// Takes in one thing, by what identifies it.
    fn add(&mut self, what: &str) {
        self.sum.add(what.as_bytes());
    }
}

/// Whether to delete, or only to say what would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How<'a> {
    /// Delete, in the name of this actor.
    Delete(&'a str),
    /// Change nothing.
    Tell,
}

/// Deletes everything whose period has passed, authority by authority and rule by rule, each in a transaction of its own; what
/// was deleted. With [`How::Tell`] what would be.
///
/// # Errors
/// Stops at the first fault: what was deleted before it stays deleted, and proved.
#[boxed]
pub async fn retain<'a>(hub: &'a Hub, how: How<'a>) -> Result<Vec<Deletion>, Fault> {
    let now = hub.clock.now();
    let whose = retention::whose(&mut *hub.store.read().await?).await?;
    let mut all = Vec::new();
    for authority in whose {
        for rule in Rule::ALL {
            all.extend(one(hub, (authority, *rule), now, how).await?);
        }
    }
    if let How::Delete(_) = how {
        let before = before(now, hub.settings.periods.of(Rule::Jobs));
        let mut tx = hub.store.begin().await?;
        retention::drop_ledger(&mut tx, before).await?;
        tx.commit().await?;
    }
    Ok(all)
}

/// One authority and one rule.
async fn one(
    hub: &Hub,
    (authority, rule): (AuthorityCode, Rule),
    now: Timestamp,
    how: How<'_>,
) -> Result<Vec<Deletion>, Fault> {
    let days = hub.settings.periods.of(rule);
    let before = before(now, days);
    let mut tx = hub.store.begin().await?;
    // Nothing is judged or applied for this authority meanwhile.
    submission::lock(&mut tx, authority).await?;
    let due = match rule {
        Rule::Payloads => payloads::delete(&mut tx, authority, before).await?,
        Rule::Rows => rows::delete(&mut tx, authority, before, now).await?,
        Rule::Notices => notices::delete(&mut tx, authority, before).await?,
        Rule::Events => logs::delete(&mut tx, authority, retention::Log::Events, before).await?,
        Rule::Jobs => logs::delete(&mut tx, authority, retention::Log::Jobs, before).await?,
        Rule::Deliveries => logs::delete(&mut tx, authority, retention::Log::Deliveries, before).await?,
        Rule::Discrepancies => logs::delete(&mut tx, authority, retention::Log::Discrepancies, before).await?,
    };
    let due = due.into_iter().filter(|due| due.sum.rows > 0);
    let deletions: Vec<Deletion> = due
        .map(|Due { subject, sum }| Deletion {
            authority,
            rule,
            subject,
            before,
            count: sum.rows,
            content: sum.content(),
        })
        .collect();
    let How::Delete(actor) = how else { return Ok(deletions) };
    for deletion in &deletions {
        prove(&mut tx, deletion, (days, actor, now)).await?;
    }
    if !deletions.is_empty() {
        tx.commit().await?;
        for deletion in &deletions {
            let (count, rule) = (deletion.count, rule.as_str());
            metrics::counter!("hub_deleted_total", "rule" => rule).increment(count);
            tracing::info!(%authority, rule, count, "deleted what is kept no longer");
        }
    }
    Ok(deletions)
}

/// The proof, in the same transaction.
async fn prove(tx: &mut Tx, deletion: &Deletion, (days, actor, at): (u32, &str, Timestamp)) -> Result<(), Fault> {
    let detail = json!({
        "rule": deletion.rule.as_str(),
        "period_days": days,
        "before": deletion.before,
        "count": deletion.count,
        "content": deletion.content,
    });
    let (authority, subject) = (deletion.authority, deletion.subject.clone());
    audit::append(tx, Deed { authority, at, actor, action: DELETED, subject, detail }).await?;
    Ok(())
}

/// The instant so many days before another.
fn before(now: Timestamp, days: u32) -> Timestamp {
    now.saturating_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MIN)
}

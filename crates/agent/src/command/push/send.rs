//! Sending one feed, each step remembered before the next.

use std::time::Duration;

use hub_domain::{Clock as _, SystemClock};

use crate::check::unknown_here;
use crate::finding::Finding;
use crate::hub::{HubClient, HubError, Parcel, Submission, Submitted};
use crate::journal::{Journal, JournalError, Step};
use crate::prepare::{Options, Prepared};

/// How feeds are sent.
#[derive(Debug, Clone, Copy)]
pub(in crate::command) struct Manner {
    pub(super) dry_run: bool,
    pub(super) correction: bool,
    /// Seconds to wait for a decision.
    pub(super) wait: u64,
}

/// What became of one feed.
pub(super) struct Sent<'p> {
    pub(super) feed: &'p Prepared,
    pub(super) outcome: Result<Submitted, HubError>,
    /// What the hub found against what it already held.
    pub(super) extra: Vec<Finding>,
    /// True when a former run had sent the very same.
    pub(super) is_again: bool,
}

/// Sends a feed, unless the journal knows that the hub has it.
pub(super) async fn send<'p>(
    feed: &'p Prepared,
    client: &HubClient,
    manner: Manner,
    options: &Options,
    journal: Option<&mut Journal>,
) -> Result<Sent<'p>, JournalError> {
    let submission = Submission {
        authority: options.authority,
        dataset: feed.dataset,
        mode: options.mode,
        as_at: options.as_at,
        covers_from: options.covers_from,
        dry_run: manner.dry_run,
        correction: manner.correction,
        csv: &feed.csv,
    };
    let parcel = match submission.pack() {
        Ok(parcel) => parcel,
        Err(error) => return Ok(Sent { feed, outcome: Err(error), extra: Vec::new(), is_again: false }),
    };
    let mut is_again = false;
    let outcome = match journal {
        None => client.deliver(&parcel).await,
        Some(journal) => {
            let known = journal.find(&parcel.key).and_then(|entry| entry.id()).map(str::to_owned);
            is_again = known.is_some();
            deliver(&parcel, known, client, manner.wait, journal).await?
        }
    };
    let extra = match &outcome {
        Ok(submitted) if submitted.is_decided() && !manner.dry_run => extra_findings(client, &submitted.id, feed).await,
        _ => Vec::new(),
    };
    Ok(Sent { feed, outcome, extra, is_again })
}

/// Keeps, sends, notes; waits, notes. Of a parcel that the hub has, only asks.
async fn deliver(
    parcel: &Parcel,
    known: Option<String>,
    client: &HubClient,
    wait: u64,
    journal: &mut Journal,
) -> Result<Result<Submitted, HubError>, JournalError> {
    let received = if let Some(id) = known {
        client.status(&id, 0).await
    } else {
        journal.keep(parcel, SystemClock.now())?;
        client.deliver(parcel).await
    };
    note(&parcel.key, &received, journal)?;
    let Ok(received) = received else { return Ok(received) };
    if wait == 0 || received.is_decided() {
        return Ok(Ok(received));
    }
    let decided = client.await_report(&received.id, Duration::from_secs(wait)).await.map(|mut decided| {
        decided.receipt = decided.receipt.or(received.receipt);
        decided
    });
    note(&parcel.key, &decided, journal)?;
    Ok(decided)
}

/// Remembers an answer. A fault of the network is none: what was ready is ready still.
pub(super) fn note(key: &str, answer: &Result<Submitted, HubError>, journal: &mut Journal) -> Result<(), JournalError> {
    let step = match answer {
        Ok(submitted) => match submitted.verdict.clone().filter(|_| submitted.is_decided()) {
            Some(verdict) => Step::Decided { id: submitted.id.clone(), verdict },
            None => Step::Received { id: submitted.id.clone() },
        },
        Err(HubError::Refused(problem)) => Step::Refused { code: problem.code.clone() },
        Err(_) => return Ok(()),
    };
    journal.note(key, step, SystemClock.now())
}

/// The hub's findings that could not be known here. The verdict stands whether or not they can be had.
async fn extra_findings(client: &HubClient, id: &str, feed: &Prepared) -> Vec<Finding> {
    let answer = client.findings(id).await.unwrap_or_default();
    unknown_here(&answer, &feed.report, &feed.rows)
}

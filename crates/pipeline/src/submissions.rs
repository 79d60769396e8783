//! What a sender does with its submissions: look, wait, read the report, confirm, withdraw.

use std::sync::Arc;
use std::time::Duration;

use hub_domain::AuthorityCode;
use hub_store::job::{self, NewJob};
use hub_store::submission::{self, State, Submission, Verdict};
use uuid::Uuid;

use crate::{Fault, Hub, boxed, jobs, withdraw};

/// How often, and how long apart, a withdrawal waits for a submission of the same feed that is being judged.
const TRIES: usize = 40;
const PAUSE: Duration = Duration::from_millis(50);

/// Why a submission cannot be confirmed or withdrawn.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// There is none, or it is not the caller's.
    #[error("no such submission")]
    NotFound,
    /// Only a held submission can be confirmed.
    #[error("the submission is not held")]
    NotHeld,
    /// Only an applied submission can be withdrawn.
    #[error("the submission is not applied")]
    NotApplied,
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<hub_store::StoreError> for Refused {
    fn from(error: hub_store::StoreError) -> Self {
        Self::Fault(error.into())
    }
}

/// The submission, once decided (decided again, when it has been confirmed) or after `patience`, whichever is sooner.
#[boxed]
pub async fn wait(
    hub: &Hub,
    authority: AuthorityCode,
    id: Uuid,
    patience: Duration,
) -> Result<Option<Submission>, Fault> {
    let deadline = tokio::time::Instant::now() + patience;
    let mut decided = hub.pulse.decided.subscribe();
    loop {
        let mut link = hub.store.read_as(authority).await?;
        let found = submission::find(&mut link, authority, id).await?;
        drop(link);
        let open = found.as_ref().is_some_and(|found| found.state != State::Decided);
        if !open || tokio::time::Instant::now() >= deadline {
            return Ok(found);
        }
        // Another replica's verdict rings no bell here, so look again now and then.
        let again = deadline.min(tokio::time::Instant::now() + Duration::from_millis(250));
        let _ = tokio::time::timeout_at(again, decided.changed()).await;
    }
}

/// The contract's report on a decided submission, as JSON.
#[boxed]
pub async fn report(hub: &Hub, authority: AuthorityCode, id: Uuid) -> Result<Option<hub_contract::Report>, Fault> {
    let mut link = hub.store.read_as(authority).await?;
    let Some(packed) = submission::report(&mut link, authority, id).await? else { return Ok(None) };
    let plain = zstd::decode_all(packed.as_slice())?;
    serde_json::from_slice(&plain).map(Some).map_err(|_| Fault::Inconsistent("a stored report"))
}

/// Confirms a held submission: a job judges it again as the hub stands then, and applies it whatever the guard says. The
/// answer is the submission as confirmed; confirming it again meanwhile changes nothing.
#[boxed]
pub async fn confirm(hub: &Arc<Hub>, authority: AuthorityCode, id: Uuid) -> Result<Submission, Refused> {
    let mut tx = hub.store.begin().await?;
    let found = submission::find(&mut tx, authority, id).await?.ok_or(Refused::NotFound)?;
    if found.verdict != Some(Verdict::Held) || !submission::confirm(&mut tx, authority, id).await? {
        return Err(Refused::NotHeld);
    }
    let now = hub.clock.now();
    let work = NewJob {
        authority,
        id: hub.ids.next(),
        kind: jobs::CONFIRM.to_owned(),
        payload: jobs::payload(id),
        dedupe: id.to_string(),
        run_at: now,
        now,
    };
    job::enqueue(&mut tx, &work).await?;
    tx.commit().await?;
    hub.pulse.jobs.up();
    Ok(Submission { state: State::Confirmed, ..found })
}

/// Withdraws an applied submission: what the feed's other submissions amount to is believed. What was derived from it is
/// corrected in the same transaction.
#[boxed]
pub async fn withdraw(hub: &Arc<Hub>, authority: AuthorityCode, id: Uuid) -> Result<Submission, Refused> {
    let mut link = hub.store.read().await?;
    let found = submission::find(&mut link, authority, id).await?.ok_or(Refused::NotFound)?;
    drop(link);
    let mut tries = 0;
    let withdrawn = loop {
        match withdraw::withdraw(hub, &found).await {
            // The feed's latest is being judged: its verdict is a moment away.
            Err(Fault::Overtaken) if tries < TRIES => tries += 1,
            done => break done?,
        }
        tokio::time::sleep(PAUSE).await;
    };
    if !withdrawn {
        return Err(Refused::NotApplied);
    }
    hub.pulse.jobs.up();
    hub.pulse.deliveries.notify_waiters();
    let mut link = hub.store.read().await?;
    submission::find(&mut link, authority, id).await?.ok_or(Refused::NotFound)
}

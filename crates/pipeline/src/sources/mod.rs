//! Feeds that the hub collects itself: from a file that a borough drops, over https, at set times.
//!
//! What is collected is received as though it had been sent: the same door, receipt, verdict and chase. What cannot be collected
//! is tried again, and said: to its sender and the operator as an event, at once and once per slot, and the feed itself is late
//! and missing like any other that did not come.

mod collect;
mod due;
mod look;
mod refusal;
mod sealed;
mod terms;

use hub_domain::{AuthorityCode, Dataset};
use hub_jobs::schedule::{Misfire, Schedule};
use hub_store::source::{self, Collection, Source, State};
use hub_webhook::Guard;
use secrecy::SecretString;
use uuid::Uuid;

pub use collect::{Collected, SOURCE_FAILED, SOURCE_RECOVERED, collect};
pub use due::{COLLECT, QUEUE, handle, next_slot, queue_due, queue_now};
pub use look::{Looked, look};
pub use refusal::SourceRefusal;
pub use sealed::seal_again;
pub use terms::{AsAt, Checksum, Shows, Terms};

use crate::{Fault, Hub, boxed};

/// Sources that one authority may have at once.
pub const MOST: usize = 25;

/// A source to register.
#[derive(Debug, Clone)]
pub struct NewSource {
    /// Whose feed.
    pub authority: AuthorityCode,
    /// Of what.
    pub dataset: Dataset,
    /// Where the file lies: https; `{date}` stands for the business date.
    pub url: String,
    /// When it is collected: a cron pattern, London's time.
    pub pattern: String,
    /// What was agreed of it.
    pub terms: Terms,
    /// The token or password, where the terms name one.
    pub secret: Option<SecretString>,
    /// The client or the person that registers it.
    pub by: String,
}

/// Registers a source. Its first slot is the next one of its pattern.
#[boxed]
pub async fn register(hub: &Hub, guard: &Guard, new: &NewSource) -> Result<Source, SourceRefusal> {
    check(guard, new)?;
    let (now, id) = (hub.clock.now(), hub.ids.next());
    let secret = new.secret.as_ref().map(|secret| sealed::close(&hub.seal, (new.authority, id), secret)).transpose()?;
    let fresh = Source {
        authority: new.authority,
        id,
        dataset: new.dataset,
        url: new.url.clone(),
        pattern: new.pattern.clone(),
        terms: serde_json::to_string(&new.terms).map_err(|_| Fault::Inconsistent("the terms of a source"))?,
        secret,
        state: State::Active,
        created_at: now,
        created_by: new.by.clone(),
        last_slot: now,
        digest: None,
        failing_since: None,
    };
    let mut tx = hub.store.begin().await?;
    if source::list(&mut tx, new.authority).await?.len() >= MOST {
        return Err(SourceRefusal::TooMany);
    }
    source::insert(&mut tx, &fresh).await?;
    tx.commit().await?;
    Ok(fresh)
}

/// Refuses what cannot work, before it has failed a night.
fn check(guard: &Guard, new: &NewSource) -> Result<(), SourceRefusal> {
    let example = terms::address(&new.url, jiff::civil::date(2026, 7, 21));
    guard.admit(new.authority, &example).map_err(SourceRefusal::Address)?;
    if new.url.len() + terms::ENDING.len() > 2_000 {
        return Err(SourceRefusal::Address(hub_webhook::Refusal::TooLong));
    }
    let schedule = Schedule::new("source", &new.pattern, Misfire::Latest);
    schedule.map_err(|error| SourceRefusal::Pattern(error.reason))?;
    if new.dataset.is_regional() != (new.authority == AuthorityCode::REGION) {
        return Err(SourceRefusal::Dataset);
    }
    if new.terms.shows.is_some() != new.secret.is_some() {
        return Err(SourceRefusal::Credential);
    }
    new.terms.check()
}

/// An authority's sources, removed ones left out.
#[boxed]
pub async fn list(hub: &Hub, authority: AuthorityCode) -> Result<Vec<Source>, Fault> {
    let mut link = hub.store.read_as(authority).await?;
    Ok(source::list(&mut link, authority).await?)
}

/// The sources of everybody, removed ones left out: for operators.
#[boxed]
pub async fn all(hub: &Hub) -> Result<Vec<Source>, Fault> {
    let mut link = hub.store.read().await?;
    Ok(source::all(&mut link).await?)
}

/// An authority's source, and what came of the last times that it was looked at, latest first.
#[boxed]
pub async fn find(
    hub: &Hub,
    authority: AuthorityCode,
    id: Uuid,
    limit: i64,
) -> Result<Option<(Source, Vec<Collection>)>, Fault> {
    let mut link = hub.store.read_as(authority).await?;
    let Some(found) = source::find(&mut link, authority, id).await? else { return Ok(None) };
    let times = source::collections(&mut link, authority, id, limit).await?;
    Ok(Some((found, times)))
}

/// Stops collecting from a source for a while, or begins again with its next slot; `false` where that is so already.
#[boxed]
pub async fn pause(hub: &Hub, authority: AuthorityCode, id: Uuid, paused: bool) -> Result<bool, Fault> {
    let mut tx = hub.store.begin().await?;
    let from = (!paused).then(|| hub.clock.now());
    let changed = source::set_paused(&mut tx, authority, id, from).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Stops collecting from a source for good and forgets its credential; `false` when the authority has none of that id. What was
/// collected stays.
#[boxed]
pub async fn remove(hub: &Hub, authority: AuthorityCode, id: Uuid) -> Result<bool, Fault> {
    let mut tx = hub.store.begin().await?;
    let removed = source::remove(&mut tx, authority, id).await?;
    tx.commit().await?;
    Ok(removed)
}

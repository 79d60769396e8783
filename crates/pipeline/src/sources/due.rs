//! Which sources are due, and the jobs that collect from them. Each slot of each source is a line of the ledger, as every
//! schedule's is: the key makes it once, whatever the number of replicas.

use std::sync::Arc;

use hub_domain::{AuthorityCode, Timestamp};
use hub_jobs::schedule::{Misfire, Schedule};
use hub_jobs::{JobContext, JobError, Runner};
use hub_store::job::{self, NewJob};
use hub_store::source::{self, Source, State};
use hub_store::{Tx, schedule};
use hub_webhook::Fetch;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Collected, collect};
use crate::{Fault, Hub, boxed};

/// Look for sources that are due.
pub const QUEUE: &str = "sources-due";
/// Collect from one source.
pub const COLLECT: &str = "collect";

/// How often a slot is tried: with the runner's waits, some three minutes.
const ATTEMPTS: i64 = 6;

/// The payload of a job that collects.
#[derive(Debug, Serialize, Deserialize)]
struct Errand {
    source: Uuid,
    slot: Timestamp,
}

/// The runner, with the handlers of sources.
#[must_use]
pub fn handle(hub: &Arc<Hub>, runner: Runner, fetch: Arc<dyn Fetch>) -> Runner {
    let (queue, hub) = (hub.clone(), hub.clone());
    runner.on(QUEUE, move |_| due(queue.clone())).on(COLLECT, move |context| run(hub.clone(), fetch.clone(), context))
}

async fn due(hub: Arc<Hub>) -> Result<(), JobError> {
    queue_due(&hub).await.map(drop).map_err(JobError::retry)
}

async fn run(hub: Arc<Hub>, fetch: Arc<dyn Fetch>, context: JobContext) -> Result<(), JobError> {
    let errand: Errand = context.payload()?;
    let collected = collect(&hub, &*fetch, (context.authority(), errand.source), errand.slot).await;
    match collected.map_err(JobError::retry)? {
        Collected::Failed(why) if context.attempt() < ATTEMPTS => Err(JobError::retry(why)),
        // It was recorded and said; the next slot is another try, and the feed is chased as any that did not come.
        Collected::Failed(_) | Collected::Settled => Ok(()),
    }
}

/// When a source is next collected; `None` while it is not.
pub fn next_slot(source: &Source, now: Timestamp) -> Option<Timestamp> {
    let pattern = Schedule::new("source", &source.pattern, Misfire::Latest).ok()?;
    pattern.next_after(now).filter(|_| source.state == State::Active)
}

/// Queues a job for each source that is due; how many.
#[boxed]
pub async fn queue_due(hub: &Arc<Hub>) -> Result<usize, Fault> {
    let now = hub.clock.now();
    let mut link = hub.store.read().await?;
    let all = source::active(&mut link).await?;
    drop(link);
    let mut queued = 0;
    for one in all {
        let Ok(pattern) = Schedule::new("source", &one.pattern, Misfire::Latest) else { continue };
        let Some(slot) = pattern.last_until(now).filter(|slot| *slot > one.last_slot) else { continue };
        let mut tx = hub.store.begin().await?;
        let job = hub.ids.next();
        let is_ours = schedule::record_slot(&mut tx, &format!("source {}", one.id), slot, job, now).await?
            && source::queue(&mut tx, one.authority, one.id, slot).await?;
        if is_ours {
            enqueue(hub, &mut tx, &one, (job, slot)).await?;
            tx.commit().await?;
            queued += 1;
        }
    }
    if queued > 0 {
        hub.pulse.jobs.up();
    }
    Ok(queued)
}

/// Queues a job for a source now, whatever its pattern says; `false` when the authority has none of that id, or one waits.
#[boxed]
pub async fn queue_now(hub: &Arc<Hub>, authority: AuthorityCode, id: Uuid) -> Result<bool, Fault> {
    let mut tx = hub.store.begin().await?;
    let Some(found) = source::find(&mut tx, authority, id).await? else { return Ok(false) };
    enqueue(hub, &mut tx, &found, (hub.ids.next(), hub.clock.now())).await?;
    tx.commit().await?;
    hub.pulse.jobs.up();
    Ok(true)
}

async fn enqueue(hub: &Hub, tx: &mut Tx, source: &Source, (id, slot): (Uuid, Timestamp)) -> Result<(), Fault> {
    let payload = serde_json::to_string(&Errand { source: source.id, slot });
    let now = hub.clock.now();
    let job = NewJob {
        authority: source.authority,
        id,
        kind: COLLECT.to_owned(),
        payload: payload.map_err(|_| Fault::Inconsistent("an errand"))?,
        dedupe: source.id.to_string(),
        run_at: now,
        now,
    };
    job::enqueue(tx, &job).await?;
    Ok(())
}

//! From due slots to queued jobs, each slot once.

use std::collections::BTreeMap;
use std::sync::Arc;

use hub_domain::{AuthorityCode, Clock, IdSource};
use hub_store::job::{self, NewJob};
use hub_store::schedule as kept;
use hub_store::{Store, StoreError, Tx};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::runner::Wake;
use crate::schedule::{Misfire, Schedule, due};

/// A schedule and the kind of job that each of its slots becomes.
#[derive(Debug, Clone)]
pub struct Plan {
    /// When.
    pub schedule: Schedule,
    /// The kind of job, as handlers are registered.
    pub kind: &'static str,
}

/// The payload of a job that a schedule queued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledSlot {
    /// The schedule's name.
    pub schedule: String,
    /// The slot, which may be well before the moment the job runs.
    pub slot: Timestamp,
}

/// A sweep could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The store did not answer.
    #[error("the schedules could not be read or written")]
    Store(#[from] StoreError),
    /// A job's payload could not be written.
    #[error("a scheduled job's payload could not be written")]
    Payload(#[from] serde_json::Error),
}

/// Queues what is due. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sweeper {
    store: Store,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    wake: Wake,
    plans: Arc<Vec<Plan>>,
}

impl Sweeper {
    /// A sweeper of `plans`, which wakes the runner by `wake`.
    pub fn new(store: Store, clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>, wake: Wake, plans: Vec<Plan>) -> Self {
        Self { store, clock, ids, wake, plans: Arc::new(plans) }
    }

    /// Writes the plans into the store's table of schedules. One that is new, or whose pattern or misfire rule was
    /// changed, starts from now: nothing from before is run. Whether it is enabled stays as the operator left it.
    pub async fn register(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let known = by_name(kept::all(&mut tx).await?);
        for plan in self.plans.iter() {
            let old = known.get(plan.schedule.name());
            let (pattern, misfire) = (plan.schedule.pattern().to_owned(), plan.schedule.misfire().to_string());
            if old.is_some_and(|old| old.pattern == pattern && old.misfire == misfire) {
                continue;
            }
            let name = plan.schedule.name().to_owned();
            kept::upsert(&mut tx, &kept::Schedule { name, pattern, enabled: true, misfire, last_slot: now }).await?;
            kept::set_last_slot(&mut tx, plan.schedule.name(), now).await?;
        }
        tx.commit().await
    }

    /// Queues every due slot that no replica has queued, and answers how many there were.
    pub async fn sweep(&self) -> Result<usize, SweepError> {
        let now = self.clock.now();
        let known = by_name(kept::all(&mut *self.store.read().await?).await?);
        let mut queued = 0;
        for plan in self.plans.iter() {
            let Some(row) = known.get(plan.schedule.name()).filter(|row| row.enabled) else { continue };
            for slot in due(&plan.schedule, row.last_slot, now) {
                let mut tx = self.store.begin().await?;
                queued += usize::from(self.queue(&mut tx, plan, slot, now).await?);
                tx.commit().await?;
            }
        }
        if queued > 0 {
            self.wake.up();
        }
        Ok(queued)
    }

    /// Writes one slot into the ledger and, where this is the first to do so, its job into the queue.
    async fn queue(&self, tx: &mut Tx, plan: &Plan, slot: Timestamp, now: Timestamp) -> Result<bool, SweepError> {
        let (name, id) = (plan.schedule.name(), self.ids.next());
        let first = kept::record_slot(tx, name, slot, id, now).await?;
        if first {
            let payload = serde_json::to_string(&ScheduledSlot { schedule: name.to_owned(), slot })?;
            let (kind, dedupe) = (plan.kind.to_owned(), format!("{name}/{slot}"));
            // The hub's own work belongs to the authority code of nobody.
            let authority = AuthorityCode::default();
            job::enqueue(tx, &NewJob { authority, id, kind, payload, dedupe, run_at: now, now }).await?;
        }
        kept::set_last_slot(tx, name, slot).await?;
        Ok(first)
    }
}

/// How long the slot has been due that was not queued, and of which schedule: nothing while every slot has been. A process that
/// beats queues each within seconds.
pub fn lag(known: &[kept::Schedule], now: Timestamp) -> Option<(SignedDuration, &str)> {
    let late = known.iter().filter(|one| one.enabled).filter_map(|one| {
        let schedule = Schedule::new(&one.name, &one.pattern, Misfire::Latest).ok()?;
        let missed = schedule.last_until(now).filter(|slot| *slot > one.last_slot)?;
        Some((now.duration_since(missed), one.name.as_str()))
    });
    late.max()
}

fn by_name(rows: Vec<kept::Schedule>) -> BTreeMap<String, kept::Schedule> {
    rows.into_iter().map(|row| (row.name.clone(), row)).collect()
}

//! What runs when, as an operator asks.

use hub_domain::Timestamp;
use hub_jobs::{Misfire, Schedule};
use hub_store::schedule;

use crate::{Fault, Hub, boxed};

/// A schedule, and when it runs next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coming {
    /// Its name.
    pub name: String,
    /// Its cron pattern, in Europe/London.
    pub pattern: String,
    /// It runs at all.
    pub enabled: bool,
    /// The last slot that was dealt with.
    pub last: Timestamp,
    /// The next; `None` while it is switched off, or where it never comes.
    pub next: Option<Timestamp>,
}

/// Every schedule, by name.
#[boxed]
pub async fn all(hub: &Hub) -> Result<Vec<Coming>, Fault> {
    let now = hub.clock.now();
    let mut link = hub.store.read().await?;
    let coming = |kept: schedule::Schedule| {
        let pattern = Schedule::new(&kept.name, &kept.pattern, Misfire::Latest);
        let pattern = pattern.map_err(|_| Fault::Inconsistent("a schedule's pattern"))?;
        let next = pattern.next_after(now).filter(|_| kept.enabled);
        Ok(Coming { name: kept.name, pattern: kept.pattern, enabled: kept.enabled, last: kept.last_slot, next })
    };
    schedule::all(&mut link).await?.into_iter().map(coming).collect()
}

//! Attempts that go nowhere: receivers in memory, for days of outage in a second and for deaths at any point.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hub_webhook::{Carry, Carrying, Failure, Guard, Outcome, Prepared, Verdict};
use tokio::sync::Notify;

/// What stands in for every receiver.
#[derive(Debug, Clone)]
pub(crate) struct Carrier {
    guard: Guard,
    world: Arc<Mutex<World>>,
    /// Rung at the point at which a sender is to die; nothing goes on from there.
    pub(crate) died: Arc<Notify>,
}

/// What the receivers do, and what they have taken.
#[derive(Debug, Default)]
pub(crate) struct World {
    /// All are down: 503.
    pub(crate) is_down: bool,
    /// These never answer, by their address.
    pub(crate) silent: BTreeSet<String>,
    /// These are refused, whoever they are sent to, by their body.
    pub(crate) refused: BTreeSet<Vec<u8>>,
    /// The sender dies at its next attempt.
    pub(crate) next_death: Option<Death>,
    /// Every body that was taken, by address and `webhook-id`, and how often.
    pub(crate) taken: BTreeMap<(String, String), BTreeMap<Vec<u8>, usize>>,
    /// Attempts in all.
    pub(crate) attempts: usize,
}

/// Where a sender dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Death {
    /// Before the receiver has anything.
    BeforeSending,
    /// When the receiver has it, and before its answer is known.
    BeforeTheAnswer,
}

impl Carrier {
    pub(crate) fn new() -> Self {
        Self { guard: Guard::for_demonstration(), world: Arc::default(), died: Arc::default() }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Carry for Carrier {
    fn guard(&self) -> &Guard {
        &self.guard
    }

    fn carry(&self, prepared: Prepared) -> Carrying {
        let this = self.clone();
        Box::pin(async move {
            let taken = this.world().take(&prepared);
            let Some(verdict) = taken else {
                this.died.notify_one();
                return std::future::pending().await;
            };
            let status = Some(if verdict == Verdict::Delivered { 204 } else { 503 });
            Outcome { verdict, status, latency: Duration::from_millis(3), retry_after: None }
        })
    }
}

impl World {
    /// What an attempt comes to; `None` when nobody ever knows.
    fn take(&mut self, prepared: &Prepared) -> Option<Verdict> {
        self.attempts += 1;
        let url = prepared.endpoint().as_str().to_owned();
        let death = self.next_death.take();
        if death == Some(Death::BeforeSending) || self.silent.contains(&url) {
            return None;
        }
        if self.is_down || self.refused.contains(prepared.body()) {
            return Some(Verdict::Failed(Failure::Status));
        }
        let bodies = self.taken.entry((url, prepared.headers().id.clone())).or_default();
        *bodies.entry(prepared.body().to_vec()).or_default() += 1;
        death.is_none().then_some(Verdict::Delivered)
    }
}

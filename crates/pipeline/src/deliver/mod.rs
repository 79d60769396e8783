//! Sending what is due: lease, sign, send, record. No transaction is held while talking to a stranger.
//!
//! A delivery is claimed by compare-and-set under a lease, sent outside any transaction, and settled with others that
//! finished meanwhile. A process that dies between sending and settling leaves a lease that runs out, and the same bytes
//! go out again under the same `webhook-id`: at least once, one effect (promise D5).
//!
//! Each endpoint has a lane of its own. One that does not answer fills its lane and nobody else's: what may be in flight
//! to endpoints that have not proved themselves is bounded, claiming looks only at lanes that move, and after some
//! failures in a row a lane is emptied and its endpoint left alone for a while (promise D7).

mod attempt;
mod health;
mod lane;
mod late;
mod settle;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use hub_store::delivery::{self, Delivery, Due};
use hub_store::endpoint::{self, Endpoint};
use hub_webhook::{Carry, Outcome, Signer};
use jiff::{SignedDuration, Timestamp};
use tokio::task::{JoinError, JoinSet};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Fault, Hub};
use health::Tallies;
use lane::{Lanes, Taken};
pub use late::{DELIVERY_DEAD, DELIVERY_LATE, DELIVERY_RECOVERED, ENDPOINT_DISABLED};
pub(crate) use late::{chase, cheer, mourn};

/// Longer than an endpoint that answers each of its claimed deliveries only at the time limit needs for all of them.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// Deliveries claimed for one endpoint, for each that may be in flight to it: claiming costs a look over everything that is
/// due, so it is done for several rounds of sending at once.
const ROUNDS: usize = 4;
/// Claimed at once, at most.
const CLAIM: usize = 1_024;
/// Settled together at most.
const BATCH: usize = 256;
/// Settled side by side at most: while one batch is being recorded the next is being sent.
const SETTLING: usize = 2;
/// Told to stop, what is in flight is waited for so long: longer than an attempt may take (promise D11: 30 s for all).
const GRACE: Duration = Duration::from_secs(20);

/// Keys that sign webhooks, as they stand at each attempt: two of a kind while one is rotated.
pub trait Signers: Send + Sync + std::fmt::Debug {
    /// The hub's own signing keys, newest first.
    fn ed25519(&self) -> Vec<Signer>;
}

/// Sends deliveries.
#[derive(Debug)]
pub struct Deliverer {
    hub: Arc<Hub>,
    carrier: Arc<dyn Carry>,
    signers: Arc<dyn Signers>,
    lanes: Lanes,
    tallies: Tallies,
    sends: JoinSet<Sent>,
    settles: JoinSet<Result<(), Fault>>,
    /// Something may be due that has not been looked for: claiming costs a look over all that is, so it is not done at
    /// every turn.
    look: bool,
}

#[derive(Debug)]
struct Sent {
    delivery: Delivery,
    /// What a challenge asked to be given back.
    token: Option<String>,
    /// What came of it, or a stable word for why it was not sent.
    outcome: Result<Outcome, &'static str>,
}

impl Sent {
    fn is_delivered(&self) -> bool {
        self.outcome.as_ref().is_ok_and(Outcome::is_delivered)
    }
}

impl Deliverer {
    /// A deliverer for one process.
    pub fn new(hub: Arc<Hub>, carrier: impl Carry + 'static, signers: Arc<dyn Signers>) -> Self {
        let lanes = Lanes::new(hub.settings.deliveries, hub.settings.per_endpoint);
        Self {
            hub,
            carrier: Arc::new(carrier),
            signers,
            lanes,
            tallies: Tallies::default(),
            sends: JoinSet::new(),
            settles: JoinSet::new(),
            look: true,
        }
    }

    /// Sends until nothing is due and nothing is in flight; how many attempts were made.
    pub async fn drain(&mut self) -> Result<usize, Fault> {
        let mut made = 0;
        self.look = true;
        loop {
            made += self.turn().await?;
            if let Some(first) = self.sends.join_next().await {
                self.land(first).await?;
            } else if !self.settled().await? {
                self.note().await?;
                return Ok(made);
            }
        }
    }

    /// Sends until told to stop: at once when rung, and by looking every `pause` otherwise. Then it claims no more, gives
    /// back what it has not begun, and waits for what is in flight, 20 seconds at most.
    pub async fn serve(mut self, pause: Duration, stop: CancellationToken) {
        let mut looks = tokio::time::interval(pause);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !stop.is_cancelled() {
            let hub = Arc::clone(&self.hub);
            let woken = hub.pulse.deliveries.notified();
            let turned = self.turn().await.map(|_| ());
            let idle = self.sends.is_empty();
            let landed = tokio::select! {
                () = stop.cancelled() => break,
                Some(first) = self.sends.join_next(), if turned.is_ok() && !idle => self.land(first).await,
                () = woken => self.look_again(),
                _ = looks.tick() => self.look_again(),
            };
            let noted = if self.sends.is_empty() { self.wait_and_note().await } else { Ok(()) };
            if let Err(fault) = turned.and(landed).and(noted) {
                tracing::error!(error = %Chain(&fault), "deliveries stopped for a moment");
            }
        }
        if let Err(fault) = self.wind_up().await {
            tracing::warn!(error = %Chain(&fault), "deliveries were left to be taken up when their leases end");
        }
    }

    /// Claims, if there is room for more than has been claimed, and starts what there is room for; how much.
    async fn turn(&mut self) -> Result<usize, Fault> {
        let is_time = self.look || self.lanes.is_hungry() || self.sends.is_empty();
        if is_time && self.lanes.has_room_for_more(self.sends.len()) {
            self.fill().await?;
        }
        Ok(self.launch())
    }

    #[expect(clippy::unnecessary_wraps, reason = "an arm of a choice whose other arms may fail")]
    fn look_again(&mut self) -> Result<(), Fault> {
        self.look = true;
        Ok(())
    }

    async fn fill(&mut self) -> Result<(), Fault> {
        let now = self.hub.clock.now();
        let mut link = self.hub.store.read().await?;
        let due = delivery::due(&mut link, &self.due(now)).await?;
        drop(link);
        self.look = due.len() >= CLAIM;
        self.lanes.forget_more();
        if due.is_empty() {
            return Ok(());
        }
        let mut tx = self.hub.store.begin().await?;
        let until = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        let claimed = delivery::claim_many(&mut tx, due, &self.hub.settings.worker, until).await?;
        let mut endpoints = endpoints(&mut tx, &claimed).await?;
        tx.commit().await?;
        for one in claimed {
            let endpoint = endpoints.remove(&one.endpoint);
            self.lanes.push(one, endpoint);
        }
        Ok(())
    }

    fn due(&self, now: Timestamp) -> Due {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        Due { now, per_endpoint: count(self.hub.settings.per_endpoint * ROUNDS), limit: count(CLAIM) }
    }

    /// Starts sends, one to each endpoint in turn, while there is room in all and to each; how many.
    fn launch(&mut self) -> usize {
        let at = self.hub.clock.now();
        let mut started = 0;
        while let Some(turn) = self.lanes.turn(self.sends.len(), at) {
            started += turn.len();
            for taken in turn {
                self.start(taken, at);
            }
        }
        started
    }

    fn start(&mut self, Taken { delivery, endpoint }: Taken, at: Timestamp) {
        let signers =
            endpoint.as_deref().map(|endpoint| attempt::signers(endpoint, &*self.signers, &self.hub.seal, at));
        let carrier = Arc::clone(&self.carrier);
        self.sends.spawn(async move {
            let token = endpoint.as_deref().and_then(|endpoint| attempt::token(&delivery, endpoint));
            let outcome = match endpoint {
                Some(endpoint) => {
                    let signers = signers.unwrap_or_default();
                    attempt::attempt(&*carrier, &delivery, &endpoint, (&signers, token.as_deref()), at).await
                }
                None => Err("endpoint-unknown"),
            };
            Sent { delivery, token, outcome }
        });
    }

    /// Waits until one batch has been recorded; `false` when none is being.
    async fn settled(&mut self) -> Result<bool, Fault> {
        match self.settles.join_next().await {
            Some(done) => done.map_err(|_| Fault::Stopped)?.map(|()| true),
            None => Ok(false),
        }
    }

    /// Takes a send that has finished and every other that has meanwhile, and has them recorded together.
    async fn land(&mut self, first: Result<Sent, JoinError>) -> Result<(), Fault> {
        let mut landed = Vec::new();
        landed.extend(first.ok());
        while landed.len() < BATCH {
            let Some(next) = self.sends.try_join_next() else { break };
            landed.extend(next.ok());
        }
        let now = self.hub.clock.now();
        for sent in &landed {
            self.lanes.land(sent.delivery.endpoint, sent.is_delivered());
            self.tallies.count(sent, now);
        }
        if self.settles.len() >= SETTLING {
            self.settled().await?;
        }
        let hub = Arc::clone(&self.hub);
        let has_failed = landed.iter().any(|sent| self.lanes.is_failing(sent.delivery.endpoint));
        self.settles.spawn(async move { settle::settle(&hub, landed).await });
        if has_failed {
            self.leave_alone().await
        } else if self.tallies.are_many() {
            self.note().await
        } else {
            Ok(())
        }
    }

    /// Gives back what was claimed for endpoints that keep failing, their health first, so that it is not claimed again
    /// before they are to be tried.
    async fn leave_alone(&mut self) -> Result<(), Fault> {
        self.note().await?;
        let held = self.lanes.empty_failing();
        self.release(held).await
    }

    /// Keeps what has been counted of endpoints' health.
    async fn note(&mut self) -> Result<(), Fault> {
        self.tallies.note(&self.hub).await
    }

    async fn wait_and_note(&mut self) -> Result<(), Fault> {
        while self.settled().await? {}
        self.note().await
    }

    async fn release(&self, held: Vec<Delivery>) -> Result<(), Fault> {
        if held.is_empty() {
            return Ok(());
        }
        let mut tx = self.hub.store.begin().await?;
        delivery::release_many(&mut tx, &held, self.hub.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    async fn wind_up(&mut self) -> Result<(), Fault> {
        let held = self.lanes.empty();
        let released = self.release(held).await;
        let grace = tokio::time::sleep(GRACE);
        tokio::pin!(grace);
        while !self.sends.is_empty() {
            tokio::select! {
                Some(first) = self.sends.join_next() => self.land(first).await?,
                () = &mut grace => self.sends.abort_all(),
            }
        }
        released.and(self.wait_and_note().await)
    }
}

/// The endpoints that these are for.
async fn endpoints(link: &mut hub_store::Link, claimed: &[Delivery]) -> Result<HashMap<Uuid, Arc<Endpoint>>, Fault> {
    let mut found = HashMap::new();
    let mut hosts: Vec<_> = claimed.iter().map(|delivery| delivery.authority).collect();
    hosts.sort_unstable();
    hosts.dedup();
    for host in hosts {
        let all = endpoint::list(link, host).await?;
        found.extend(all.into_iter().map(|endpoint| (endpoint.id, Arc::new(endpoint))));
    }
    Ok(found)
}

/// An error and its causes on one line, for the operator's log.
struct Chain<'a>(&'a dyn std::error::Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(inner) = cause {
            write!(f, ": {inner}")?;
            cause = inner.source();
        }
        Ok(())
    }
}

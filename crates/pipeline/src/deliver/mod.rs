//! Sending what is due: lease, sign, send, record. No transaction is held while talking to a stranger.
//!
//! A delivery is claimed by compare-and-set under a lease, sent outside any transaction, and settled with others that
//! finished meanwhile. A process that dies between sending and settling leaves a lease that runs out, and the same bytes
//! go out again under the same `webhook-id`: at least once, one effect (promise D5).

mod settle;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use hub_store::delivery::{self, Delivery, Due};
use hub_store::endpoint::{self, Endpoint, Scheme};
use hub_webhook::{Message, Outcome, Refusal, Sender, SharedSecret, Signer, prepare};
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{Fault, Hub};

/// Longer than an endpoint that answers each of its claimed deliveries only at the time limit needs for all of them.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// Deliveries claimed for one endpoint, for each that may be in flight to it: claiming costs a look over everything that is
/// due, so it is done for several rounds of sending at once.
const ROUNDS: usize = 4;
/// Claimed at once, at most.
const CLAIM: usize = 1_024;
/// With fewer than this claimed and unsettled, more are claimed.
const LOW_WATER: usize = 256;
/// Settled together at most.
const BATCH: usize = 256;
/// Settled side by side at most: while one batch is being recorded the next is being sent.
const SETTLING: usize = 2;

/// Keys that sign webhooks, as they stand at each attempt: two of a kind while one is rotated.
pub trait Signers: Send + Sync + std::fmt::Debug {
    /// The hub's own signing keys, newest first.
    fn ed25519(&self) -> Vec<Signer>;
}

/// Sends deliveries.
#[derive(Debug)]
pub struct Deliverer {
    hub: Arc<Hub>,
    sender: Sender,
    signers: Arc<dyn Signers>,
    /// Claimed, not yet sent.
    waiting: BTreeMap<Uuid, VecDeque<(Delivery, Option<Endpoint>)>>,
    /// In flight, by endpoint.
    flying: HashMap<Uuid, usize>,
    sends: JoinSet<Sent>,
    settles: JoinSet<Result<(), Fault>>,
}

#[derive(Debug)]
struct Sent {
    delivery: Delivery,
    /// What came of it, or a stable word for why it was not sent.
    outcome: Result<Outcome, &'static str>,
}

impl Deliverer {
    /// A deliverer for one process.
    pub fn new(hub: Arc<Hub>, sender: Sender, signers: Arc<dyn Signers>) -> Self {
        Self {
            hub,
            sender,
            signers,
            waiting: BTreeMap::new(),
            flying: HashMap::new(),
            sends: JoinSet::new(),
            settles: JoinSet::new(),
        }
    }

    /// Sends until nothing is due and nothing is in flight; how many attempts were made.
    pub async fn drain(&mut self) -> Result<usize, Fault> {
        let mut made = 0;
        loop {
            self.fill().await?;
            made += self.launch();
            if !self.sends.is_empty() {
                self.land().await?;
            } else if !self.settled().await? {
                return Ok(made);
            }
        }
    }

    /// Sends for as long as the process lives: at once when told, and by looking every `pause` otherwise.
    pub async fn serve(mut self, pause: Duration) {
        loop {
            let hub = Arc::clone(&self.hub);
            let woken = hub.pulse.deliveries.notified();
            if let Err(fault) = self.drain().await {
                tracing::error!(error = %Chain(&fault), "deliveries stopped for a moment");
            }
            let _ = tokio::time::timeout(pause, woken).await;
        }
    }

    /// Claims what is due, when little is left of what was claimed before.
    async fn fill(&mut self) -> Result<(), Fault> {
        let waiting: usize = self.waiting.values().map(VecDeque::len).sum();
        if waiting + self.sends.len() >= LOW_WATER {
            return Ok(());
        }
        let now = self.hub.clock.now();
        let mut link = self.hub.store.read().await?;
        let due = delivery::due(&mut link, &self.due(now)).await?;
        drop(link);
        if due.is_empty() {
            return Ok(());
        }
        let mut tx = self.hub.store.begin().await?;
        let until = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        let claimed = delivery::claim_many(&mut tx, due, &self.hub.settings.worker, until).await?;
        let endpoints = self.endpoints(&mut tx, &claimed).await?;
        tx.commit().await?;
        for one in claimed {
            let endpoint = endpoints.get(&one.endpoint).cloned();
            self.waiting.entry(one.endpoint).or_default().push_back((one, endpoint));
        }
        Ok(())
    }

    /// Starts sends, one to each endpoint in turn, while there is room in all and to each; how many.
    fn launch(&mut self) -> usize {
        let at = self.hub.clock.now();
        let mut started = 0;
        loop {
            let before = started;
            let queues: Vec<Uuid> = self.waiting.keys().copied().collect();
            started += queues.into_iter().filter(|endpoint| self.launch_one(*endpoint, at)).count();
            self.waiting.retain(|_, queue| !queue.is_empty());
            if started == before {
                return started;
            }
        }
    }

    /// Starts the endpoint's next send, if there is room for it.
    fn launch_one(&mut self, endpoint: Uuid, at: Timestamp) -> bool {
        let busy = self.flying.entry(endpoint).or_default();
        if self.sends.len() >= self.hub.settings.deliveries || *busy >= self.hub.settings.per_endpoint {
            return false;
        }
        let Some((delivery, known)) = self.waiting.get_mut(&endpoint).and_then(VecDeque::pop_front) else {
            return false;
        };
        *busy += 1;
        self.start(delivery, known, at);
        true
    }

    fn due(&self, now: Timestamp) -> Due {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        Due { now, per_endpoint: count(self.hub.settings.per_endpoint * ROUNDS), limit: count(CLAIM) }
    }

    async fn endpoints(
        &self,
        link: &mut hub_store::Link,
        claimed: &[Delivery],
    ) -> Result<HashMap<Uuid, Endpoint>, Fault> {
        let mut found = HashMap::new();
        let mut hosts: Vec<_> = claimed.iter().map(|delivery| delivery.authority).collect();
        hosts.sort_unstable();
        hosts.dedup();
        for host in hosts {
            found.extend(endpoint::list(link, host).await?.into_iter().map(|endpoint| (endpoint.id, endpoint)));
        }
        Ok(found)
    }

    fn start(&mut self, delivery: Delivery, endpoint: Option<Endpoint>, at: Timestamp) {
        let signers = endpoint.as_ref().map(|endpoint| self.signers_for(endpoint)).unwrap_or_default();
        let sender = self.sender.clone();
        self.sends.spawn(async move {
            let outcome = match endpoint {
                Some(endpoint) => attempt(&sender, &delivery, &endpoint, &signers, at).await,
                None => Err("endpoint-unknown"),
            };
            Sent { delivery, outcome }
        });
    }

    fn signers_for(&self, endpoint: &Endpoint) -> Vec<Signer> {
        match endpoint.scheme {
            Scheme::V1a => self.signers.ed25519(),
            Scheme::V1 => {
                let kept = endpoint.secret.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok());
                let secret = kept.and_then(|text| SharedSecret::parse(text).ok());
                secret.map(Signer::Hmac).into_iter().collect()
            }
        }
    }

    /// Waits until one batch has been recorded; `false` when none is being.
    async fn settled(&mut self) -> Result<bool, Fault> {
        match self.settles.join_next().await {
            Some(done) => done.map_err(|_| Fault::Stopped)?.map(|()| true),
            None => Ok(false),
        }
    }

    /// Waits for one send, takes every other that has finished, and has them recorded together.
    async fn land(&mut self) -> Result<(), Fault> {
        let mut landed = Vec::new();
        let Some(first) = self.sends.join_next().await else { return Ok(()) };
        landed.extend(first.ok());
        while landed.len() < BATCH {
            let Some(next) = self.sends.try_join_next() else { break };
            landed.extend(next.ok());
        }
        for sent in &landed {
            if let Some(busy) = self.flying.get_mut(&sent.delivery.endpoint) {
                *busy = busy.saturating_sub(1);
            }
        }
        if self.settles.len() >= SETTLING {
            self.settled().await?;
        }
        let hub = Arc::clone(&self.hub);
        self.settles.spawn(async move { settle::settle(&hub, landed).await });
        Ok(())
    }
}

/// One attempt; not made when the endpoint's address is no longer one that may be called, or nothing signs it.
async fn attempt(
    sender: &Sender,
    delivery: &Delivery,
    endpoint: &Endpoint,
    signers: &[Signer],
    now: Timestamp,
) -> Result<Outcome, &'static str> {
    let admitted = sender.guard().admit(endpoint.authority, &endpoint.url).map_err(Refusal::code)?;
    let message = Message { id: delivery.event_id, body: delivery.body.as_bytes() };
    let prepared = prepare(&admitted, message, signers, now).map_err(|_| "no-signing-key")?;
    Ok(sender.send(&prepared).await)
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

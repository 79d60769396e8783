//! What runs beside each other in one process, from start to stop.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hub_jobs::{Runner, Sweeper, heartbeat};
use hub_pipeline::deliver::{Deliverer, Signers};
use hub_pipeline::identity::Issuer;
use hub_pipeline::{Hub, holidays, publish};
use hub_web::Web;
use hub_webhook::{Guard, Sender, Signer};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{StartError, StopError, meters};

/// How often deliveries are looked for when nobody rings: a retry's time may have come, or another replica queued one.
const LOOK: Duration = Duration::from_secs(1);
/// How often another replica's release is looked for.
const REFRESH: Duration = Duration::from_secs(1);
/// How many of those looks for each at all the work there is.
const SURVEY: u64 = 15;

type Ending = (&'static str, Result<(), StopError>);

/// The parts of a running hub, each in a task of its own.
#[derive(Debug)]
pub(super) struct Tasks {
    stop: CancellationToken,
    set: JoinSet<Ending>,
}

/// The hub's own webhook keys, as they stand at each attempt.
#[derive(Debug)]
struct HubSigners(Arc<Issuer>);

impl Signers for HubSigners {
    fn ed25519(&self) -> Vec<Signer> {
        match self.0.webhook_keys() {
            Ok(keys) => keys.into_iter().map(Signer::Ed25519).collect(),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "there is no key to sign webhooks with");
                Vec::new()
            }
        }
    }
}

/// What sends webhooks, kept to the addresses that `guard` lets through.
pub(super) fn deliverer(hub: &Arc<Hub>, issuer: &Arc<Issuer>, guard: Guard) -> Result<Deliverer, StartError> {
    let sender =
        Sender::new(guard, hub_webhook::Limits::default()).map_err(|error| StartError::Sender(error.into()))?;
    Ok(Deliverer::new(Arc::clone(hub), sender, Arc::new(HubSigners(Arc::clone(issuer)))))
}

/// Takes up a release that another replica has published, and a bank holiday that somebody has proclaimed.
async fn take_up(hub: &Hub) {
    if let Err(fault) = holidays::refresh(hub).await {
        tracing::warn!(error = &fault as &dyn std::error::Error, "the bank holidays could not be read");
    }
    if let Err(fault) = publish::refresh(hub).await {
        tracing::warn!(error = &fault as &dyn std::error::Error, "the last release could not be read");
    }
}

/// One look at what others did, and, now and then, at all the work there is.
async fn look_again(hub: &Hub, nth: u64) {
    take_up(hub).await;
    meters::observe(hub).await;
    if nth.is_multiple_of(SURVEY) {
        meters::survey(hub).await;
    }
}

impl Tasks {
    pub(super) fn new() -> Self {
        Self { stop: CancellationToken::new(), set: JoinSet::new() }
    }

    pub(super) fn stopper(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Answers requests: of programs, of people, and whatever else stands beside them.
    pub(super) fn serve(&mut self, listener: TcpListener, api: hub_api::Api, (pages, beside): (Web, Router)) {
        let stop = self.stop.clone();
        self.set.spawn(async move {
            let router = hub_web::join(hub_api::router(api.clone()), &pages).merge(beside);
            let served = hub_api::serve(listener, router, &api, stop.cancelled_owned()).await;
            ("the HTTP server", served.map_err(StopError::Serve))
        });
    }

    /// Runs queued jobs.
    pub(super) fn run(&mut self, runner: Runner) {
        let stop = self.stop.clone();
        self.set.spawn(async move {
            let stopped = runner.run(stop).await;
            if stopped.unfinished > 0 {
                tracing::warn!(unfinished = stopped.unfinished, "jobs were left to be taken up again");
            }
            ("the job runner", Ok(()))
        });
    }

    /// Queues what the schedules say is due.
    pub(super) fn beat(&mut self, sweeper: Sweeper) {
        let stop = self.stop.clone();
        self.set.spawn(async move { ("the heartbeat", heartbeat(sweeper, stop).await.map_err(StopError::from)) });
    }

    /// Sends webhooks. Told to stop, it finishes what is in flight and gives back the rest.
    pub(super) fn deliver(&mut self, deliverer: Deliverer) {
        let stop = self.stop.clone();
        self.set.spawn(async move {
            deliverer.serve(LOOK, stop).await;
            ("the deliverer", Ok(()))
        });
    }

    /// Takes up what other replicas publish, and keeps the measures tidy.
    pub(super) fn refresh(&mut self, hub: Arc<Hub>) {
        let stop = self.stop.clone();
        self.set.spawn(async move {
            meters::survey(&hub).await;
            let mut looks = 0_u64;
            while stop.run_until_cancelled(tokio::time::sleep(REFRESH)).await.is_some() {
                looks += 1;
                look_again(&hub, looks).await;
            }
            ("the refresher", Ok(()))
        });
    }

    /// Waits for every part. One that ends before it is told to stops the others.
    pub(super) async fn join(mut self) -> Result<(), StopError> {
        let mut ended = Ok(());
        while let Some(next) = self.set.join_next().await {
            let early = !self.stop.is_cancelled();
            let (name, result) = next.unwrap_or(("a part of the hub", Err(StopError::Ended("a part of the hub"))));
            let result = if early && result.is_ok() { Err(StopError::Ended(name)) } else { result };
            if let Err(error) = &result {
                tracing::error!(error = error as &dyn std::error::Error, part = name, "a part of the hub failed");
            }
            ended = ended.and(result);
            self.stop.cancel();
        }
        ended
    }
}

//! A running hub, made of the other crates: [`start`] wires them, [`Running`] holds them until they stop.

mod config;
mod meters;
mod people;
mod place;
mod tasks;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hub_jobs::{HeartbeatError, Runner, Sweeper};
use hub_pipeline::identity::{IdentityFault, Issuer};
use hub_pipeline::{Fault, Hub, endpoints, holidays, publish, sources};
use hub_store::{Store, StoreError};
use hub_webhook::Fetcher;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use config::Config;
pub use people::People;
use tasks::Tasks;

/// Time that the store has to close in.
const CLOSING: Duration = Duration::from_secs(2);

/// The hub could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The folder of the database could not be made.
    #[error("the folder of the database cannot be made")]
    Folder(#[source] std::io::Error),
    /// The database could not be opened or brought up to date.
    #[error("the database cannot be used")]
    Store(#[from] StoreError),
    /// The address could not be listened on.
    #[error("{address} cannot be listened on")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// The signing keys could not be read or made.
    #[error("the signing keys cannot be used")]
    Keys(#[from] IdentityFault),
    /// The secrets of endpoints could not be sealed.
    #[error("the secrets of endpoints cannot be sealed")]
    Secrets(#[source] Fault),
    /// A schedule of the settings is no cron pattern.
    #[error("a schedule cannot be used")]
    Schedule(#[from] hub_jobs::schedule::NotAPattern),
    /// The webhook client could not be made.
    #[error("the webhook client cannot be made")]
    Sender(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The last release could not be read.
    #[error("the last release cannot be read")]
    Release(#[from] Fault),
    /// The bank holidays could not be read.
    #[error("the bank holidays cannot be read")]
    Holidays(#[source] Fault),
    /// What dead processes had leased could not be handed back.
    #[error("the leases cannot be read")]
    Leases(#[source] Fault),
    /// What signs people in could not be made.
    #[error("people cannot sign in")]
    Provider(#[source] hub_web::ProviderError),
    /// The measures could not be begun.
    #[error("the measures cannot be begun")]
    Meters(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A running hub stopped by itself, or did not stop in time.
#[derive(Debug, thiserror::Error)]
pub enum StopError {
    /// Requests were still under way when the grace period ended.
    #[error("the HTTP server ended badly")]
    Serve(#[source] std::io::Error),
    /// The metronome of the schedules failed.
    #[error("the schedules' heartbeat failed")]
    Heartbeat(#[from] HeartbeatError),
    /// A part of the hub came to an end though nobody asked: a bug.
    #[error("{0} came to an end")]
    Ended(&'static str),
}

/// A hub that serves, runs its jobs and sends its webhooks until it is stopped.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its own address as others reach it.
    pub base_url: String,
    /// The use cases' view of it.
    pub hub: Arc<Hub>,
    /// Who issues and verifies its tokens.
    pub issuer: Arc<Issuer>,
    tasks: Tasks,
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("address", &self.address)
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

/// Opens the store, brings it up to date unless told not to, and starts every part of a hub.
pub async fn start(config: Config) -> Result<Running, StartError> {
    let render = meters::begin()?;
    let store = open(&config).await?;
    let listening = |source| StartError::Listen { address: config.listen, source };
    let listener = TcpListener::bind(config.listen).await.map_err(listening)?;
    let address = listener.local_addr().map_err(listening)?;
    let base_url = config.base_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let base_url = base_url.trim_end_matches('/').to_owned();
    let settings = hub_pipeline::Settings { base_url: base_url.clone(), ..config.settings.clone() };
    let plans = hub_pipeline::jobs::plans(&settings)?;
    let hub =
        Hub::new(store.clone(), config.clock.clone(), config.ids.clone(), settings).sealed_by(config.seal.clone());
    let hub = Arc::new(hub);
    let issuer = Issuer::open(store.clone(), config.clock.clone(), config.ids.clone(), &base_url, config.seal.clone());
    let issuer = Arc::new(issuer.await?);
    endpoints::seal_again(&hub).await.map_err(StartError::Secrets)?;
    sources::seal_again(&hub).await.map_err(StartError::Secrets)?;
    publish::refresh(&hub).await?;
    holidays::refresh(&hub).await.map_err(StartError::Holidays)?;
    let own = hub.settings.worker.clone();
    hub_pipeline::jobs::hand_back(&hub, |worker| place::is_gone(worker, &own)).await.map_err(StartError::Leases)?;
    let runner = Runner::new(store.clone(), config.clock.clone(), hub.pulse.jobs.clone(), config.runner(&hub));
    let runner = hub_pipeline::jobs::handle(&hub, runner);
    let fetcher = Fetcher::new(config.guard.clone()).map_err(|error| StartError::Sender(error.into()))?;
    let runner = sources::handle(&hub, runner, Arc::new(fetcher));
    let sweeper = Sweeper::new(store, config.clock.clone(), config.ids.clone(), hub.pulse.jobs.clone(), plans);
    sweeper.register().await?;
    let api = hub_api::Api::new(hub.clone(), issuer.clone(), config.guard.clone(), render);
    let (provider, beside) = people::open(&config.people, &hub, address)?;
    let pages = hub_web::Web::new(hub.clone(), provider, api.writes().clone());
    let deliverer = tasks::deliverer(&hub, &issuer, config.guard)?;
    let mut tasks = Tasks::new();
    tasks.serve(listener, api, (pages, beside));
    if config.works {
        tasks.run(runner);
        tasks.beat(sweeper);
        tasks.deliver(deliverer);
    }
    tasks.refresh(hub.clone());
    tracing::info!(%address, base_url, store = hub.store.kind(), "the hub is up");
    Ok(Running { address, base_url, hub, issuer, tasks })
}

async fn open(config: &Config) -> Result<Store, StartError> {
    crate::settings::make_folder(&config.database.url).map_err(StartError::Folder)?;
    let store = Store::open(&config.database).await?;
    if config.migrate {
        let level = store.migrate().await?;
        tracing::info!(level, "the schema is up to date");
    }
    Ok(store)
}

impl Running {
    /// What ends the hub when cancelled; [`Running::join`] then comes back.
    pub fn stopper(&self) -> CancellationToken {
        self.tasks.stopper()
    }

    /// Waits until the hub has come to its end: because it was stopped, or because a part of it failed.
    pub async fn join(self) -> Result<(), StopError> {
        let ended = self.tasks.join().await;
        // A peer that was cut off may hold a connection still; what was committed is safe without this.
        if tokio::time::timeout(CLOSING, self.hub.store.close()).await.is_err() {
            tracing::warn!("the store was left with connections in use");
        }
        ended
    }

    /// Stops: readiness says no, requests and jobs under way are finished (within 30 seconds), the store is closed.
    pub async fn stop(self) -> Result<(), StopError> {
        self.stopper().cancel();
        self.join().await
    }
}

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use hub_domain::{Clock, IdSource, RandomIds, SystemClock};
use hub_pipeline::Hub;
use hub_pipeline::identity::Seal;
use hub_webhook::Guard;

use super::People;
use super::place;

/// How to start a hub.
#[derive(Debug, Clone)]
pub struct Config {
    /// The database.
    pub database: hub_store::Settings,
    /// Bring the schema up to date first.
    pub migrate: bool,
    /// Where to listen; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// The hub's own address as others reach it; where it listens, when not given.
    pub base_url: Option<String>,
    /// Which addresses webhooks may be sent to.
    pub guard: Guard,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Fresh ids.
    pub ids: Arc<dyn IdSource>,
    /// Limits and thresholds; its `base_url` is not looked at.
    pub settings: hub_pipeline::Settings,
    /// What seals the hub's private keys and the secrets of endpoints in the database.
    pub seal: Seal,
    /// Where people sign in.
    pub people: People,
    /// Jobs run at once.
    pub jobs: usize,
    /// Run jobs, keep the schedules and send webhooks, rather than answer requests alone.
    pub works: bool,
}

impl Config {
    /// A hub on this machine with the machine's clock and the ordinary limits.
    pub fn new(database: hub_store::Settings) -> Self {
        let worker = place::name(&RandomIds.next().simple().to_string());
        Self {
            database,
            migrate: true,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            base_url: None,
            guard: Guard::public(),
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            settings: hub_pipeline::Settings { worker, ..hub_pipeline::Settings::default() },
            seal: Seal::none(),
            people: People::Nowhere,
            jobs: 4,
            works: true,
        }
    }

    pub(super) fn runner(&self, hub: &Hub) -> hub_jobs::runner::Settings {
        hub_jobs::runner::Settings {
            worker: hub.settings.worker.clone(),
            concurrency: self.jobs,
            ..hub_jobs::runner::Settings::default()
        }
    }
}

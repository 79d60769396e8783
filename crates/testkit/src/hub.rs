//! A whole hub in this process.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hub_domain::{AuthorityCode, Clock as _, Date, ManualClock, RandomIds, Timestamp};
use hub_pipeline::Hub;
use hub_pipeline::identity::{Guard, Issuer};
use hub_server::wire::{Config, People, Running, start};
use hub_store::member::{self, Member};
use hub_testdb::{Backend, TestDb, fresh};

use crate::behind::{count, rows};
use crate::wait::until;

/// The name of every test hub in its tokens: replicas must agree on it, and each listens on a port of its own.
pub const ISSUER: &str = "https://hub.example";
/// When a test hub's clock begins: two in the morning of the night after 31 March 2026.
pub const NIGHT: &str = "2026-04-01T01:00:00Z";

/// How long jobs may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a test hub differs from the usual.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Where webhooks may go; loopback alone unless said.
    pub guard: Guard,
    /// Connections to the database.
    pub connections: u32,
    /// Limits and thresholds.
    pub settings: hub_pipeline::Settings,
    /// Where people sign in; at the demonstration's issuer unless said.
    pub people: People,
}

/// A hub that serves, runs jobs and sends webhooks, on a database of its own, by a clock that moves when told.
pub struct TestHub {
    // Stopped before the database goes away.
    running: Option<Running>,
    db: Arc<TestDb>,
    clock: Arc<ManualClock>,
    setup: Setup,
    http: reqwest::Client,
}

impl std::fmt::Debug for TestHub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestHub").field("db", &self.db).field("base", &self.base()).finish_non_exhaustive()
    }
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            guard: Guard::for_demonstration(),
            connections: 4,
            settings: hub_pipeline::Settings::default(),
            people: People::Demonstration,
        }
    }
}

/// The code of an authority by its slug, such as `lewisham`.
///
/// # Panics
/// When there is none.
pub fn authority(slug: &str) -> AuthorityCode {
    hub_domain::authority::by_slug(slug).unwrap_or_else(|| panic!("no authority is called {slug}")).code
}

/// Runs `body` with a hub on a fresh database; see [`hub_testdb::run`].
pub fn run<F: Future<Output = ()>>(backend: Backend, body: impl FnOnce(TestHub) -> F) {
    hub_testdb::run(backend, async |db| {
        let hub = TestHub::over(db, Setup::default()).await;
        body(hub).await;
    });
}

impl TestHub {
    /// A hub on a fresh database; `None` when it would be PostgreSQL's and there is no server.
    pub async fn start(backend: Backend) -> Option<Self> {
        Some(Self::over(fresh(backend).await?, Setup::default()).await)
    }

    /// A hub over that database.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn over(db: TestDb, setup: Setup) -> Self {
        let clock = Arc::new(ManualClock::at(NIGHT.parse().expect("an instant")));
        let mut hub = Self { running: None, db: Arc::new(db), clock, setup, http: plain_client() };
        hub.run().await;
        hub
    }

    /// Another replica on the same database and clock.
    pub async fn replica(&self) -> Self {
        let (db, clock, setup, http) = (self.db.clone(), self.clock.clone(), self.setup.clone(), self.http.clone());
        let mut hub = Self { running: None, db, clock, setup, http };
        hub.run().await;
        hub
    }

    /// A replica that differs in its settings.
    pub async fn replica_with(&self, settings: hub_pipeline::Settings) -> Self {
        let (db, clock, http) = (self.db.clone(), self.clock.clone(), self.http.clone());
        let mut hub = Self { running: None, db, clock, setup: Setup { settings, ..self.setup.clone() }, http };
        hub.run().await;
        hub
    }

    async fn run(&mut self) {
        let database = hub_store::Settings { url: self.db.url().to_owned(), connections: self.setup.connections };
        let mut config = Config::new(database);
        config.migrate = false;
        config.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        config.base_url = Some(ISSUER.to_owned());
        config.guard = self.setup.guard.clone();
        config.people = self.setup.people.clone();
        config.clock = self.clock.clone();
        config.ids = Arc::new(RandomIds);
        config.settings =
            hub_pipeline::Settings { worker: config.settings.worker.clone(), ..self.setup.settings.clone() };
        self.running = Some(start(config).await.expect("the hub starts"));
    }

    /// Stops the hub as SIGTERM would, and starts it again on the same database.
    ///
    /// # Panics
    /// When it does not stop or start as it should.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.run().await;
    }

    /// Stops the hub as SIGTERM would.
    ///
    /// # Panics
    /// When it ends badly.
    pub async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await.expect("the hub stops");
        }
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("the hub runs")
    }

    /// Where it listens, as `http://…` without a slash at its end.
    pub fn base(&self) -> String {
        self.running.as_ref().map(|running| format!("http://{}", running.address)).unwrap_or_default()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.running().address
    }

    /// The use cases' view of it.
    pub fn hub(&self) -> &Arc<Hub> {
        &self.running().hub
    }

    /// Who issues and verifies its tokens.
    pub fn issuer(&self) -> &Arc<Issuer> {
        &self.running().issuer
    }

    /// Its clock.
    pub fn clock(&self) -> &Arc<ManualClock> {
        &self.clock
    }

    /// The time by its clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Its database.
    pub fn db(&self) -> &TestDb {
        &self.db
    }

    /// The HTTP client that its callers share.
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Registers an authority as taking part from `joined_on`, with the usual four feeds agreed.
    ///
    /// # Panics
    /// When the store fails.
    pub async fn join(&self, code: AuthorityCode, joined_on: Date) {
        let settings =
            serde_json::json!({ "feeds": hub_domain::Dataset::USUAL.map(|dataset| dataset.as_str()) }).to_string();
        let member = Member { code, name: code.to_string(), joined_on, settings };
        let mut tx = self.db.store().begin().await.expect("a transaction");
        member::upsert(&mut tx, &member).await.expect("a member kept");
        tx.commit().await.expect("committed");
    }

    /// Waits until every job that is due has run and every delivery that is due has been tried: a minute at most.
    ///
    /// # Panics
    /// When that takes longer, or a job was given up.
    pub async fn run_jobs(&self) {
        self.run_jobs_within(PATIENCE).await;
    }

    /// The same with another bound, for very many.
    ///
    /// # Panics
    /// When that takes longer, or a job was given up.
    pub async fn run_jobs_within(&self, patience: Duration) {
        let now = self.now().as_microsecond();
        let url = self.db.url();
        let jobs = format!("FROM job WHERE state = 'running' OR (state = 'ready' AND run_at <= {now})");
        // What waits for an endpoint that is paused, unproved or left alone is not due, whatever its hour.
        let deliveries = format!(
            "FROM delivery d JOIN endpoint e ON e.authority = d.authority AND e.id = d.endpoint WHERE d.state = 'sending' \
             OR (d.state = 'ready' AND d.next_at <= {now} AND (e.open_until IS NULL OR e.open_until <= {now}) \
             AND (e.state = 'active' OR (e.state IN ('unverified', 'paused') AND d.notice = d.endpoint)))"
        );
        until("jobs and deliveries that are due", patience, async || {
            let busy = count(url, &jobs).await + count(url, &deliveries).await;
            (busy == 0).then_some(())
        })
        .await;
        let failed = rows(url, "SELECT kind, error FROM job WHERE state = 'failed'").await;
        assert!(failed.is_empty(), "jobs were given up: {failed:?}");
    }
}

/// A client that goes straight to this machine, whatever proxy the environment names, and follows nobody elsewhere.
///
/// # Panics
/// When there can be none.
pub fn plain_client() -> reqwest::Client {
    let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    builder.timeout(Duration::from_secs(60)).build().expect("an HTTP client")
}

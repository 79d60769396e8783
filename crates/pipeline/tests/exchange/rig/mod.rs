//! A hub without HTTP: a database, a clock that stands still, and the jobs run when told.

mod carrier;
mod outbox;
mod parcel;
mod receiver;
mod rows;

use std::collections::BTreeMap;
use std::sync::Arc;

use hub_domain::{AuthorityCode, Clock as _, Dataset, IdSource, ManualClock, SequentialIds, Timestamp};
use hub_jobs::Runner;
use hub_pipeline::identity::Seal;
use hub_pipeline::receive::{ReceiveRefusal, Received, receive};
use hub_pipeline::{Hub, Settings, jobs, sources};
use hub_store::member::Member;
use hub_store::submission::{self, Counts, Submission, Verdict};
use hub_store::{Store, member, record};
use hub_testdb::TestDb;
use uuid::Uuid;

pub(crate) use carrier::{Carrier, Death, World};
pub(crate) use outbox::{carried, verifier};
pub(crate) use parcel::{Parcel, day, on};
pub(crate) use receiver::{Answer, Post, Receiver};
pub(crate) use rows::{Row, admission, away, csv, episode, home, ndjson, search, visit};

/// Lewisham places; Kent hosts at a distance, Bromley next door.
pub(crate) const LEWISHAM: &str = "E09000023";
pub(crate) const BROMLEY: &str = "E09000006";
pub(crate) const CROYDON: &str = "E09000008";
pub(crate) const KENT: &str = "E10000016";

/// Three in the morning in London, in summer.
const NIGHT: &str = "2026-07-21T02:00:00Z";

pub(crate) fn code(text: &str) -> AuthorityCode {
    text.parse().unwrap()
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A hub, its clock, and its jobs.
pub(crate) struct Rig {
    pub(crate) hub: Arc<Hub>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) runner: Runner,
    ids: Arc<SequentialIds>,
    db: TestDb,
}

impl Rig {
    /// Lewisham, Bromley and Croydon joined in the spring and send every feed; Kent only hosts.
    pub(crate) async fn over(db: TestDb) -> Self {
        let clock = Arc::new(ManualClock::at(at(NIGHT)));
        let ids = Arc::new(SequentialIds::default());
        let (hub, runner) = replica(db.store().clone(), &clock, ids.clone(), "one");
        let rig = Self { hub, clock, runner, ids, db };
        let feeds = r#"{"feeds":["placements","vacancies"]}"#;
        for (name, authority, settings) in [
            ("Lewisham", LEWISHAM, feeds),
            ("Bromley", BROMLEY, "{}"),
            ("Croydon", CROYDON, "{}"),
            ("Kent", KENT, "{}"),
        ] {
            rig.join(authority, name, settings).await;
        }
        rig
    }

    pub(crate) async fn join(&self, authority: &str, name: &str, settings: &str) {
        let (code, name, settings) = (code(authority), name.to_owned(), settings.to_owned());
        let mut tx = self.hub.store.begin().await.unwrap();
        member::upsert(&mut tx, &Member { code, name, joined_on: day("2026-04-01"), settings }).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A second replica on the same database, with its own connections.
    pub(crate) async fn replica(&self) -> (Arc<Hub>, Runner) {
        replica(self.db.reopen(4).await, &self.clock, self.ids.clone(), "two")
    }

    /// The same hub, as though it had been started with a key file.
    pub(crate) fn sealed_by(&self, seal: Seal) -> Arc<Hub> {
        let settings = Settings { worker: "sealed".to_owned(), ..Settings::default() };
        let hub = Hub::new(self.hub.store.clone(), self.clock.clone(), self.ids.clone(), settings);
        Arc::new(hub.sealed_by(seal))
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) async fn receive(&self, parcel: &Parcel) -> Result<Received, ReceiveRefusal> {
        receive(&self.hub, parcel.request(), parcel.upload()).await
    }

    /// Sends a parcel, runs what is due, and answers the submission as it then stands.
    pub(crate) async fn send(&self, parcel: &Parcel) -> Submission {
        let kept = self.receive(parcel).await.unwrap().submission;
        self.run().await;
        self.submission(kept.authority, kept.id).await
    }

    /// As [`Rig::send`], and it must be applied; what it came to.
    pub(crate) async fn apply(&self, parcel: &Parcel) -> Counts {
        let sent = self.send(parcel).await;
        assert!(sent.verdict.is_some_and(Verdict::is_applied), "{:?} {:?}", sent.verdict, sent.held_reason);
        sent.counts.unwrap()
    }

    /// Runs every job that is due; none may fail.
    pub(crate) async fn run(&self) -> usize {
        let tally = self.runner.run_until_idle(self.now()).await.unwrap();
        let jobs = hub_store::job::list(&mut *self.link().await, None, 100).await;
        assert_eq!(tally.failed, 0, "{jobs:?}");
        tally.finished
    }

    pub(crate) async fn submission(&self, authority: AuthorityCode, id: Uuid) -> Submission {
        submission::find(&mut *self.link().await, authority, id).await.unwrap().unwrap()
    }

    pub(crate) async fn link(&self) -> hub_store::Read {
        self.hub.store.read().await.unwrap()
    }

    /// What is believed of Lewisham's placements: body by key.
    pub(crate) async fn believed(&self) -> BTreeMap<String, String> {
        self.believed_of(LEWISHAM, Dataset::Placements).await
    }

    pub(crate) async fn believed_of(&self, authority: &str, dataset: Dataset) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        let take = |key: &str, body: &str| {
            assert!(all.insert(key.to_owned(), body.to_owned()).is_none(), "a key is believed once");
            Ok(())
        };
        record::believed(&mut *self.link().await, code(authority), dataset, take).await.unwrap();
        all
    }

    /// What was believed of an authority's placements after change number `seq`.
    pub(crate) async fn as_known(&self, authority: &str, seq: i64) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        let take = |key: &str, body: &str| {
            assert!(all.insert(key.to_owned(), body.to_owned()).is_none(), "a key is known once");
            Ok(())
        };
        let mut link = self.link().await;
        record::as_known(&mut link, code(authority), Dataset::Placements, seq, take).await.unwrap();
        all
    }

    /// The last number that was given out in an authority.
    pub(crate) async fn last_number(&self, authority: &str) -> i64 {
        let sql = format!("SELECT CAST(last AS TEXT) FROM sequence WHERE authority = '{authority}'");
        i64::try_from(self.number(&sql).await).unwrap()
    }

    /// Rows of a table.
    pub(crate) async fn count(&self, table: &str) -> u64 {
        self.number(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).await
    }

    /// The one number, as text, that a query answers with.
    pub(crate) async fn number(&self, sql: &str) -> u64 {
        let rows = hub_store::testing::query(self.db.url(), sql).await.unwrap();
        rows[0][0].as_deref().unwrap().parse().unwrap()
    }
}

fn replica(store: Store, clock: &Arc<ManualClock>, ids: Arc<dyn IdSource>, worker: &str) -> (Arc<Hub>, Runner) {
    let settings = Settings { worker: worker.to_owned(), ..Settings::default() };
    let hub = Arc::new(Hub::new(store, clock.clone(), ids, settings));
    let running = hub_jobs::runner::Settings { worker: worker.to_owned(), ..Default::default() };
    let runner = Runner::new(hub.store.clone(), clock.clone(), hub.pulse.jobs.clone(), running);
    let runner = sources::handle(&hub, jobs::handle(&hub, runner), Arc::new(crate::sources::fetcher()));
    (hub, runner)
}

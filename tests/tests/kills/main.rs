//! The real binary, killed at any moment (SIGKILL), on both databases: what it acknowledged is kept, nothing is kept by
//! halves, nothing twice (promise D1); no reader ever sees a release by halves (promise D2); and what it sends arrives, with
//! one body (promise D5). Told to stop, it finishes or refuses what is under way (promise D11).
//!
//! Sixty kills of each database on every change. By hand: `HUB_TRIALS=1000 cargo test --release -p hub-tests --test kills`. Webhooks to this
//! machine need a build with debug assertions, so `deliveries` is not in a release build:
//! `HUB_SENDER_DEATHS=1000 cargo test -p hub-tests --test kills deliveries`.

#[cfg(debug_assertions)]
mod deliveries;
mod ledger;
mod published;
mod senders;
mod stopped;

use std::time::Duration;

use hub_testkit::{Chance, Launch, Process, TestDb, trials, until};

use ledger::Ledger;
use senders::Senders;

/// Longest time from start to readiness that the promise allows.
const RISE: Duration = Duration::from_secs(2);

/// Kills of one database before a fresh one is taken: a feed grown long would only make each trial slow.
const ROUND: usize = 30;

/// What one database, or several, went through.
#[derive(Debug, Default)]
struct Tally {
    kills: usize,
    requests: usize,
    acknowledged: usize,
    slowest: Duration,
}

/// Starts the hub, sends until it is killed, and so on; what was sent.
async fn kill_often(db: &TestDb, kills: usize, chance: &mut Chance, tally: &mut Tally) -> Ledger {
    let (launch, mut ledger) = (Launch::on(db.url()), Ledger::default());
    let mut senders = Senders::enrol(db).await;
    for kill in 0..kills {
        let mut process = Process::begin(&launch).await;
        tally.slowest = tally.slowest.max(process.rose_in);
        let faults = ledger.faults(db.url()).await;
        assert!(faults.is_empty(), "after {kill} kills: {faults:?}");
        senders.begin(&process.base()).await;
        // Not a wait for anything: the moment of death is drawn by lot, from before the first commit to many later.
        tokio::time::sleep(Duration::from_micros(chance.between(0, 250_000))).await;
        process.kill();
        senders.end(&mut ledger).await;
    }
    ledger
}

/// One database: killed often, and then held against what was sent.
async fn one_round(db: &TestDb, kills: usize, chance: &mut Chance, tally: &mut Tally) {
    let mut ledger = kill_often(db, kills, chance, tally).await;
    tally.kills += kills;
    tally.requests += ledger.len();
    tally.acknowledged += ledger.acknowledged();
    let process = Process::begin(&Launch::on(db.url())).await;
    ledger.send_unanswered_again(&process.base()).await;
    until("every submission decided", Duration::from_secs(60), async || {
        (hub_testkit::count(db.url(), "FROM submission WHERE verdict IS NULL").await == 0).then_some(())
    })
    .await;
    assert_eq!(ledger.faults(db.url()).await, Vec::<String>::new());
    assert_eq!(ledger.wrong_in_the_end(db.url()).await, Vec::<String>::new());
    drop(process);
    ledger.notices_planted_faults(db.url()).await;
}

async fn nothing_is_lost_halved_or_doubled(db: TestDb) {
    let (mut chance, mut tally) = (Chance::of("kills"), Tally::default());
    let mut left = trials("HUB_TRIALS", 60);
    let mut next = Some(db);
    while let Some(db) = next.take() {
        let kills = left.min(ROUND);
        one_round(&db, kills, &mut chance, &mut tally).await;
        left -= kills;
        if left > 0 {
            next = hub_testdb::fresh(db.backend()).await;
        } else {
            eprintln!("{}: {tally:?}", db.backend().name());
        }
    }
    assert!(tally.acknowledged > tally.kills / 2, "the kills came too early to prove anything: {tally:?}");
    assert!(tally.slowest <= RISE, "the slowest start took {:?}", tally.slowest);
}

/// An empty database, and a hub that is killed again and again while it makes its schema and its keys.
async fn the_first_start_may_be_cut_short(db: TestDb) {
    let url = emptied(&db).await;
    let (launch, mut chance) = (Launch::on(&url), Chance::of("first start"));
    for _ in 0..trials("HUB_FIRST_STARTS", 12) {
        let (launch, after) = (launch.clone(), Duration::from_micros(chance.between(0, 150_000)));
        tokio::task::spawn_blocking(move || launch.start_and_kill(after)).await.expect("killed");
    }
    let process = Process::begin(&launch).await;
    let secret = senders::enrol_one(&url).await;
    let caller = hub_testkit::Persona::enter(&process.base(), &hub_testkit::plain_client(), "late", &secret).await;
    let feed = hub_testkit::Feed::empty(hub_testkit::authority("lewisham"), hub_domain::Dataset::Quality, "late");
    assert_eq!(caller.deliver(&feed).await["verdict"], "accepted");
}

/// The URL of a database with nothing in it.
async fn emptied(db: &TestDb) -> String {
    let Some(file) = db.url().strip_suffix("hub.db") else {
        hub_testkit::rows(db.url(), "DROP SCHEMA public CASCADE").await;
        hub_testkit::rows(db.url(), "CREATE SCHEMA public").await;
        hub_testkit::rows(db.url(), "GRANT USAGE ON SCHEMA public TO PUBLIC").await;
        return db.url().to_owned();
    };
    format!("{file}fresh.db")
}

hub_testdb::on_both! {
    async fn a_first_start_cut_short_is_made_good(db: TestDb) {
        the_first_start_may_be_cut_short(db).await;
    }

    async fn acknowledged_submissions_survive(db: TestDb) {
        nothing_is_lost_halved_or_doubled(db).await;
    }

    #[cfg(debug_assertions)]
    async fn deliveries_survive_with_one_body(db: TestDb) {
        deliveries::every_id_arrives_with_one_body(db).await;
    }

    async fn told_to_stop_it_finishes_or_refuses(db: TestDb) {
        stopped::told_to_stop_it_finishes_or_refuses(db).await;
    }

    async fn told_to_stop_it_waits_for_nobody_for_ever(db: TestDb) {
        stopped::told_to_stop_it_waits_for_nobody_for_ever(db).await;
    }

    async fn releases_survive_whole(db: TestDb) {
        published::no_release_is_seen_by_halves(db).await;
    }
}

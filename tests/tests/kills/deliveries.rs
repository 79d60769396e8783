//! Senders of webhooks, killed while they send (promise D5): each id arrives at least once, none with two bodies, and
//! each notice has one id and one effect.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use hub_domain::{Clock as _, SystemClock};
use hub_pipeline::identity::Role;
use hub_testkit::{
    Chance, Child, Feed, Launch, Persona, Process, Receiver, TestDb, authority, count, enrol, plain_client, rows,
    trials, until,
};
use serde_json::json;

/// Endpoints of the one host: each is sent every notice.
const ENDPOINTS: usize = 3;
/// Children placed with the host before each kill.
const CHILDREN: usize = 8;
/// Kills of one database before a fresh one is taken.
const ROUND: usize = 50;
/// Longer than a busy machine needs for anything here.
const PATIENCE: Duration = Duration::from_secs(120);

/// Every body that came, by path and `webhook-id`, and how often.
type Arrivals = BTreeMap<(String, String), BTreeMap<String, usize>>;

/// What all databases went through together.
#[derive(Debug, Default)]
struct Tally {
    kills: usize,
    /// Kills that came while something was being sent.
    sending: usize,
    ids: usize,
    /// Ids that came more than once: their sender died between sending and recording.
    twice: usize,
}

/// What of the database is held against what arrived: path, id, notice and body of everything queued.
async fn queued(url: &str) -> Vec<[String; 4]> {
    let sql = "SELECT e.url, d.event_id, d.notice, d.body FROM delivery d \
               JOIN endpoint e ON e.authority = d.authority AND e.id = d.endpoint WHERE d.notice <> d.endpoint";
    let path = |url: &str| reqwest::Url::parse(url).expect("an address").path().to_owned();
    let all = rows(url, sql).await.into_iter().map(|row| {
        let [url, id, notice, body] = <[String; 4]>::try_from(row).expect("four columns");
        [path(&url), id, notice, body]
    });
    all.collect()
}

/// What is lost, has two bodies, has two ids, or was sent before it was kept.
fn faults(queued: &[[String; 4]], arrived: &Arrivals) -> Vec<String> {
    let (mut found, mut told, mut known) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for [path, id, notice, body] in queued {
        let place = (path.clone(), id.clone());
        match arrived.get(&place) {
            None => found.push(format!("lost: {id} to {path}")),
            Some(bodies) if bodies.len() > 1 => found.push(format!("two bodies: {id} to {path}")),
            Some(bodies) if !bodies.contains_key(body) => found.push(format!("another body: {id} to {path}")),
            Some(_) => {}
        }
        if !told.insert((path, notice)) {
            found.push(format!("two ids: {notice} to {path}"));
        }
        known.insert(place);
    }
    let never_kept = arrived.keys().filter(|place| !known.contains(place));
    found.extend(never_kept.map(|(path, id)| format!("never kept: {id} to {path}")));
    found
}

fn arrivals(receiver: &Receiver) -> Arrivals {
    let mut all = Arrivals::new();
    for letter in receiver.letters() {
        let body = String::from_utf8(letter.body.clone()).expect("text");
        let bodies = all.entry((letter.path.clone(), letter.header("webhook-id").to_owned())).or_default();
        *bodies.entry(body).or_default() += 1;
    }
    all
}

/// The host registers its endpoints, and each proves itself.
async fn listen(db: &TestDb, receiver: &Receiver) {
    let secret = enrol(db.store(), SystemClock.now(), "kent", &[Role::Host], &[authority("kent")]).await;
    let process = Process::begin(&Launch::on(db.url()).to_loopback()).await;
    let desk = Persona::enter(&process.base(), &plain_client(), "kent", &secret).await;
    for n in 0..ENDPOINTS {
        desk.post("/v1/endpoints", &json!({ "url": format!("{}/{n}", receiver.url()) })).await.expect(201);
    }
    until("endpoints proved", PATIENCE, async || {
        (count(db.url(), "FROM endpoint WHERE state = 'active'").await == ENDPOINTS as u64).then_some(())
    })
    .await;
}

/// Waits for the moment of death: any moment after the feed was taken, the very moment at which a letter is there, or a
/// little later.
async fn moment(chance: &mut Chance, receiver: &Receiver, before: usize) {
    let kind = chance.below(3);
    if kind > 0 {
        receiver.reached(before + 1 + chance.below(CHILDREN * ENDPOINTS / 2), PATIENCE).await;
    }
    let longest = [300_000, 0, 20_000][kind];
    // Not a wait for anything: the moment is drawn by lot.
    tokio::time::sleep(Duration::from_micros(chance.between(0, longest))).await;
}

async fn kill_often(db: &TestDb, receiver: &Receiver, kills: usize, chance: &mut Chance, tally: &mut Tally) {
    let (launch, http) = (Launch::on(db.url()).to_loopback(), plain_client());
    let secret = enrol(db.store(), SystemClock.now(), "lewisham", &[Role::Borough], &[authority("lewisham")]).await;
    for kill in 0..kills {
        let mut process = Process::begin(&launch).await;
        let sender = Persona::enter(&process.base(), &http, "lewisham", &secret).await;
        receiver.hesitate(Duration::from_micros(chance.between(0, 4_000)));
        let placed = |n| Child::placed(&format!("{kill} {n}"), authority("kent").as_str());
        let children: Vec<Child> = (0..CHILDREN).map(placed).collect();
        let before = receiver.taken();
        let feed = Feed::changes(authority("lewisham"), &format!("deliver-{kill}"), &children, &[]);
        sender.submit(&feed).await.expect(202);
        moment(chance, receiver, before).await;
        process.kill();
        tally.sending += usize::from(count(db.url(), "FROM delivery WHERE state = 'sending'").await > 0);
    }
    tally.kills += kills;
}

/// One database: killed often, then left to finish, and held against what arrived.
async fn one_round(db: &TestDb, kills: usize, chance: &mut Chance, tally: &mut Tally) {
    let receiver = Receiver::answering(204).await;
    listen(db, &receiver).await;
    kill_often(db, &receiver, kills, chance, tally).await;
    let process = Process::begin(&Launch::on(db.url()).to_loopback()).await;
    until("everything delivered", PATIENCE, async || {
        let open = count(db.url(), "FROM submission WHERE verdict IS NULL").await
            + count(db.url(), "FROM delivery WHERE state <> 'delivered'").await;
        (open == 0).then_some(())
    })
    .await;
    drop(process);
    let (queued, arrived) = (queued(db.url()).await, arrivals(&receiver));
    assert_eq!(faults(&queued, &arrived), Vec::<String>::new());
    assert_eq!(queued.len(), kills * CHILDREN * ENDPOINTS, "every notice of every feed went to every endpoint");
    let twice =
        "SELECT notice FROM notice_event WHERE kind = 'delivered' GROUP BY authority, notice HAVING COUNT(*) > 1";
    assert_eq!(rows(db.url(), twice).await, Vec::<Vec<String>>::new(), "one effect");
    tally.ids += queued.len();
    tally.twice += arrived.values().filter(|bodies| bodies.values().sum::<usize>() > 1).count();
    notices_planted_faults(queued, arrived);
}

/// Plants one fault of each kind; all must be found.
fn notices_planted_faults(mut queued: Vec<[String; 4]>, mut arrived: Arrivals) {
    let places: Vec<(String, String)> = arrived.keys().take(3).cloned().collect();
    arrived.remove(&places[0]);
    arrived.get_mut(&places[1]).expect("there").insert("{}".to_owned(), 1);
    *arrived.get_mut(&places[2]).expect("there") = BTreeMap::from([("{}".to_owned(), 1)]);
    arrived.insert(("/".to_owned(), "nobody's".to_owned()), BTreeMap::new());
    let mut again = queued[0].clone();
    "another id".clone_into(&mut again[1]);
    arrived.insert((again[0].clone(), again[1].clone()), BTreeMap::from([(again[3].clone(), 1)]));
    queued.push(again);
    let kinds: BTreeSet<String> =
        faults(&queued, &arrived).iter().filter_map(|fault| Some(fault.split_once(':')?.0.to_owned())).collect();
    let planted = ["another body", "lost", "never kept", "two bodies", "two ids"].map(str::to_owned);
    assert_eq!(kinds, BTreeSet::from(planted));
}

pub(crate) async fn every_id_arrives_with_one_body(db: TestDb) {
    let (mut chance, mut tally) = (Chance::of("sender deaths"), Tally::default());
    let mut left = trials("HUB_SENDER_DEATHS", 20);
    let mut next = Some(db);
    while let Some(db) = next.take() {
        let kills = left.min(ROUND);
        one_round(&db, kills, &mut chance, &mut tally).await;
        left -= kills;
        eprintln!("{}: {tally:?}", db.backend().name());
        if left > 0 {
            next = hub_testdb::fresh(db.backend()).await;
        }
    }
    assert!(tally.sending * 4 > tally.kills, "too few kills came while anything was being sent: {tally:?}");
    assert!(tally.twice > 0, "no kill came between sending and recording: it proves nothing: {tally:?}");
}

//! Promises D5, D6 and D7 at their full size, with receivers in memory and a clock that moves when told.

use std::collections::{BTreeMap, BTreeSet};

use hub_domain::{AuthorityCode, IdSource as _, RandomIds};
use hub_pipeline::deliver::{DELIVERY_LATE, DELIVERY_RECOVERED};
use hub_pipeline::jobs;
use hub_store::delivery::{self, NewDelivery};
use hub_store::endpoint::{self, Endpoint, Scheme, State};
use hub_store::job::{self, NewJob};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::rig::{Carrier, Death, LEWISHAM, Rig, World, away, carried, code, on};

/// Upper-tier authorities of England: each has one endpoint.
const HOSTS: usize = 153;
const NOTICES: usize = 5_000;
/// Longer than any lease.
const LEASE: i64 = 121;

/// So many active endpoints, spread over England's authorities.
async fn endpoints(rig: &Rig, count: usize) -> Vec<(AuthorityCode, Uuid)> {
    let hosts: Vec<AuthorityCode> = (1..=HOSTS).map(|n| code(&format!("E06{n:06}"))).collect();
    let mut tx = rig.hub.store.begin().await.unwrap();
    let mut all = Vec::new();
    for (n, host) in (0..count).zip(hosts.iter().cycle()) {
        let id = RandomIds.next();
        let fresh = Endpoint::new(*host, id, &format!("http://127.0.0.1:1/{n}"), Scheme::V1a, rig.now());
        endpoint::insert(&mut tx, &Endpoint { state: State::Active, ..fresh }).await.unwrap();
        all.push((*host, id));
    }
    tx.commit().await.unwrap();
    all
}

/// So many events, one after another to each endpoint in turn; each with a body that no other has.
async fn queue(rig: &Rig, endpoints: &[(AuthorityCode, Uuid)], count: usize) {
    let new = |(n, (host, endpoint)): (usize, &(AuthorityCode, Uuid))| NewDelivery {
        authority: *host,
        id: RandomIds.next(),
        endpoint: *endpoint,
        event_id: RandomIds.next(),
        event_type: "uk.sufficiencyhub.notice.raised.v1".into(),
        placing: code(LEWISHAM),
        notice: RandomIds.next(),
        body: format!(r#"{{"n":{n}}}"#),
        next_at: rig.now(),
        now: rig.now(),
    };
    let all: Vec<NewDelivery> = (0..count).zip(endpoints.iter().cycle()).map(new).collect();
    let mut tx = rig.hub.store.begin().await.unwrap();
    assert_eq!(delivery::enqueue_many(&mut tx, &all).await.unwrap(), count as u64);
    tx.commit().await.unwrap();
}

/// A night on which Lewisham's feed shows a child in each of so many placements, spread over the hosts; all are members, so
/// that the hub knows them.
async fn raise(rig: &Rig, hosts: &[(AuthorityCode, Uuid)]) {
    for (host, _) in hosts {
        rig.join(host.as_str(), "A made-up host", "{}").await;
    }
    let place = |(n, (host, _)): (usize, &(AuthorityCode, Uuid))| {
        away(&format!("out{n}"), "2026-07-20", host.as_str()).with("setting_ref", format!("st-{n}"))
    };
    let rows: Vec<_> = (0..NOTICES).zip(hosts.iter().cycle()).map(place).collect();
    rig.apply(&on("2026-07-20", &rows)).await;
    assert_eq!(rig.count("notice WHERE state = 'raised'").await, NOTICES as u64);
    assert_eq!(by_state(rig).await, all("ready", NOTICES as u64), "one delivery to the endpoint of each notice's host");
}

/// What the job does every five minutes.
async fn look_for_what_is_late(rig: &Rig) {
    let authority = AuthorityCode::default();
    let (id, kind, payload) = (rig.hub.ids.next(), jobs::LATE.to_owned(), "null".to_owned());
    let new = NewJob { authority, id, kind, payload, dedupe: rig.now().to_string(), run_at: rig.now(), now: rig.now() };
    let mut tx = rig.hub.store.begin().await.unwrap();
    job::enqueue(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    rig.run().await;
}

/// Events of a kind: about endpoints, for the operator, or about notices, for the placing authority.
async fn events(rig: &Rig, kind: &str, side: &str) -> u64 {
    let about = if side == "hub" { "endpoints" } else { "notices" };
    rig.count(&format!("event WHERE kind = '{kind}' AND subject LIKE '{about}/%'")).await
}

async fn by_state(rig: &Rig) -> BTreeMap<String, u64> {
    let mut states = BTreeMap::new();
    for state in ["ready", "sending", "delivered", "dead"] {
        let count = rig.count(&format!("delivery WHERE state = '{state}'")).await;
        if count > 0 {
            states.insert(state.to_owned(), count);
        }
    }
    states
}

fn all(state: &str, count: u64) -> BTreeMap<String, u64> {
    BTreeMap::from([(state.to_owned(), count)])
}

/// Ids that were not taken, and ids with two bodies.
fn faults(carrier: &Carrier, expected: usize) -> (usize, usize) {
    let world = carrier.world();
    let two = world.taken.values().filter(|bodies| bodies.len() > 1).count();
    (expected.saturating_sub(world.taken.len()), two)
}

hub_testdb::on_both! {
    /// D6: 153 hosts are down for 72 hours with 5,000 notices on their way, which a feed of that night gave rise to.
    async fn three_days_of_outage_lose_nothing_of_five_thousand(db: TestDb) {
        let rig = Rig::over(db).await;
        let hosts = endpoints(&rig, HOSTS).await;
        let asked = rig.now();
        raise(&rig, &hosts).await;
        let carrier = Carrier::new();
        carrier.world().is_down = true;
        let mut deliverer = carried(&rig.hub, carrier.clone());
        let began = rig.now();
        let mut told = Vec::new();
        for hours in 0..72 {
            if hours % 2 == 0 {
                deliverer.drain().await.unwrap();
            }
            look_for_what_is_late(&rig).await;
            let counts = [events(&rig, DELIVERY_LATE, "hub").await, events(&rig, DELIVERY_LATE, "placing").await];
            told.extend((told.last().map(|(_, before)| *before) != Some(counts)).then_some((hours, counts)));
            rig.clock.set(began + SignedDuration::from_hours(hours + 1));
        }
        let all_hosts = HOSTS as u64;
        assert_eq!(
            told,
            [(0, [0, 0]), (4, [all_hosts, 0]), (24, [all_hosts, NOTICES as u64])],
            "the operator of each endpoint after 4 hours, the placing authority of each notice after 24, each once"
        );
        let tried = carrier.world().attempts;
        assert_eq!(by_state(&rig).await, all("ready", NOTICES as u64), "nothing is dropped meanwhile");
        let hammered = rig.number("SELECT CAST(MAX(attempt) AS TEXT) FROM delivery").await;
        assert!(hammered <= 9, "no delivery is tried more often than its schedule says: {hammered}");
        assert_eq!(rig.count("notice WHERE state = 'raised'").await, NOTICES as u64, "a sending is no receipt");
        carrier.world().is_down = false;
        let back = rig.now();
        while by_state(&rig).await != all("delivered", NOTICES as u64) {
            deliverer.drain().await.unwrap();
            rig.clock.advance(60);
            assert!(rig.now() < back + SignedDuration::from_hours(1), "{:?}", by_state(&rig).await);
        }
        assert_eq!(faults(&carrier, NOTICES), (0, 0));
        assert_eq!(rig.count("notice WHERE state = 'delivered' AND delivered_version = version").await, NOTICES as u64);
        look_for_what_is_late(&rig).await;
        let over = [events(&rig, DELIVERY_RECOVERED, "hub").await, events(&rig, DELIVERY_RECOVERED, "placing").await];
        assert_eq!(over, [all_hosts, NOTICES as u64], "and each is told that it is over");
        eprintln!(
            "{}: {NOTICES} of {NOTICES} notices raised at {asked} delivered to {HOSTS} hosts after 72 h down, {tried} attempts \
             while down, all within {} min of its end",
            rig.hub.store.kind(),
            rig.now().duration_since(back).as_mins()
        );
        // The planted fault: a delivery that is lost is missed.
        carrier.world().taken.pop_first();
        assert_eq!(faults(&carrier, NOTICES), (1, 0));
    }

    /// D5: senders die (a thousand with `HUB_SENDER_DEATHS=1000`), before sending, before the answer, or before it is recorded.
    async fn senders_die_and_every_id_arrives_with_one_body(db: TestDb) {
        let rig = Rig::over(db).await;
        let hosts = endpoints(&rig, HOSTS).await;
        let carrier = Carrier::new();
        let deaths = std::env::var_os("HUB_SENDER_DEATHS").map_or(120, |n| n.to_str().unwrap().parse().unwrap());
        for n in 0..deaths {
            queue(&rig, &hosts[n % HOSTS..=n % HOSTS], 2).await;
            let mut deliverer = carried(&rig.hub, carrier.clone());
            if n % 3 == 2 {
                // It dies with answers in hand: the first is taken, and the future that would record it is dropped.
                let before = carrier.world().attempts;
                tokio::select! {
                    biased;
                    () = reached(&carrier, before + 1) => {}
                    _ = deliverer.drain() => {}
                }
            } else {
                let death = if n % 3 == 0 { Death::BeforeSending } else { Death::BeforeTheAnswer };
                carrier.world().next_death = Some(death);
                tokio::select! {
                    () = carrier.died.notified() => {}
                    _ = deliverer.drain() => {}
                }
                carrier.world().next_death = None;
            }
            drop(deliverer);
            rig.clock.advance(LEASE);
        }
        let mut deliverer = carried(&rig.hub, carrier.clone());
        let queued = deaths * 2;
        for _ in 0..100 {
            deliverer.drain().await.unwrap();
            rig.clock.advance(LEASE);
        }
        assert_eq!(by_state(&rig).await, all("delivered", queued as u64));
        assert_eq!(faults(&carrier, queued), (0, 0));
        let twice = carrier.world().taken.values().filter(|bodies| bodies.values().sum::<usize>() > 1).count();
        assert!(twice > 0, "no death came between sending and recording: it proves nothing");
        eprintln!("{}: {deaths} deaths, {queued} ids, each arrived, {twice} of them twice or more, none with two bodies", rig.hub.store.kind());
        // The planted fault: the same id with another body.
        let mut world = carrier.world();
        let (_, bodies) = world.taken.iter_mut().next().unwrap();
        bodies.insert(b"{}".to_vec(), 1);
        drop(world);
        assert_eq!(faults(&carrier, queued), (0, 1));
    }

    /// D7: endpoints that never answer, more of them than their share could ever fill, keep nobody else waiting.
    async fn endpoints_that_hang_keep_nobody_waiting(db: TestDb) {
        let rig = Rig::over(db).await;
        let many = endpoints(&rig, 1_000).await;
        let carrier = Carrier::new();
        let hanging = 40;
        carrier.world().silent = (0..hanging).map(|n| format!("http://127.0.0.1:1/{n}")).collect();
        // Those that hang have two hundred each in front of everybody else's one.
        queue(&rig, &many[..hanging], hanging * 200).await;
        rig.clock.advance(1);
        queue(&rig, &many, 1_000).await;
        let mut deliverer = carried(&rig.hub, carrier.clone());
        let others = 1_000 - hanging;
        tokio::select! {
            () = taken(&carrier, others) => {}
            done = deliverer.drain() => panic!("what hangs does not end: {done:?}"),
        }
        let urls: BTreeSet<String> = carrier.world().taken.keys().map(|(url, _)| url.clone()).collect();
        assert_eq!(urls.len(), others, "each of the others has what it was to have");
        assert!(carrier.world().attempts - others <= 128, "what hangs holds half of what may be in flight, at most");
    }

    /// D7: one notice among a thousand that its receiver never takes costs the others nothing: not an attempt, and not a
    /// second of the clock. It is tried by its schedule, beside what comes later, until it is a dead letter.
    async fn a_notice_that_is_never_taken_keeps_none_of_a_thousand_waiting(db: TestDb) {
        let rig = Rig::over(db).await;
        let many = endpoints(&rig, 20).await;
        let carrier = Carrier::new();
        // One of its endpoint's fifty, and like none of those that come later.
        carrier.world().refused = BTreeSet::from([br#"{"n":27}"#.to_vec()]);
        let mut deliverer = carried(&rig.hub, carrier.clone());
        queue(&rig, &many, 1_000).await;
        deliverer.drain().await.unwrap();
        assert_eq!(by_state(&rig).await, BTreeMap::from([("delivered".to_owned(), 999), ("ready".to_owned(), 1)]));
        assert_eq!(carrier.world().attempts, 1_000, "one each");
        for day in 1..=15 {
            rig.clock.advance(24 * 3_600);
            queue(&rig, &many, 20).await;
            deliverer.drain().await.unwrap();
            assert_eq!(rig.count("delivery WHERE state = 'delivered'").await, 999 + day * 20, "day {day}");
        }
        assert_eq!(rig.count("delivery WHERE state = 'dead' AND error = 'bad-status'").await, 1);
        assert_eq!(rig.count("endpoint WHERE failures >= 5 OR open_until IS NOT NULL").await, 0, "its endpoint is not blamed");
    }

    /// D11: told to stop, a sender gives back what it has not begun.
    async fn a_sender_that_is_stopped_gives_back_what_it_has_not_begun(db: TestDb) {
        let rig = Rig::over(db).await;
        let one = endpoints(&rig, 1).await;
        let carrier = Carrier::new();
        // It has shown that it answers.
        queue(&rig, &one, 1).await;
        carried(&rig.hub, carrier.clone()).drain().await.unwrap();
        *carrier.world() = World::default();
        queue(&rig, &one, 30).await;
        carrier.world().silent = BTreeSet::from(["http://127.0.0.1:1/0".to_owned()]);
        let stop = tokio_util::sync::CancellationToken::new();
        let deliverer = carried(&rig.hub, carrier.clone());
        let serving = tokio::spawn(deliverer.serve(std::time::Duration::from_mins(1), stop.clone()));
        reached(&carrier, 8).await;
        assert_eq!(by_state(&rig).await.get("sending"), Some(&30));
        stop.cancel();
        while by_state(&rig).await.get("ready") != Some(&22) {
            tokio::task::yield_now().await;
        }
        serving.abort();
        let _ = serving.await;
        assert_eq!(rig.count("delivery WHERE state = 'ready' AND attempt = 0").await, 22, "as though never taken");
        // Another takes them up at once, and what was in flight when its lease is over.
        carrier.world().silent.clear();
        assert_eq!(carried(&rig.hub, carrier.clone()).drain().await.unwrap(), 22);
        rig.clock.advance(LEASE);
        assert_eq!(carried(&rig.hub, carrier.clone()).drain().await.unwrap(), 8);
        assert_eq!(faults(&carrier, 30), (0, 0));
    }
}

async fn reached(carrier: &Carrier, attempts: usize) {
    while carrier.world().attempts < attempts {
        tokio::task::yield_now().await;
    }
}

async fn taken(carrier: &Carrier, count: usize) {
    while carrier.world().taken.len() < count {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

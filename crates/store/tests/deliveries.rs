//! The outbox: once per endpoint and event, fair, fenced, and every attempt visible.

#![cfg(test)]

use std::collections::BTreeSet;

use hub_domain::{AuthorityCode, IdSource as _, SequentialIds, Timestamp};
use hub_store::Store;
use hub_store::delivery::{self, Backlog, Delivery, Due, NewDelivery, Next, Settled, State, Stats};
use hub_store::endpoint::{self, Endpoint, Scheme};
use uuid::Uuid;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + seconds).unwrap()
}

fn code(text: &str) -> AuthorityCode {
    text.parse().unwrap()
}

fn kent() -> AuthorityCode {
    code("E10000016")
}

fn surrey() -> AuthorityCode {
    code("E10000030")
}

fn lewisham() -> AuthorityCode {
    code("E09000023")
}

fn receiver(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn new(ids: &SequentialIds, endpoint: Uuid, next_at: i64) -> NewDelivery {
    NewDelivery {
        authority: kent(),
        id: ids.next(),
        endpoint,
        event_id: ids.next(),
        event_type: "notice.raised".into(),
        placing: lewisham(),
        notice: ids.next(),
        body: r#"{"said":"\"é\" and \\"}"#.into(),
        next_at: at(next_at),
        now: at(0),
    }
}

const NONE: [Uuid; 0] = [];

async fn enqueue(store: &Store, deliveries: &[NewDelivery]) -> u64 {
    registered(store, deliveries).await;
    let mut tx = store.begin().await.unwrap();
    let added = delivery::enqueue_many(&mut tx, deliveries).await.unwrap();
    tx.commit().await.unwrap();
    added
}

async fn due(store: &Store, now: i64) -> Vec<Delivery> {
    let due = Due { now: at(now), per_endpoint: 5_000, limit: 5_000 };
    delivery::due(&mut store.read().await.unwrap(), &due).await.unwrap()
}

async fn claim(store: &Store, due: Vec<Delivery>, until: i64) -> Vec<Delivery> {
    let mut tx = store.begin().await.unwrap();
    let held = delivery::claim_many(&mut tx, due, "worker", at(until)).await.unwrap();
    tx.commit().await.unwrap();
    held
}

async fn settle(store: &Store, settled: &[Settled]) -> BTreeSet<Uuid> {
    let mut tx = store.begin().await.unwrap();
    let moved = delivery::settle_many(&mut tx, settled).await.unwrap();
    tx.commit().await.unwrap();
    moved
}

async fn found(store: &Store, id: Uuid) -> Delivery {
    delivery::find(&mut store.read().await.unwrap(), kent(), id).await.unwrap().unwrap()
}

fn came_of(held: &Delivery, next: Next, when: i64) -> Settled {
    let (outcome, status) = match next {
        Next::Delivered => ("delivered", Some(204)),
        Next::Retry(_) => ("no-answer", None),
        Next::Dead => ("refused", Some(410)),
    };
    Settled {
        authority: held.authority,
        id: held.id,
        attempt: held.attempt,
        at: at(when),
        outcome: outcome.into(),
        status,
        milliseconds: 12,
        next,
    }
}

fn endpoint_of(authority: AuthorityCode, id: Uuid) -> Endpoint {
    Endpoint {
        secret: Some(vec![7, 8, 9]),
        state: endpoint::State::Active,
        ..Endpoint::new(authority, id, "https://kent.example/hook", Scheme::V1, at(0))
    }
}

/// Registers the endpoints of a number each that these are for.
async fn registered(store: &Store, deliveries: &[NewDelivery]) {
    let all: BTreeSet<_> = deliveries.iter().map(|one| (one.authority, one.endpoint)).collect();
    let mut tx = store.begin().await.unwrap();
    for (authority, id) in all {
        if endpoint::find(&mut tx, authority, id).await.unwrap().is_none() {
            endpoint::insert(&mut tx, &endpoint_of(authority, id)).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
}

hub_testdb::on_both! {
    async fn an_endpoint_is_queued_an_event_once(db: TestDb) {
        let ids = SequentialIds::default();
        let first = new(&ids, receiver(1), 0);
        let again = NewDelivery { id: ids.next(), body: "{}".into(), ..first.clone() };
        let elsewhere = NewDelivery { id: ids.next(), endpoint: receiver(2), ..first.clone() };
        assert_eq!(enqueue(db.store(), &[first.clone(), again.clone()]).await, 1);
        assert_eq!(enqueue(db.store(), &[again, elsewhere]).await, 1);
        let kept = found(db.store(), first.id).await;
        assert_eq!((kept.body, kept.state, kept.attempt, kept.earlier), (first.body, State::Ready, 0, 0));
        assert_eq!((kept.endpoint, kept.event_id, kept.event_type), (first.endpoint, first.event_id, first.event_type));
        assert_eq!((kept.placing, kept.notice, kept.next_at), (lewisham(), first.notice, at(0)));
        assert_eq!((kept.created_at, kept.queued_at, kept.finished_at, kept.error), (at(0), at(0), None, None));
    }

    async fn a_slow_endpoint_does_not_hide_the_others(db: TestDb) {
        let ids = SequentialIds::default();
        let mut all: Vec<NewDelivery> = (0..1_000).map(|_| new(&ids, receiver(1), 0)).collect();
        all.extend((2..=4).flat_map(|n| [50, 51].map(|second| new(&ids, receiver(n), second))));
        all.push(NewDelivery { authority: surrey(), ..new(&ids, receiver(5), 60) });
        assert_eq!(enqueue(db.store(), &all).await, 1_007);

        let mut link = db.store().read().await.unwrap();
        let ask = Due { now: at(60), per_endpoint: 3, limit: 100 };
        let some = delivery::due(&mut link, &ask).await.unwrap();
        let places: Vec<u128> = some.iter().map(|one| one.endpoint.as_u128()).collect();
        assert_eq!(places, [1, 2, 3, 4, 5, 1, 2, 3, 4, 1], "round by round, the longest due first");
        let few = delivery::due(&mut link, &Due { limit: 4, ..ask }).await.unwrap();
        assert_eq!(few.iter().map(|one| one.endpoint.as_u128()).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(due(db.store(), 59).await.len(), 1_006);
        let backlog = delivery::backlog(&mut link, at(50)).await.unwrap();
        assert_eq!(backlog, Backlog { waiting: 1_003, oldest: Some(at(0)) });
        assert_eq!(delivery::backlog(&mut link, at(-1)).await.unwrap(), Backlog { waiting: 0, oldest: None });
    }

    async fn what_is_being_sent_counts_against_its_endpoint(db: TestDb) {
        let ids = SequentialIds::default();
        let mut all: Vec<NewDelivery> = (0..10).map(|_| new(&ids, receiver(1), 0)).collect();
        all.extend((2..=3).flat_map(|n| [1, 1].map(|second| new(&ids, receiver(n), second))));
        enqueue(db.store(), &all).await;
        let ask = Due { now: at(1), per_endpoint: 3, limit: 100 };
        let places = async |ask: Due| {
            let some = delivery::due(&mut db.store().read().await.unwrap(), &ask).await.unwrap();
            some.iter().map(|one| one.endpoint.as_u128()).collect::<Vec<_>>()
        };
        let slow: Vec<Delivery> = due(db.store(), 0).await.into_iter().take(2).collect();
        claim(db.store(), slow, 60).await;
        assert_eq!(places(ask).await, [2, 3, 2, 3, 1], "the slow one has room for one more, and comes last");
        let slow: Vec<Delivery> = due(db.store(), 0).await.into_iter().take(1).collect();
        claim(db.store(), slow, 60).await;
        assert_eq!(places(Due { limit: 2, ..ask }).await, [2, 3], "full, it takes no place in the list");
        assert_eq!(places(ask).await, [2, 3, 2, 3]);
        assert_eq!(places(Due { now: at(60), ..ask }).await, [1, 2, 3, 1, 2, 3, 1], "until its leases are over");
    }

    async fn a_delivery_is_held_once(db: TestDb) {
        let ids = SequentialIds::default();
        let all: Vec<NewDelivery> = (0..1_200).map(|n| new(&ids, receiver(n % 7), 0)).collect();
        enqueue(db.store(), &all).await;
        let seen = due(db.store(), 0).await;
        let half = seen[..600].to_vec();
        let held = claim(db.store(), half.clone(), 60).await;
        let expected: Vec<Delivery> = half
            .into_iter()
            .map(|one| Delivery { state: State::Sending, attempt: 1, next_at: at(60), ..one })
            .collect();
        assert_eq!(held, expected);
        assert_eq!(found(db.store(), held[0].id).await, held[0]);
        let rest = claim(db.store(), seen.clone(), 60).await;
        assert_eq!(rest.iter().map(|one| one.id).collect::<Vec<_>>(), seen[600..].iter().map(|one| one.id).collect::<Vec<_>>());
        assert_eq!(due(db.store(), 59).await, []);
        assert_eq!(due(db.store(), 60).await.len(), 1_200, "when the lease is over, all are due again");
    }

    async fn what_many_claim_at_once_goes_to_one_each(db: TestDb) {
        let ids = SequentialIds::default();
        let all: Vec<NewDelivery> = (0..300).map(|n| new(&ids, receiver(n % 3), 0)).collect();
        enqueue(db.store(), &all).await;
        let seen = due(db.store(), 0).await;
        let tries: Vec<_> = (0..4)
            .map(|_| {
                let (store, seen) = (db.store().clone(), seen.clone());
                tokio::spawn(async move { claim(&store, seen, 60).await })
            })
            .collect();
        let mut held = Vec::new();
        for one in tries {
            held.extend(one.await.unwrap().into_iter().map(|one| one.id));
        }
        assert_eq!(held.len(), 300);
        assert_eq!(held.into_iter().collect::<BTreeSet<_>>().len(), 300);
    }

    async fn settling_moves_and_records(db: TestDb) {
        let ids = SequentialIds::default();
        enqueue(db.store(), &[0; 3].map(|_| new(&ids, receiver(1), 0))).await;
        let held = claim(db.store(), due(db.store(), 0).await, 60).await;
        let settled = [
            came_of(&held[0], Next::Delivered, 1),
            came_of(&held[1], Next::Retry(at(5)), 2),
            came_of(&held[2], Next::Dead, 3),
        ];
        assert_eq!(settle(db.store(), &settled).await, held.iter().map(|one| one.id).collect());
        assert_eq!(settle(db.store(), &settled).await, BTreeSet::new(), "once");

        let [done, retry, dead] = [
            found(db.store(), held[0].id).await,
            found(db.store(), held[1].id).await,
            found(db.store(), held[2].id).await,
        ];
        assert_eq!((done.state, done.error, done.finished_at), (State::Delivered, None, Some(at(1))));
        assert_eq!((retry.state, retry.error.as_deref(), retry.next_at), (State::Ready, Some("no-answer"), at(5)));
        assert_eq!(retry.finished_at, None);
        assert_eq!((dead.state, dead.error.as_deref(), dead.finished_at), (State::Dead, Some("refused"), Some(at(3))));
        assert_eq!(due(db.store(), 1_000).await.iter().map(|one| one.id).collect::<Vec<_>>(), [retry.id]);

        let mut link = db.store().read().await.unwrap();
        assert_eq!(delivery::stats(&mut link, kent()).await.unwrap(), Stats { ready: 1, sending: 0, delivered: 1, dead: 1 });
        assert_eq!(delivery::stats(&mut link, surrey()).await.unwrap(), Stats::default());
        let attempts = delivery::attempts(&mut link, kent(), dead.id).await.unwrap();
        let said: Vec<_> = attempts.iter().map(|one| (one.n, one.at, one.outcome.as_str(), one.status, one.milliseconds)).collect();
        assert_eq!(said, [(1, at(3), "refused", Some(410), 12)]);
        assert_eq!(delivery::attempts(&mut link, surrey(), dead.id).await.unwrap(), []);
    }

    async fn who_lost_the_lease_moves_nothing_yet_the_attempt_is_seen(db: TestDb) {
        let ids = SequentialIds::default();
        enqueue(db.store(), &[new(&ids, receiver(1), 0)]).await;
        let lost = claim(db.store(), due(db.store(), 0).await, 60).await.remove(0);
        let held = claim(db.store(), due(db.store(), 60).await, 120).await.remove(0);
        assert_eq!(settle(db.store(), &[came_of(&lost, Next::Dead, 61)]).await, BTreeSet::new());
        assert_eq!(found(db.store(), lost.id).await, held);
        assert_eq!(settle(db.store(), &[came_of(&held, Next::Delivered, 62)]).await.len(), 1);
        let mut link = db.store().read().await.unwrap();
        let attempts = delivery::attempts(&mut link, kent(), held.id).await.unwrap();
        let said: Vec<_> = attempts.iter().map(|one| (one.n, one.outcome.as_str())).collect();
        assert_eq!(said, [(1, "refused"), (2, "delivered")]);
    }

    async fn a_delivery_that_is_over_can_be_replayed(db: TestDb) {
        let ids = SequentialIds::default();
        enqueue(db.store(), &[new(&ids, receiver(1), 0)]).await;
        let held = claim(db.store(), due(db.store(), 0).await, 60).await.remove(0);
        let replay = async |authority, now| {
            let mut tx = db.store().begin().await.unwrap();
            let replayed = delivery::replay(&mut tx, authority, held.id, at(now)).await.unwrap();
            tx.commit().await.unwrap();
            replayed
        };
        assert!(!replay(kent(), 1).await, "it is being sent");
        settle(db.store(), &[came_of(&held, Next::Dead, 2)]).await;
        assert!(!replay(surrey(), 3).await, "somebody else's");
        assert!(replay(kent(), 4).await);
        assert!(!replay(kent(), 5).await, "it waits");
        let again = found(db.store(), held.id).await;
        assert_eq!((again.state, again.attempt, again.earlier, again.error), (State::Ready, 1, 1, None));
        assert_eq!((again.next_at, again.queued_at, again.created_at, again.finished_at), (at(4), at(4), at(0), None));
    }

    async fn both_sides_see_how_a_notice_was_sent(db: TestDb) {
        let ids = SequentialIds::default();
        let one = new(&ids, receiver(1), 0);
        let two = NewDelivery { notice: one.notice, now: at(1), ..new(&ids, receiver(1), 9) };
        enqueue(db.store(), &[two.clone(), one.clone(), new(&ids, receiver(1), 0)]).await;
        let mut link = db.store().read().await.unwrap();
        let ids_of = |rows: Vec<Delivery>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
        assert_eq!(ids_of(delivery::by_notice(&mut link, kent(), one.notice).await.unwrap()), [one.id, two.id]);
        assert_eq!(ids_of(delivery::by_notice(&mut link, surrey(), one.notice).await.unwrap()), NONE);
        let of = delivery::of_notice(&mut link, lewisham(), kent(), one.notice).await.unwrap();
        assert_eq!(ids_of(of), [one.id, two.id]);
        let of = delivery::of_notice(&mut link, surrey(), kent(), one.notice).await.unwrap();
        assert_eq!(ids_of(of), NONE);
        assert_eq!(delivery::find(&mut link, surrey(), one.id).await.unwrap(), None);
    }

    async fn what_waits_for_a_removed_endpoint_is_given_up_in_sight(db: TestDb) {
        let ids = SequentialIds::default();
        let (gone, stays) = (endpoint_of(kent(), receiver(1)), endpoint_of(kent(), receiver(2)));
        let other = endpoint_of(surrey(), receiver(3));
        let mut tx = db.store().begin().await.unwrap();
        for one in [&gone, &stays, &other] {
            endpoint::insert(&mut tx, one).await.unwrap();
        }
        tx.commit().await.unwrap();
        let waiting = [new(&ids, gone.id, 0), new(&ids, stays.id, 0)];
        enqueue(db.store(), &waiting).await;
        let held = claim(db.store(), due(db.store(), 0).await, 60).await;

        let mut tx = db.store().begin().await.unwrap();
        assert!(!endpoint::remove(&mut tx, surrey(), gone.id, at(1)).await.unwrap());
        assert!(endpoint::remove(&mut tx, kent(), gone.id, at(1)).await.unwrap());
        assert!(!endpoint::remove(&mut tx, kent(), gone.id, at(2)).await.unwrap());
        tx.commit().await.unwrap();
        let dead = found(db.store(), waiting[0].id).await;
        assert_eq!((dead.state, dead.error.as_deref(), dead.finished_at), (State::Dead, Some("endpoint-removed"), Some(at(1))));
        let settled: Vec<Settled> = held.iter().map(|one| came_of(one, Next::Delivered, 3)).collect();
        assert_eq!(settle(db.store(), &settled).await, BTreeSet::from([waiting[1].id]));

        let mut link = db.store().read().await.unwrap();
        assert_eq!(endpoint::listening(&mut link, kent()).await.unwrap(), std::slice::from_ref(&stays));
        let removed = Endpoint { state: endpoint::State::Removed, secret: None, ..gone.clone() };
        assert_eq!(endpoint::list(&mut link, kent()).await.unwrap(), [removed.clone(), stays]);
        assert_eq!(endpoint::find(&mut link, kent(), gone.id).await.unwrap(), Some(removed));
        assert_eq!(endpoint::find(&mut link, surrey(), gone.id).await.unwrap(), None);
    }
}

#[test]
fn neither_bodies_nor_secrets_are_shown_when_debugged() {
    let canary = "canary-7f3a";
    let ids = SequentialIds::default();
    let delivery = NewDelivery { body: canary.into(), ..new(&ids, receiver(1), 0) };
    let endpoint = Endpoint { url: format!("https://kent.example/{canary}"), ..endpoint_of(kent(), receiver(1)) };
    let shown = format!("{delivery:?}{endpoint:?}");
    assert!(!shown.contains(canary) && !shown.contains("7, 8, 9"));
}

/// SQLite is told at the outset how the tables that batches are joined to will look, each index of them; where it is
/// not, it reads a whole authority to find one row.
#[test]
fn sqlite_is_told_of_every_index_that_a_batch_might_use() {
    hub_testdb::run(hub_testdb::Backend::Sqlite, async |db| {
        let told = "SELECT tbl, idx FROM sqlite_stat1 WHERE tbl IN ('notice', 'delivery') ORDER BY tbl, idx";
        let there = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' AND tbl_name IN ('notice', 'delivery') \
                     ORDER BY tbl_name, name";
        let told = hub_store::testing::query(db.url(), told).await.unwrap();
        assert_eq!(told, hub_store::testing::query(db.url(), there).await.unwrap());
        assert!(told.len() > 2);
    });
}

//! What reconciliations found: every night as it was, and each authority's own.

#![cfg(test)]

use hub_domain::{AuthorityCode, Timestamp};
use hub_notices::reconcile::{DiscrepancyKind, Side};
use hub_store::Store;
use hub_store::reconciliation::{self, Filter, Found, Kept, Night, Run};
use uuid::Uuid;

fn code(text: &str) -> AuthorityCode {
    text.parse().unwrap()
}

/// The morning run of a day in July.
fn at(day: i64) -> Timestamp {
    format!("2026-07-{day:02}T05:30:00Z").parse().unwrap()
}

fn found(id: u128, body: &str) -> Found {
    Found { id: Uuid::from_u128(id), side: Side::Host, kind: DiscrepancyKind::Mismatch, body: body.to_owned() }
}

async fn settle(store: &Store, authority: &str, day: i64, all: &[Found]) -> Option<Run> {
    let night = hub_domain::london_date(at(day));
    let mut tx = store.begin().await.unwrap();
    let run = reconciliation::settle(&mut tx, code(authority), (night, at(day)), all).await.unwrap();
    tx.commit().await.unwrap();
    run
}

const ALL: Filter = Filter {
    side: Side::Host,
    night: Night::Latest,
    standing: true,
    cleared: false,
    kind: None,
    before: None,
    limit: 100,
};

async fn list(store: &Store, authority: &str, filter: &Filter) -> Vec<Kept> {
    reconciliation::list(&mut store.read().await.unwrap(), code(authority), filter).await.unwrap()
}

fn ids(kept: &[Kept]) -> Vec<u128> {
    let mut ids: Vec<u128> = kept.iter().map(|kept| kept.id.as_u128()).collect();
    ids.sort_unstable();
    ids
}

fn tally(run: Option<Run>) -> (i64, i64, i64) {
    let run = run.expect("a run");
    (run.standing, run.opened, run.cleared)
}

const KENT: &str = "E10000016";
const LEWISHAM: &str = "E09000023";

hub_testdb::on_both! {
    async fn every_night_can_be_read_as_it_was(db: TestDb) {
        let store = db.store();
        let nights = [
            (1, vec![found(1, "a"), found(2, "b")], (2, 2, 0)),
            (2, vec![found(1, "a"), found(2, "B")], (2, 0, 0)),
            (3, vec![found(2, "B"), found(3, "c")], (2, 1, 1)),
            (4, vec![], (0, 0, 2)),
            (5, vec![found(1, "a")], (1, 1, 0)),
        ];
        for (day, all, expected) in &nights {
            assert_eq!(tally(settle(store, KENT, *day, all).await), *expected, "night {day}");
        }
        for (day, all, _) in &nights {
            let stood = list(store, KENT, &Filter { night: Night::Run(at(*day)), ..ALL }).await;
            let mut wanted: Vec<(u128, String)> = all.iter().map(|found| (found.id.as_u128(), found.body.clone())).collect();
            let mut told: Vec<(u128, String)> = stood.iter().map(|kept| (kept.id.as_u128(), kept.body.clone())).collect();
            wanted.sort_unstable();
            told.sort_unstable();
            assert_eq!(told, wanted, "night {day}");
        }
        let over = list(store, KENT, &Filter { standing: false, cleared: true, ..ALL }).await;
        let told: Vec<_> = over.iter().map(|kept| (kept.id.as_u128(), kept.first_seen, kept.last_seen, kept.seen_to)).collect();
        assert!(told.contains(&(1, at(1), Some(at(2)), Some(at(3)))), "{told:?}");
        assert!(told.contains(&(2, at(1), Some(at(3)), Some(at(4)))), "first seen in other words: {told:?}");
        assert_eq!(told.len(), 3);
        let now = list(store, KENT, &ALL).await;
        assert_eq!((ids(&now), now[0].first_seen), (vec![1], at(5)), "what comes back begins anew");
    }

    async fn a_run_that_is_not_after_the_last_changes_nothing(db: TestDb) {
        let store = db.store();
        settle(store, KENT, 2, &[found(1, "a")]).await;
        assert_eq!(settle(store, KENT, 2, &[]).await, None);
        assert_eq!(settle(store, KENT, 1, &[]).await, None);
        assert_eq!(ids(&list(store, KENT, &ALL).await), [1]);
    }

    async fn pages_join_without_a_gap(db: TestDb) {
        let store = db.store();
        let all: Vec<Found> = (1..=1_203).map(|id| found(id, "x")).collect();
        settle(store, KENT, 1, &all[..700]).await;
        settle(store, KENT, 2, &all).await;
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = list(store, KENT, &Filter { before, limit: 250, ..ALL }).await;
            let Some(last) = page.last() else { break };
            before = Some((last.seen_from, last.id));
            seen.extend(page);
        }
        assert_eq!(ids(&seen), (1..=1_203).collect::<Vec<u128>>());
        assert!(seen.is_sorted_by_key(|kept| std::cmp::Reverse(kept.seen_from)));
        assert_eq!(list(store, KENT, &Filter { kind: Some(DiscrepancyKind::Ambiguous), ..ALL }).await, []);
        assert_eq!(list(store, KENT, &Filter { side: Side::Placing, ..ALL }).await, []);
    }

    async fn each_authority_has_its_own(db: TestDb) {
        let store = db.store();
        settle(store, KENT, 1, &[found(1, "kent")]).await;
        settle(store, LEWISHAM, 1, &[found(1, "lewisham"), found(2, "lewisham")]).await;
        settle(store, LEWISHAM, 2, &[]).await;
        assert_eq!(list(store, KENT, &ALL).await[0].body, "kent");
        let mut link = store.read().await.unwrap();
        let latest = reconciliation::latest(&mut link).await.unwrap();
        let told: Vec<_> = latest.iter().map(|run| (run.authority, run.at, run.standing)).collect();
        assert_eq!(told, [(code(LEWISHAM), at(2), 0), (code(KENT), at(1), 1)]);
        let before = reconciliation::night(&mut link, code(LEWISHAM), "2026-07-01".parse().unwrap()).await.unwrap();
        assert_eq!(before.map(|run| run.standing), Some(2));
        assert_eq!(reconciliation::night(&mut link, code(LEWISHAM), "2026-06-30".parse().unwrap()).await.unwrap(), None);
        assert_eq!(reconciliation::nights(&mut link, code(LEWISHAM), 9).await.unwrap().len(), 2);
    }
}

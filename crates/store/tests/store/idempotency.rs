use hub_store::idempotency::{Memory, Remembered, find, remember, sweep};

use super::*;

fn use_of(client: &'static str, key: &'static str, submission: u64) -> Memory<'static> {
    Memory {
        authority: lewisham(),
        client,
        key,
        request: "POST abc",
        submission: id(submission),
        now: at("2026-11-20T06:00:00Z"),
        expires_at: at("2026-11-27T06:00:00Z"),
    }
}

hub_testdb::on_both! {
    async fn remembers_until_it_runs_out(db: TestDb) {
        let mut tx = db.store().begin().await.unwrap();
        let memory = use_of("agent", "k1", 1);
        remember(&mut tx, &memory).await.unwrap();
        tx.commit().await.unwrap();
        let mut link = db.store().read().await.unwrap();
        let before = memory.expires_at - jiff::SignedDuration::from_micros(1);
        let known = Some(Remembered { request: "POST abc".to_owned(), submission: id(1) });
        assert_eq!(find(&mut link, lewisham(), "agent", "k1", before).await.unwrap(), known);
        assert_eq!(find(&mut link, lewisham(), "agent", "k1", memory.expires_at).await.unwrap(), None);
        assert_eq!(find(&mut link, lewisham(), "another", "k1", before).await.unwrap(), None);
        assert_eq!(find(&mut link, croydon(), "agent", "k1", before).await.unwrap(), None);
        assert_eq!(find(&mut link, lewisham(), "agent", "k2", before).await.unwrap(), None);
    }

    async fn refuses_a_key_in_use_and_takes_one_that_ran_out(db: TestDb) {
        let mut tx = db.store().begin().await.unwrap();
        remember(&mut tx, &use_of("agent", "k1", 1)).await.unwrap();
        remember(&mut tx, &use_of("another", "k1", 2)).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.store().begin().await.unwrap();
        let again = remember(&mut tx, &use_of("agent", "k1", 3)).await;
        assert!(matches!(again, Err(StoreError::Unique(_))), "{again:?}");
        drop(tx);
        let later = Memory { now: at("2026-11-27T06:00:00Z"), expires_at: at("2026-12-04T06:00:00Z"), ..use_of("agent", "k1", 3) };
        let mut tx = db.store().begin().await.unwrap();
        remember(&mut tx, &later).await.unwrap();
        let known = find(&mut tx, lewisham(), "agent", "k1", later.now).await.unwrap();
        assert_eq!(known.map(|known| known.submission), Some(id(3)));
    }

    /// The record stands or falls with the rows of its transaction.
    async fn is_not_remembered_when_the_work_is_lost(db: TestDb) {
        let mut tx = db.store().begin().await.unwrap();
        remember(&mut tx, &use_of("agent", "k1", 1)).await.unwrap();
        submission::insert(&mut tx, &arrived(lewisham(), 1)).await.unwrap();
        drop(tx);
        let mut tx = db.store().begin().await.unwrap();
        remember(&mut tx, &use_of("agent", "k1", 2)).await.unwrap();
        assert_eq!(submission::find(&mut tx, lewisham(), id(1)).await.unwrap(), None);
    }

    /// Twenty requests at once under one key: one is kept, the others are told that the key is taken.
    async fn lets_one_of_many_at_once_through(db: TestDb) {
        let other = db.reopen(4).await;
        let tasks: Vec<_> = (1..=20)
            .map(|n| {
                let store = if n % 2 == 0 { db.store().clone() } else { other.clone() };
                tokio::spawn(async move {
                    let mut tx = store.begin().await.unwrap();
                    remember(&mut tx, &use_of("agent", "k1", n)).await?;
                    tx.commit().await
                })
            })
            .collect();
        let mut kept = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(()) => kept += 1,
                Err(error) => assert!(matches!(error, StoreError::Unique(_)), "{error:?}"),
            }
        }
        assert_eq!(kept, 1);
    }

    async fn sweeps_what_ran_out_and_nothing_else(db: TestDb) {
        let mut tx = db.store().begin().await.unwrap();
        let early = Memory { expires_at: at("2026-11-21T06:00:00Z"), ..use_of("agent", "early", 1) };
        remember(&mut tx, &early).await.unwrap();
        remember(&mut tx, &Memory { authority: croydon(), ..early }).await.unwrap();
        remember(&mut tx, &use_of("agent", "late", 2)).await.unwrap();
        let now = early.expires_at;
        assert_eq!(sweep(&mut tx, Some(lewisham()), now).await.unwrap(), 1);
        assert_eq!(sweep(&mut tx, None, now).await.unwrap(), 1);
        assert_eq!(sweep(&mut tx, None, now).await.unwrap(), 0);
        assert!(find(&mut tx, lewisham(), "agent", "late", now).await.unwrap().is_some());
    }
}

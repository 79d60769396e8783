use std::future::Future as _;
use std::pin::pin;
use std::task::{Context, Waker};

use hub_store::testing;
use hub_testdb::{Backend, TestDb};

use super::*;

/// Sessions of this database that sit inside a transaction, seen from outside the store.
async fn inside_a_transaction(db: &TestDb) -> usize {
    if db.backend() == Backend::Sqlite {
        return 0;
    }
    let sql = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
               AND (state LIKE 'idle in transaction%' OR xact_start IS NOT NULL) AND backend_type = 'client backend'";
    testing::query(db.url(), sql).await.unwrap().len()
}

async fn rows(store: &Store) -> i64 {
    record::count(&mut store.read().await.unwrap(), lewisham(), Dataset::Placements).await.unwrap()
}

hub_testdb::on_both! {
    /// With one connection, whoever comes next gets the connection of the transaction that was dropped.
    async fn dropped_half_way_leaves_nothing(db: TestDb) {
        let store = db.reopen(1).await;
        for _ in 0..3 {
            let mut tx = store.begin().await.unwrap();
            open(&mut tx, lewisham(), 1, &["a/1"]).await.unwrap();
            drop(tx);
            let tx = store.begin().await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(rows(&store).await, 0);
        }
        let _next = store.read().await.unwrap();
        assert_eq!(inside_a_transaction(&db).await, 0);
    }

    /// A future dropped at any await of a transaction's life: begun, written or committed in part. Nothing is half there,
    /// nothing stays open, and the next caller is not inside it.
    async fn given_up_at_any_await_leaves_nothing_open(db: TestDb) {
        let store = db.reopen(1).await;
        for polls in 0..40 {
            {
                let mut work = pin!(async {
                    let mut tx = store.begin().await.unwrap();
                    open(&mut tx, lewisham(), polls, &["a/1", "b/1"]).await.unwrap();
                    record::close(&mut tx, lewisham(), Dataset::Placements, polls, &owned(&["a/1", "b/1"])).await.unwrap();
                    open(&mut tx, lewisham(), polls + 1, &["a/1", "b/1"]).await.unwrap();
                    record::close(&mut tx, lewisham(), Dataset::Placements, polls + 1, &owned(&["a/1", "b/1"])).await.unwrap();
                    tx.commit().await.unwrap();
                });
                for _ in 0..polls {
                    if work.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
                        break;
                    }
                    // Let the connection's answer arrive: the driver is woken by the runtime, not by this poll.
                    tokio::task::yield_now().await;
                }
            }
            let same = store.read().await.unwrap();
            assert_eq!(inside_a_transaction(&db).await, 0, "after {polls} polls");
            drop(same);
            assert_eq!(rows(&store).await, 0, "after {polls} polls");
            let mut next = store.begin().await.unwrap();
            open(&mut next, lewisham(), 100 + polls, &["next/1"]).await.unwrap();
            drop(next);
            assert_eq!(rows(&store).await, 0, "after {polls} polls");
        }
        let _next = store.read().await.unwrap();
        assert_eq!(inside_a_transaction(&db).await, 0);
    }

    /// A load that fails, and one that is given up, leave a connection that still works.
    async fn a_failed_load_leaves_a_working_connection(db: TestDb) {
        let store = db.reopen(1).await;
        for seq in 1..4 {
            let mut tx = store.begin().await.unwrap();
            let twice = open(&mut tx, lewisham(), seq, &["a/1", "a/1"]).await;
            assert!(matches!(twice, Err(StoreError::Unique(_))), "{twice:?}");
            drop(tx);
            let mut tx = store.begin().await.unwrap();
            assert_eq!(open(&mut tx, lewisham(), seq, &["a/1"]).await.unwrap(), 1);
            drop(tx);
        }
        assert_eq!(rows(&store).await, 0);
    }

    async fn readers_see_nothing_before_the_commit(db: TestDb) {
        let mut tx = db.store().begin().await.unwrap();
        open(&mut tx, lewisham(), 1, &["a/1"]).await.unwrap();
        assert_eq!(rows(db.store()).await, 0);
        tx.commit().await.unwrap();
        assert_eq!(rows(db.store()).await, 1);
        assert_eq!(rows(&db.reopen(1).await).await, 1);
    }
}

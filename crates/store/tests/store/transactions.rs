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

/// A transaction from begin to commit, which leaves no row believed whether it was committed or not.
async fn life(store: &Store, n: i64) {
    let keys = ["a/1", "b/1"];
    let mut tx = store.begin().await.unwrap();
    open(&mut tx, lewisham(), n, &keys).await.unwrap();
    record::close(&mut tx, lewisham(), Dataset::Placements, n, &owned(&keys)).await.unwrap();
    tx.commit().await.unwrap();
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

    /// A future dropped at any await of a transaction's life: while it begins, is half written, or commits. Nothing stays
    /// open, nothing is half there, and the next caller is not inside it.
    async fn given_up_at_any_await_leaves_nothing_open(db: TestDb) {
        let store = db.reopen(1).await;
        let mut beside = db.store().read().await.unwrap();
        let mut polls = 0;
        let mut done = false;
        while !done {
            {
                let mut life = pin!(life(&store, polls));
                for _ in 0..polls {
                    done |= life.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
                    if done {
                        break;
                    }
                    // A round trip beside it: by then its own answer has come, and the next poll goes one await further.
                    testing::query_on(&mut beside, "SELECT 'answered'").await.unwrap();
                }
            }
            let same = store.read().await.unwrap();
            assert_eq!(inside_a_transaction(&db).await, 0, "after {polls} polls");
            drop(same);
            assert_eq!(rows(&store).await, 0, "after {polls} polls");
            drop(store.begin().await.unwrap());
            polls += 1;
        }
        assert!(polls > 2, "{polls}");
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

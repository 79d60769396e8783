use hub_store::{Settings, testing};
use hub_testdb::Backend;

use super::*;

async fn refusal(url: &str) -> String {
    match Store::open(&Settings { url: url.to_owned(), connections: 1 }).await {
        Err(StoreError::Unsafe(words)) => words,
        other => panic!("{other:?}"),
    }
}

hub_testdb::on_both! {
    /// Start-up refuses a database that would acknowledge a commit before it is on stable storage.
    async fn unsafe_settings_are_refused(db: TestDb) {
        if db.backend() == Backend::Sqlite {
            return; // The hub sets SQLite's own; that they hold is the next test.
        }
        let name = db.url().split('?').next().unwrap().rsplit('/').next().unwrap();
        for setting in ["synchronous_commit"] {
            testing::query(db.url(), &format!("ALTER DATABASE {name} SET {setting} = off")).await.unwrap();
            assert!(refusal(db.url()).await.contains(setting));
            testing::query(db.url(), &format!("ALTER DATABASE {name} RESET {setting}")).await.unwrap();
        }
        db.reopen(1).await.close().await;
    }

    async fn commits_reach_stable_storage(db: TestDb) {
        let mut tx = db.store().begin().await.unwrap();
        let ask = async |tx: &mut Tx, sql: &str| testing::query_on(tx, sql).await.unwrap()[0][0].clone().unwrap();
        match db.backend() {
            Backend::Sqlite => {
                let sql = "SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous";
                assert_eq!(ask(&mut tx, sql).await, "2");
                assert_eq!(ask(&mut tx, "SELECT journal_mode FROM pragma_journal_mode").await, "wal");
            }
            Backend::Postgres => {
                assert_eq!(ask(&mut tx, "SHOW fsync").await, "on");
                assert_eq!(ask(&mut tx, "SHOW synchronous_commit").await, "on");
            }
        }
    }

    async fn other_databases_are_refused(db: TestDb) {
        for url in ["mysql://localhost/hub", "hub.db", ""] {
            assert!(refusal(url).await.contains("sqlite: or postgres:"));
        }
        drop(db);
    }
}

use hub_store::{Settings, testing};
use hub_testdb::{Backend, Odd, run};

use super::*;

async fn refusal(url: &str) -> String {
    match Store::open(&Settings { url: url.to_owned(), connections: 1 }).await {
        Err(StoreError::Unsafe(words)) => words,
        other => panic!("{other:?}"),
    }
}

/// Start-up refuses a server that would acknowledge a commit before it is on stable storage. (The hub sets SQLite's own.)
#[test]
fn a_server_that_acknowledges_early_is_refused() {
    run(Backend::Postgres, async |db| {
        let name = db.url().split('?').next().unwrap().rsplit('/').next().unwrap();
        let set = async |sql: &str| testing::query(db.url(), &format!("ALTER DATABASE {name} {sql}")).await.unwrap();
        set("SET synchronous_commit = off").await;
        assert!(refusal(db.url()).await.contains("synchronous_commit"));
        set("SET synchronous_commit = local").await;
        db.reopen(1).await.close().await;
    });
}

/// The same of what only a server's own configuration can say.
#[tokio::test]
async fn a_server_that_trusts_what_it_has_not_written_is_refused() {
    for setting in ["fsync", "full_page_writes"] {
        let Some(odd) = Odd::start(&format!("{setting} = off\n")) else { return };
        let words = refusal(&odd.url()).await;
        assert!(words.contains(&format!("SHOW {setting} is off")), "{words}");
    }
    let Some(even) = Odd::start("") else { return };
    Store::open(&Settings { url: even.url(), connections: 1 }).await.unwrap().close().await;
}

hub_testdb::on_both! {
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

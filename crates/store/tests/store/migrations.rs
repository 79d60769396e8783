use std::collections::BTreeMap;
use std::path::Path;

use hub_store::testing;
use hub_testdb::{Backend, TestDb, fresh, run};

use super::*;

/// Table → columns, in order; without the migration runner's and the database's own.
async fn tables(db: &TestDb) -> BTreeMap<String, Vec<String>> {
    let sql = match db.backend() {
        Backend::Sqlite => {
            "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c \
             WHERE m.type = 'table' ORDER BY m.name, c.cid"
        }
        Backend::Postgres => {
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns \
             WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
        }
    };
    let mut tables = BTreeMap::<String, Vec<String>>::new();
    for row in testing::query(db.url(), sql).await.unwrap() {
        tables.entry(row[0].clone().unwrap()).or_default().push(row[1].clone().unwrap());
    }
    tables.remove("_sqlx_migrations");
    tables.retain(|name, _| !name.starts_with("sqlite_"));
    tables
}

/// Index names; those that a primary key brings are named by each database in its own way.
async fn indexes(db: &TestDb) -> Vec<String> {
    let sql = match db.backend() {
        Backend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        Backend::Postgres => {
            "SELECT CAST(c.relname AS TEXT) FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid \
             JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND NOT i.indisprimary"
        }
    };
    let mut names: Vec<_> =
        testing::query(db.url(), sql).await.unwrap().into_iter().map(|row| row[0].clone().unwrap()).collect();
    names.sort_unstable();
    names
}

/// Same tables, same columns in the same order, same indexes.
#[test]
fn make_the_same_schema_on_both() {
    run(Backend::Postgres, async |postgres| {
        let sqlite = fresh(Backend::Sqlite).await.unwrap();
        assert_eq!(tables(&sqlite).await, tables(&postgres).await);
        assert!(tables(&sqlite).await.contains_key("record"));
        assert_eq!(indexes(&sqlite).await, indexes(&postgres).await);
    });
}

/// Same file names, all of them applied.
#[test]
fn have_the_same_names_on_both() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations"));
    let names = |backend: &str| {
        let entries = std::fs::read_dir(folder.join(backend)).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
    run(Backend::Sqlite, async |db| {
        let last: i64 = names("sqlite").last().unwrap()[..4].parse().unwrap();
        assert_eq!(db.store().migrate().await.unwrap(), last);
    });
}

hub_testdb::on_both! {
    async fn can_be_run_again_and_by_many_at_once(db: TestDb) {
        let level = db.store().migrate().await.unwrap();
        let tasks: Vec<_> = (0..4)
            .map(|_| {
                let store = db.store().clone();
                tokio::spawn(async move { store.migrate().await })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap().unwrap(), level);
        }
    }

    /// A planted fault: a migration that was applied is not the one in the program.
    async fn a_changed_migration_is_refused(db: TestDb) {
        let sql = "UPDATE _sqlx_migrations SET checksum = description WHERE version = 1";
        let sql = match db.backend() {
            Backend::Sqlite => sql.replace("description", "x'00'"),
            Backend::Postgres => sql.replace("description", "CAST('\\x00' AS BYTEA)"),
        };
        testing::query(db.url(), &sql).await.unwrap();
        let refused = db.store().migrate().await;
        assert!(matches!(refused, Err(StoreError::Migrate(_))), "{refused:?}");
    }
}

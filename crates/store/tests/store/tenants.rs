use hub_store::testing;
use hub_testdb::{Backend, run};

use super::*;

/// Every table that has an authority's rows, but for those that no tenant reads.
const TABLES: &[&str] = &["submission", "payload", "record", "event", "reconciliation", "discrepancy"];

async fn fill(store: &Store) {
    for (n, authority) in [(1, lewisham()), (2, croydon())] {
        keep(store, &[arrived(authority, n)]).await;
        let mut tx = store.begin().await.unwrap();
        submission::put_payload(&mut tx, authority, id(1), 0, b"bytes").await.unwrap();
        open(&mut tx, authority, n, &["a/1"]).await.unwrap();
        let event = format!(
            "INSERT INTO event (authority, id, kind, subject, at, data) VALUES ('{authority}', 'e', 'feed.late', 's', 0, '')"
        );
        testing::query_on(&mut tx, &event).await.unwrap();
        let run = format!("INSERT INTO reconciliation VALUES ('{authority}', 0, '2026-11-20', 1, 1, 0)");
        testing::query_on(&mut tx, &run).await.unwrap();
        let found =
            format!("INSERT INTO discrepancy VALUES ('{authority}', 'd', 'host', 'mismatch', 0, 0, NULL, NULL, 0, '')");
        testing::query_on(&mut tx, &found).await.unwrap();
        tx.commit().await.unwrap();
    }
}

hub_testdb::on_both! {
    async fn reads_its_own(db: TestDb) {
        fill(db.store()).await;
        let mut link = db.store().read_as(lewisham()).await.unwrap();
        assert!(submission::find(&mut link, lewisham(), id(1)).await.unwrap().is_some());
        assert_eq!(record::count(&mut link, lewisham(), Dataset::Placements).await.unwrap(), 1);
    }
}

/// The planted fault: statements without any tenant predicate.
#[test]
fn a_statement_that_forgets_its_tenant_shows_nobody_elses_rows() {
    run(Backend::Postgres, async |db| {
        fill(db.store()).await;
        let mut link = db.store().read_as(lewisham()).await.unwrap();
        let mut plain = db.store().read().await.unwrap();
        for table in TABLES {
            let forgets = format!("SELECT authority FROM {table}");
            let seen = testing::query_on(&mut link, &forgets).await.unwrap();
            assert_eq!(seen, [[Some(lewisham().to_string())]], "{table}");
            assert_eq!(testing::query_on(&mut plain, &forgets).await.unwrap().len(), 2, "{table}");
        }
        assert_eq!(submission::locate(&mut link, id(2)).await.unwrap(), None);
        assert_eq!(record::count(&mut link, croydon(), Dataset::Placements).await.unwrap(), 0);
    });
}

/// The role can write nothing, and cannot read what is not a tenant's at all.
#[test]
fn a_tenant_may_only_read_and_only_some_tables() {
    run(Backend::Postgres, async |db| {
        fill(db.store()).await;
        for sql in [
            "DELETE FROM record",
            "UPDATE submission SET verdict = 'accepted'",
            "INSERT INTO event (authority, id, kind, subject, at, data) VALUES ('E09000023', 'x', 'k', 's', 0, '')",
            "SELECT id FROM client",
            "SELECT kid FROM signing_key",
            "SELECT id FROM job",
            "SELECT key FROM idempotency",
        ] {
            let mut link = db.store().read_as(lewisham()).await.unwrap();
            let refused = testing::query_on(&mut link, sql).await.unwrap_err();
            assert!(format!("{refused:?}").contains("42501"), "{sql}: {refused:?}");
        }
    });
}

/// A connection that served a tenant serves the hub again, and the other way round.
#[test]
fn a_connection_forgets_whom_it_served() {
    run(Backend::Postgres, async |db| {
        fill(db.store()).await;
        let store = db.reopen(1).await;
        for _ in 0..3 {
            let mut link = store.read_as(lewisham()).await.unwrap();
            assert_eq!(testing::query_on(&mut link, "SELECT authority FROM record").await.unwrap().len(), 1);
            drop(link);
            let mut link = store.read().await.unwrap();
            assert_eq!(testing::query_on(&mut link, "SELECT authority FROM record").await.unwrap().len(), 2);
            drop(link);
            let mut link = store.read_as(croydon()).await.unwrap();
            let seen = testing::query_on(&mut link, "SELECT authority FROM record").await.unwrap();
            assert_eq!(seen, [[Some(croydon().to_string())]]);
        }
    });
}

/// Every table with an authority is under row-level security, or is named here as one that no tenant may read.
#[test]
fn no_table_with_an_authority_is_open() {
    run(Backend::Postgres, async |db| {
        let sql = "SELECT CAST(c.relname AS TEXT) FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid \
                   WHERE a.attname = 'authority' AND c.relkind = 'r' AND NOT c.relrowsecurity \
                   AND has_table_privilege('hub_tenant', c.oid, 'SELECT') ORDER BY 1";
        assert_eq!(testing::query(db.url(), sql).await.unwrap(), Vec::<testing::Cells>::new());
    });
}

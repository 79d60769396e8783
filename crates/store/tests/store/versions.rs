use hub_store::record::{Version, close, closed_by, last_closed_as_at, opened_by};

use super::*;

const DATASET: Dataset = Dataset::Placements;

async fn gather(link: &mut hub_store::Link, seq: i64) -> (Vec<String>, Vec<String>) {
    let (mut opened, mut closed) = (Vec::new(), Vec::new());
    let name = |version: Version| format!("{}@{}", version.key, version.known_from);
    opened_by(link, lewisham(), DATASET, seq, |version| {
        opened.push(name(version));
        Ok(())
    })
    .await
    .unwrap();
    closed_by(link, lewisham(), DATASET, seq, |version| {
        closed.push(name(version));
        Ok(())
    })
    .await
    .unwrap();
    opened.sort_unstable();
    closed.sort_unstable();
    (opened, closed)
}

hub_testdb::on_both! {
    async fn a_submission_knows_what_it_opened_and_closed(db: TestDb) {
        let mut tx = db.store().begin().await.unwrap();
        open(&mut tx, lewisham(), 1, &["a/1", "b/1"]).await.unwrap();
        open(&mut tx, croydon(), 2, &["a/1"]).await.unwrap();
        close(&mut tx, lewisham(), DATASET, 2, &owned(&["a/1"])).await.unwrap();
        open(&mut tx, lewisham(), 2, &["a/1", "c/1"]).await.unwrap();
        assert_eq!(gather(&mut tx, 1).await, (owned(&["a/1@1", "b/1@1"]), vec![]));
        assert_eq!(gather(&mut tx, 2).await, (owned(&["a/1@2", "c/1@2"]), owned(&["a/1@1"])));
        assert_eq!(gather(&mut tx, 3).await, (vec![], vec![]));
    }

    /// Only keys that are believed no longer, and the date of whoever closed them last.
    async fn a_closed_key_knows_who_closed_it(db: TestDb) {
        let on = |authority, seq, as_at| Submission { as_at: day(as_at), ..arrived(authority, seq) };
        keep(
            db.store(),
            &[on(lewisham(), 1, "2026-11-01"), on(lewisham(), 2, "2026-11-02"), on(lewisham(), 3, "2026-11-03")],
        )
        .await;
        keep(db.store(), &[on(croydon(), 2, "2026-01-01")]).await;
        let mut tx = db.store().begin().await.unwrap();
        open(&mut tx, lewisham(), 1, &["twice/1", "once/1", "amended/1", "still/1"]).await.unwrap();
        close(&mut tx, lewisham(), DATASET, 2, &owned(&["twice/1", "once/1", "amended/1"])).await.unwrap();
        open(&mut tx, lewisham(), 2, &["twice/1", "amended/1"]).await.unwrap();
        close(&mut tx, lewisham(), DATASET, 3, &owned(&["twice/1"])).await.unwrap();
        let asked = owned(&["twice/1", "once/1", "amended/1", "still/1", "never/1"]);
        let closed = last_closed_as_at(&mut tx, lewisham(), DATASET, &asked).await.unwrap();
        assert_eq!(
            closed,
            [("once/1".to_owned(), day("2026-11-02")), ("twice/1".to_owned(), day("2026-11-03"))]
        );
        assert_eq!(last_closed_as_at(&mut tx, croydon(), DATASET, &asked).await.unwrap(), []);
    }

    async fn one_version_of_a_key_is_believed_at_most(db: TestDb) {
        let mut tx = db.store().begin().await.unwrap();
        open(&mut tx, lewisham(), 1, &["a/1"]).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.store().begin().await.unwrap();
        let twice = open(&mut tx, lewisham(), 2, &["b/1", "a/1"]).await;
        assert!(matches!(twice, Err(StoreError::Unique(_))), "{twice:?}");
        drop(tx);
        let mut tx = db.store().begin().await.unwrap();
        open(&mut tx, lewisham(), 2, &["b/1"]).await.unwrap();
        close(&mut tx, lewisham(), DATASET, 2, &owned(&["a/1"])).await.unwrap();
        open(&mut tx, lewisham(), 2, &["a/1"]).await.unwrap();
        tx.commit().await.unwrap();
    }
}

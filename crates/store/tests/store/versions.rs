use hub_store::record::{Loader, Version, close, closed_by, last_said, opened_by};

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
    /// Of what it opened, what is still believed.
    async fn a_submission_knows_what_it_opened_and_closed(db: TestDb) {
        let mut tx = db.store().begin().await.unwrap();
        open(&mut tx, lewisham(), 1, &["a/1", "b/1"]).await.unwrap();
        open(&mut tx, croydon(), 2, &["a/1"]).await.unwrap();
        close(&mut tx, lewisham(), DATASET, 2, &owned(&["a/1"])).await.unwrap();
        open(&mut tx, lewisham(), 2, &["a/1", "c/1"]).await.unwrap();
        assert_eq!(gather(&mut tx, 1).await, (owned(&["b/1@1"]), vec![]));
        assert_eq!(gather(&mut tx, 2).await, (owned(&["a/1@2", "c/1@2"]), owned(&["a/1@1"])));
        assert_eq!(gather(&mut tx, 3).await, (vec![], vec![]));
    }

    /// Only keys that are believed no longer, and the date of whoever closed them last.
    async fn what_was_ever_said_of_a_key_is_dated(db: TestDb) {
        let mut tx = db.store().begin().await.unwrap();
        let mut say = async |seq, as_at: &str, key: &str| {
            let mut loader = Loader::new(lewisham(), DATASET, seq, day(as_at));
            loader.push(&mut tx, key, [7; 16], "[]").await.unwrap();
            loader.finish(&mut tx).await.unwrap();
            close(&mut tx, lewisham(), DATASET, seq + 1, &owned(&[key])).await.unwrap();
        };
        say(1, "2026-11-01", "twice/1").await;
        say(3, "2026-11-03", "twice/1").await;
        say(5, "2026-11-02", "twice/1").await;
        say(7, "2026-11-02", "once/1").await;
        let asked = owned(&["twice/1", "once/1", "never/1"]);
        let said = last_said(&mut tx, lewisham(), DATASET, &asked).await.unwrap();
        assert_eq!(said, [("once/1".to_owned(), day("2026-11-02")), ("twice/1".to_owned(), day("2026-11-03"))]);
        assert_eq!(last_said(&mut tx, croydon(), DATASET, &asked).await.unwrap(), []);
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

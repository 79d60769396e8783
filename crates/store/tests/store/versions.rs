use hub_store::record::close;

use super::*;

const DATASET: Dataset = Dataset::Placements;

hub_testdb::on_both! {
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

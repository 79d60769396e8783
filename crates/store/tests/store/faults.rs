use std::error::Error as _;

use super::*;

/// A key that must not be seen anywhere but in the table.
const CANARY: &str = "CANARY-7f3a/2026-01-01";

hub_testdb::on_both! {
    /// PostgreSQL's DETAIL line quotes the key of a row that is there already: it must not reach a log.
    async fn never_say_whose_row_it_was(db: TestDb) {
        let mut tx = db.store().begin().await.unwrap();
        open(&mut tx, lewisham(), 1, &[CANARY]).await.unwrap();
        let fault = open(&mut tx, lewisham(), 2, &[CANARY]).await.unwrap_err();
        let cause = fault.source().unwrap();
        let beneath = cause.source().map(|error| format!("{error:?} {error}"));
        let said = format!("{fault:?} {fault} {cause:?} {cause} {beneath:?}");
        assert!(said.contains("nique") && !said.contains("CANARY"), "{said}");
        assert!(!fault.is_retryable());
    }

    async fn a_version_does_not_show_its_child(db: TestDb) {
        let mut tx = db.store().begin().await.unwrap();
        open(&mut tx, lewisham(), 1, &[CANARY]).await.unwrap();
        let found = record::by_keys(&mut tx, lewisham(), Dataset::Placements, &owned(&[CANARY])).await.unwrap();
        let said = format!("{found:?} {tx:?}");
        assert!(said.contains("known_from") && !said.contains("CANARY"), "{said}");
    }

    async fn a_second_submission_of_the_same_number_is_unique(db: TestDb) {
        keep(db.store(), &[arrived(lewisham(), 1)]).await;
        for double in [Submission { id: id(9), ..arrived(lewisham(), 1) }, Submission { seq: 9, ..arrived(lewisham(), 1) }] {
            let mut tx = db.store().begin().await.unwrap();
            let fault = submission::insert(&mut tx, &double).await.unwrap_err();
            assert!(matches!(fault, StoreError::Unique(_)), "{fault:?}");
        }
        keep(db.store(), &[arrived(croydon(), 1)]).await;
    }
}

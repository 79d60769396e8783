//! What placing authorities stated: appended, read by either side, never changed.

#![cfg(test)]

use hub_domain::{AuthorityCode, Timestamp};
use hub_notices::StatementKind;
use hub_store::statement::{StatementRow, append, find, last, of_notice};
use hub_store::{Store, StoreError};
use uuid::Uuid;

const NOTICE: Uuid = Uuid::from_u128(7);

fn lewisham() -> AuthorityCode {
    "E09000023".parse().unwrap()
}

fn row(n: i64, kind: StatementKind) -> StatementRow {
    StatementRow {
        authority: lewisham(),
        notice: NOTICE,
        n,
        id: Uuid::from_u128(100 + u128::try_from(n).unwrap()),
        kind,
        provisional: n == 1,
        at: Timestamp::from_second(1_780_000_000 + n).unwrap(),
        client: "lewisham-placements".into(),
        key_id: (n % 2 == 0).then(|| "key-1".to_owned()),
        body: r#"{"iro_name":"\"é\""}"#.into(),
    }
}

async fn keep(store: &Store, row: &StatementRow) -> Result<(), StoreError> {
    let mut tx = store.begin().await.unwrap();
    append(&mut tx, row).await?;
    tx.commit().await
}

hub_testdb::on_both! {
    async fn statements_are_read_in_order_as_they_were_made(db: TestDb) {
        let (first, second) = (row(1, StatementKind::Placement), row(2, StatementKind::Change));
        keep(db.store(), &first).await.unwrap();
        keep(db.store(), &second).await.unwrap();
        let mut link = db.store().read_as(lewisham()).await.unwrap();
        assert_eq!(of_notice(&mut link, lewisham(), NOTICE).await.unwrap(), [first, second.clone()]);
        assert_eq!(find(&mut link, lewisham(), second.id).await.unwrap(), Some(second.clone()));
        assert_eq!(last(&mut link, lewisham(), NOTICE).await.unwrap(), 2);
        assert_eq!(last(&mut link, lewisham(), Uuid::nil()).await.unwrap(), 0);
        let croydon: AuthorityCode = "E09000008".parse().unwrap();
        assert_eq!(find(&mut link, croydon, second.id).await.unwrap(), None);
    }

    async fn a_place_is_taken_once(db: TestDb) {
        keep(db.store(), &row(1, StatementKind::Placement)).await.unwrap();
        let rival = StatementRow { id: Uuid::nil(), ..row(1, StatementKind::Change) };
        assert!(matches!(keep(db.store(), &rival).await, Err(StoreError::Unique(..))));
    }
}

#[test]
fn debug_shows_nothing_of_what_was_said() {
    let text = format!("{:?}", StatementRow { body: "canary".into(), ..row(1, StatementKind::Consult) });
    assert!(text.contains("Consult") && !text.contains("canary"), "{text}");
}

//! Releases: numbered, whole, unchanging.

#![cfg(test)]

use hub_domain::{IdSource as _, SequentialIds, Timestamp};
use hub_store::StoreError;
use hub_store::release::{self, CONSORTIUM, PUBLIC, Passed, Release, TableBytes};

fn published(ids: &SequentialIds, number: i64) -> Release {
    Release {
        id: ids.next(),
        number,
        as_at: "2026-06-01".parse().unwrap(),
        published_at: Timestamp::from_second(1_780_000_000 + number).unwrap(),
        digest: format!("digest-{number}"),
        reason: "schedule".into(),
        basis: r#"{"E09000023":7}"#.into(),
        summary: "{}".into(),
        audience: CONSORTIUM.into(),
    }
}

fn table(name: &str) -> TableBytes {
    TableBytes { name: name.into(), json: b"[1,\0]".to_vec(), csv: b"a,b\n".to_vec(), digest: format!("of-{name}") }
}

hub_testdb::on_both! {
    async fn the_latest_release_is_the_highest_number(db: TestDb) {
        let ids = SequentialIds::default();
        let mut link = db.store().read().await.unwrap();
        assert_eq!(release::latest(&mut link, CONSORTIUM).await.unwrap(), None);
        let mut kept = Vec::new();
        for expected in 1..=3 {
            let mut tx = db.store().begin().await.unwrap();
            let number = release::next_number(&mut tx, CONSORTIUM).await.unwrap();
            assert_eq!(number, expected);
            let one = published(&ids, number);
            release::insert(&mut tx, &one, &[table("flows"), table("children_in_care")]).await.unwrap();
            tx.commit().await.unwrap();
            kept.push(one);
        }
        assert_eq!(release::latest(&mut link, CONSORTIUM).await.unwrap().as_ref(), kept.last());
        assert_eq!(release::find(&mut link, kept[0].id).await.unwrap().as_ref(), kept.first());
        assert_eq!(release::find(&mut link, ids.next()).await.unwrap(), None);
        let page = release::list(&mut link, CONSORTIUM, None, 2).await.unwrap();
        assert_eq!(page, [kept[2].clone(), kept[1].clone()]);
        assert_eq!(release::list(&mut link, CONSORTIUM, Some(2), 2).await.unwrap(), [kept[0].clone()]);
        let tables = release::tables(&mut link, kept[1].id).await.unwrap();
        assert_eq!(tables, [table("children_in_care"), table("flows")]);
        assert_eq!(release::tables(&mut link, ids.next()).await.unwrap(), []);
    }

    async fn audiences_count_apart_and_remember_apart(db: TestDb) {
        let ids = SequentialIds::default();
        let mut tx = db.store().begin().await.unwrap();
        for number in 1..=3 {
            release::insert(&mut tx, &published(&ids, number), &[]).await.unwrap();
            let passed = Passed { policy: "{}".into(), memory: vec![0, u8::try_from(number).unwrap()], inputs: vec![9] };
            release::remember(&mut tx, CONSORTIUM, number, &passed).await.unwrap();
        }
        let open = Release { audience: PUBLIC.into(), ..published(&ids, 1) };
        release::insert(&mut tx, &open, &[]).await.unwrap();
        tx.commit().await.unwrap();
        let mut link = db.store().read().await.unwrap();
        assert_eq!(release::next_number(&mut link, CONSORTIUM).await.unwrap(), 4);
        assert_eq!(release::next_number(&mut link, PUBLIC).await.unwrap(), 2);
        assert_eq!(release::latest(&mut link, PUBLIC).await.unwrap(), Some(open));
        let kept = release::memories(&mut link, CONSORTIUM, 3, 12).await.unwrap();
        assert_eq!(kept, [vec![0, 2], vec![0, 1]], "those before the third, the latest first");
        assert_eq!(release::memories(&mut link, PUBLIC, 9, 12).await.unwrap().len(), 0);
        assert_eq!(release::passed(&mut link, CONSORTIUM, 2).await.unwrap().unwrap().inputs, [9]);
        assert_eq!(release::passed(&mut link, PUBLIC, 1).await.unwrap(), None);
    }

    async fn a_number_is_given_once(db: TestDb) {
        let ids = SequentialIds::default();
        let mut tx = db.store().begin().await.unwrap();
        release::insert(&mut tx, &published(&ids, 1), &[]).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.store().begin().await.unwrap();
        let second = release::insert(&mut tx, &published(&ids, 1), &[]).await;
        assert!(matches!(second, Err(StoreError::Unique(_))));
    }

    async fn a_release_is_seen_whole_or_not_at_all(db: TestDb) {
        let ids = SequentialIds::default();
        let one = published(&ids, 1);
        let mut tx = db.store().begin().await.unwrap();
        release::insert(&mut tx, &one, &[table("flows")]).await.unwrap();
        let mut link = db.store().read().await.unwrap();
        assert_eq!(release::latest(&mut link, CONSORTIUM).await.unwrap(), None);
        assert_eq!(release::tables(&mut link, one.id).await.unwrap(), []);
        tx.commit().await.unwrap();
        assert_eq!(release::latest(&mut link, CONSORTIUM).await.unwrap(), Some(one));
    }
}

//! Releases: numbered, whole, unchanging.

#![cfg(test)]

use hub_domain::{IdSource as _, SequentialIds, Timestamp};
use hub_store::StoreError;
use hub_store::release::{self, CONSORTIUM, Days, PUBLIC, Passed, Release, TableBytes, Which};

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

    async fn a_table_is_found_in_the_releases_of_some_days(db: TestDb) {
        let ids = SequentialIds::default();
        let day = |text: &str| text.parse().unwrap();
        let mut tx = db.store().begin().await.unwrap();
        for (number, as_at) in [(1, "2026-05-30"), (2, "2026-05-31"), (3, "2026-05-31"), (4, "2026-06-01")] {
            let one = Release { as_at: day(as_at), ..published(&ids, number) };
            let tables = if number == 1 { vec![table("other")] } else { vec![table("flows"), table("other")] };
            release::insert(&mut tx, &one, &tables).await.unwrap();
        }
        let open = Release { audience: PUBLIC.into(), ..published(&ids, 1) };
        release::insert(&mut tx, &open, &[table("flows")]).await.unwrap();
        tx.commit().await.unwrap();
        let mut link = db.store().read().await.unwrap();
        let mut numbers = async |which, from: &str, to: &str, page: (i64, i64)| {
            let days = Days { from: day(from), to: day(to) };
            let found = release::editions(&mut link, (CONSORTIUM, "flows"), (days, which), page).await.unwrap();
            found.into_iter().map(|edition| (edition.number, edition.as_at.to_string(), edition.bytes)).collect::<Vec<_>>()
        };
        let (second, third) = ((2, "2026-05-31".to_owned(), 5), (3, "2026-05-31".to_owned(), 5));
        let may = ("2026-05-01", "2026-06-01");
        assert_eq!(numbers(Which::Every, may.0, may.1, (0, 9)).await, [second.clone(), third.clone()], "the end is not in it");
        assert_eq!(numbers(Which::Last, may.0, may.1, (0, 9)).await, std::slice::from_ref(&third));
        assert_eq!(numbers(Which::Every, may.0, may.1, (0, 1)).await, [second]);
        assert_eq!(numbers(Which::Every, may.0, may.1, (2, 9)).await, [third]);
        assert_eq!(numbers(Which::Every, "2026-06-01", "2026-06-02", (0, 9)).await, [(4, "2026-06-01".to_owned(), 5)]);
        assert_eq!(numbers(Which::Every, "2026-06-02", "2026-06-02", (0, 9)).await, []);
        let days = Days { from: day(may.0), to: day(may.1) };
        let list = release::list_of(&mut link, CONSORTIUM, days, (None, 2)).await.unwrap();
        assert_eq!(list.iter().map(|release| release.number).collect::<Vec<_>>(), [3, 2]);
        assert_eq!(release::table(&mut link, list[0].id, "flows").await.unwrap(), Some(table("flows")));
        assert_eq!(release::table(&mut link, list[0].id, "none").await.unwrap(), None);
        let began = release::began(&mut link, CONSORTIUM).await.unwrap();
        assert_eq!(began.into_iter().collect::<Vec<_>>(), [("flows".into(), day("2026-05-31")), ("other".into(), day("2026-05-30"))]);
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

use std::collections::BTreeMap;

use hub_store::record::{as_known, believed, believed_index, by_keys, by_prefixes, close, count};

use super::*;

const DATASET: Dataset = Dataset::Placements;

/// Letters that JSON, SQL or an order could trip over.
const ODD: &[&str] =
    &["a/2", "a/10", "A/1", "ä/1", "quote\"/1", "back\\slash/1", "tab\t/1", "o'clock/1", "𝛑/1", "-/1", "_/1"];

async fn all(link: &mut hub_store::Link) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    believed(link, lewisham(), DATASET, |key, body| {
        assert!(found.insert(key.to_owned(), body.to_owned()).is_none());
        Ok(())
    })
    .await
    .unwrap();
    found
}

hub_testdb::on_both! {
    async fn every_way_of_reading_agrees(db: TestDb) {
        let mut tx = db.store().begin().await.unwrap();
        assert_eq!(open(&mut tx, lewisham(), 1, ODD).await.unwrap(), ODD.len() as u64);
        open(&mut tx, croydon(), 1, &["a/2", "theirs/1"]).await.unwrap();
        tx.commit().await.unwrap();
        let mut link = db.store().read().await.unwrap();
        let expected: BTreeMap<_, _> = ODD.iter().map(|key| ((*key).to_owned(), body(key, 1))).collect();
        assert_eq!(all(&mut link).await, expected);
        assert_eq!(count(&mut link, lewisham(), DATASET).await.unwrap(), 11);
        assert_eq!(count(&mut link, lewisham(), Dataset::Quality).await.unwrap(), 0);
        let mut index = BTreeMap::new();
        believed_index(&mut link, lewisham(), DATASET, |key, fingerprint| {
            index.insert(key.to_owned(), fingerprint);
            Ok(())
        })
        .await
        .unwrap();
        assert!(index.keys().eq(expected.keys()));
        assert!(index.values().all(|value| *value == [1; 16]));
        let found = by_keys(&mut link, lewisham(), DATASET, &owned(ODD)).await.unwrap();
        assert!(found.iter().map(|version| (&version.key, &version.body)).eq(expected.iter()));
        assert!(found.iter().all(|version| version.known_from == 1 && version.as_at == day("2026-11-20")));
    }

    async fn keys_are_found_once_and_the_rest_left_out(db: TestDb) {
        let mut tx = db.store().begin().await.unwrap();
        open(&mut tx, lewisham(), 1, &["a/1", "b/1"]).await.unwrap();
        let asked = owned(&["b/1", "b/1", "absent/1", "a"]);
        let found = by_keys(&mut tx, lewisham(), DATASET, &asked).await.unwrap();
        assert_eq!(found.iter().map(|version| version.key.as_str()).collect::<Vec<_>>(), ["b/1"]);
        assert_eq!(by_keys(&mut tx, lewisham(), DATASET, &[]).await.unwrap(), []);
    }

    /// A prefix is bytes, not a pattern: `%` and `_` mean themselves, and neighbours in any language's order stay out.
    async fn prefixes_are_taken_to_the_letter(db: TestDb) {
        let keys = ["a/1", "a/2", "A/1", "aa/1", "ab/1", "a%/1", "a_/1", "ä/1", "a/é", "a/𝛑"];
        let mut tx = db.store().begin().await.unwrap();
        open(&mut tx, lewisham(), 1, &keys).await.unwrap();
        open(&mut tx, croydon(), 1, &["a/3"]).await.unwrap();
        let find = async |tx: &mut Tx, prefixes: &[&str]| {
            let found = by_prefixes(tx, lewisham(), DATASET, &owned(prefixes)).await.unwrap();
            found.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
        };
        assert_eq!(find(&mut tx, &["a/"]).await, ["a/1", "a/2", "a/é", "a/𝛑"]);
        assert_eq!(find(&mut tx, &["a_/", "a%/"]).await, ["a%/1", "a_/1"]);
        assert_eq!(find(&mut tx, &["aa/", "a/1", "a/", "none/"]).await, ["a/1", "a/2", "a/é", "a/𝛑", "aa/1"]);
        assert_eq!(find(&mut tx, &[]).await, Vec::<String>::new());
    }

    /// Open, amend, close, open again: what was believed after each stays readable.
    async fn what_was_believed_stays_readable(db: TestDb) {
        let mut tx = db.store().begin().await.unwrap();
        open(&mut tx, lewisham(), 1, &["a/1", "b/1", "c/1"]).await.unwrap();
        assert_eq!(close(&mut tx, lewisham(), DATASET, 2, &owned(&["a/1", "b/1", "absent"])).await.unwrap(), 2);
        open(&mut tx, lewisham(), 2, &["a/1"]).await.unwrap();
        open(&mut tx, lewisham(), 4, &["b/1"]).await.unwrap();
        tx.commit().await.unwrap();
        let mut link = db.store().read().await.unwrap();
        let mut history = Vec::new();
        for seq in 0..=4 {
            let mut then = BTreeMap::new();
            as_known(&mut link, lewisham(), DATASET, seq, |key, body| {
                assert!(then.insert(key.to_owned(), body.to_owned()).is_none());
                Ok(())
            })
            .await
            .unwrap();
            history.push(then.into_values().collect::<Vec<_>>());
        }
        let (a, b, c) = (|seq| body("a/1", seq), |seq| body("b/1", seq), body("c/1", 1));
        let second = vec![a(2), c.clone()];
        assert_eq!(
            history,
            [vec![], vec![a(1), b(1), c.clone()], second.clone(), second, vec![a(2), b(4), c]]
        );
        assert!(all(&mut link).await.into_values().eq(history.pop().unwrap()));
    }

    /// More than is sorted in memory: rows in order are written as they come, rows out of order by way of files, and rows
    /// that fall out of order half-way by both.
    async fn loads_more_than_memory_holds(db: TestDb) {
        let filler = "x".repeat(4_000);
        let orders: [fn(u32) -> u32; 3] =
            [|n| n, |n| n.wrapping_mul(2_654_435_761), |n| if n < 9_000 { n } else { n.wrapping_mul(2_654_435_761) | 1 << 20 }];
        for (seq, order) in (1..).zip(orders) {
            let mut tx = db.store().begin().await.unwrap();
            let mut loader = record::Loader::new(lewisham(), DATASET, seq, day("2026-11-20"));
            let mut keys = Vec::new();
            for n in 0..15_000 {
                let key = format!("{:08x}/1", order(n));
                loader.push(&mut tx, &key, [0; 16], &format!("[{n},\"{filler}\"]")).await.unwrap();
                keys.push(key);
            }
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(loader.finish(&mut tx).await.unwrap(), keys.len() as u64);
            let mut found = Vec::new();
            believed(&mut tx, lewisham(), DATASET, |key, body| {
                assert!(body.ends_with("xx\"]") && body.len() > 4_000);
                found.push(key.to_owned());
                Ok(())
            })
            .await
            .unwrap();
            found.sort_unstable();
            assert!(found == keys, "order {seq}");
        }
    }

    /// More rows than a statement, a message or a batch holds; in no order; more keys than a statement takes.
    async fn loads_and_closes_many(db: TestDb) {
        let n = 40_000_u32;
        let filler = "x".repeat(300);
        let mut tx = db.store().begin().await.unwrap();
        let mut loader = record::Loader::new(lewisham(), DATASET, 1, day("2026-11-20"));
        for i in 0..n {
            let scattered = i.wrapping_mul(2_654_435_761);
            let mut fingerprint = [0; 16];
            fingerprint[..4].copy_from_slice(&i.to_be_bytes());
            loader.push(&mut tx, &format!("{scattered:08x}/1"), fingerprint, &format!("[{i},\"{filler}\"]")).await.unwrap();
        }
        assert_eq!(loader.finish(&mut tx).await.unwrap(), u64::from(n));
        tx.commit().await.unwrap();
        let mut tx = db.store().begin().await.unwrap();
        let mut sum = 0_u64;
        let mut keys = Vec::new();
        believed_index(&mut tx, lewisham(), DATASET, |key, fingerprint| {
            sum += u64::from(u32::from_be_bytes(fingerprint[..4].try_into().unwrap()));
            keys.push(key.to_owned());
            Ok(())
        })
        .await
        .unwrap();
        assert_eq!((keys.len(), sum), (n as usize, u64::from(n) * u64::from(n - 1) / 2));
        keys.truncate(5_001);
        assert_eq!(close(&mut tx, lewisham(), DATASET, 2, &keys).await.unwrap(), 5_001);
        assert_eq!(count(&mut tx, lewisham(), DATASET).await.unwrap(), i64::from(n) - 5_001);
    }
}

//! What was said of bank holidays: kept word by word, the last one last.

#![cfg(test)]

use hub_domain::Timestamp;
use hub_store::holiday::{Said, all, say};

fn said(day: &str, is_holiday: bool, name: &str, at: i64) -> Said {
    let said_at = Timestamp::from_second(1_780_000_000 + at).unwrap();
    Said { day: day.parse().unwrap(), is_holiday, name: name.into(), said_at }
}

hub_testdb::on_both! {
    async fn every_word_on_a_day_is_kept_in_order(db: TestDb) {
        // The same moment twice, and a clock that went back: what was said last is last all the same.
        let words = [
            said("2026-09-07", true, "Made up", 5),
            said("2026-09-07", false, "", 5),
            said("2026-09-07", true, "Made up after all", 1),
        ];
        let earlier = said("2026-05-08", true, "Moved", 9);
        let mut tx = db.store().begin().await.unwrap();
        for word in words.iter().chain([&earlier]) {
            say(&mut tx, word).await.unwrap();
        }
        tx.commit().await.unwrap();
        let kept = all(&mut db.store().read().await.unwrap()).await.unwrap();
        let expected: Vec<Said> = [earlier].into_iter().chain(words).collect();
        assert_eq!(kept, expected);
    }
}

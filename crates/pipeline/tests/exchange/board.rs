//! The live vacancy board is as its feeds are.

use std::sync::Arc;

use hub_domain::Dataset;
use hub_pipeline::submissions;
use hub_pipeline::vacancies::board;
use hub_sufficiency::Filter;

use crate::rig::{Rig, Row, home, on, visit};

fn homes(count: usize) -> Vec<Row> {
    (0..count).map(|n| home(&format!("st-{n}"))).collect()
}

/// Settings shown, and how many of them can be used.
async fn shown(rig: &Rig) -> (usize, usize) {
    let entries = board(&rig.hub).await.unwrap().board.search(None, &Filter::default());
    (entries.len(), entries.iter().filter(|entry| entry.usable).count())
}

hub_testdb::on_both! {
    async fn the_board_follows_its_feeds(db: TestDb) {
        let rig = Rig::over(db).await;
        assert_eq!(shown(&rig).await, (0, 0));
        rig.clock.advance(60);
        rig.apply(&on("2026-07-20", &homes(3)).of(Dataset::Vacancies)).await;
        assert_eq!(shown(&rig).await, (3, 3));
        let (one, two) = (board(&rig.hub).await.unwrap(), board(&rig.hub).await.unwrap());
        assert!(Arc::ptr_eq(&one, &two), "nothing changed: nothing is read again");

        // A suspension takes a home off at once, whoever raised it.
        rig.clock.advance(60);
        let suspension = visit("s1", "st-1").with("kind", "suspension").with("in_force_from", "2026-07-20").with("overall", ());
        let sent = rig.send(&on("2026-07-20", &[suspension.with("score_safety", ())]).of(Dataset::Quality)).await;
        assert_eq!(shown(&rig).await, (3, 2));
        rig.clock.advance(60);
        submissions::withdraw(&rig.hub, sent.authority, sent.id).await.unwrap();
        assert_eq!(shown(&rig).await, (3, 3));

        // Another replica sees the same.
        let (other, _) = rig.replica().await;
        rig.clock.advance(60);
        rig.apply(&on("2026-07-20", &homes(4)).of(Dataset::Vacancies)).await;
        assert_eq!(board(&other).await.unwrap().board.search(None, &Filter::default()).len(), 4);
    }

    async fn a_new_day_ages_the_board(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-20", &homes(1)).of(Dataset::Vacancies)).await;
        let tonight = board(&rig.hub).await.unwrap();
        rig.clock.advance(40 * 24 * 3600);
        let later = board(&rig.hub).await.unwrap();
        assert!(tonight.board.as_at() < later.board.as_at());
        assert_eq!(shown(&rig).await, (1, 0), "nobody has looked for forty days");
    }
}

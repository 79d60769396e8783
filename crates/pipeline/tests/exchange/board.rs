//! The live vacancy board is as its feeds are.

use std::sync::Arc;

use hub_domain::Dataset;
use hub_pipeline::publish::{VACANCY_DISPUTED, publish};
use hub_pipeline::submissions;
use hub_pipeline::vacancies::board;
use hub_store::event::{self, Reader};
use hub_sufficiency::Filter;

use crate::rig::{BROMLEY, LEWISHAM, Rig, Row, code, episode, home, on, visit};

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

    /// A home went on being offered for a week after somebody had moved in: its reporter's other vacancies are believed less.
    async fn a_reporters_past_word_counts(db: TestDb) {
        let rig = Rig::over(db).await;
        let said = |as_at: &str, places: u32| {
            let look = format!("{as_at}T16:05:00Z");
            let stale = home("st-1").with("available_places", places).with("occupied_places", 3 - places);
            [stale.with("confirmed_at", "2026-07-01T16:05:00Z"), home("st-2").with("confirmed_at", look)]
        };
        rig.apply(&on("2026-07-01", &said("2026-07-01", 1)).of(Dataset::Vacancies)).await;
        rig.clock.advance(60);
        rig.apply(&on("2026-07-20", &said("2026-07-20", 0)).of(Dataset::Vacancies)).await;
        let reliability = async || {
            let found = board(&rig.hub).await.unwrap().board.search(None, &Filter::default());
            let entry = found.into_iter().find(|entry| entry.setting_ref == "st-2").unwrap();
            entry.confidence.reasons.iter().find(|reason| reason.about == "reliability").unwrap().points
        };
        assert_eq!(reliability().await, 15, "st-1 and st-2 were said to have a place, and nothing speaks against it");
        rig.clock.advance(60);
        let moved = episode("a", "2026-07-08").with("setting_ref", "st-1").with("urn", "1234567");
        rig.apply(&on("2026-07-20", &[moved])).await;
        assert_eq!(reliability().await, 10);
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

    async fn a_home_that_two_authorities_report_differently_is_said_to_both_and_nobody_else(db: TestDb) {
        let rig = Rig::over(db).await;
        let theirs = home("st-1").with("available_places", 1).with("occupied_places", 2);
        let older = theirs.with("confirmed_at", "2026-07-19T09:00:00Z");
        rig.apply(&on("2026-07-20", &[older, home("st-2")]).of(Dataset::Vacancies).from(BROMLEY)).await;
        rig.apply(&on("2026-07-20", &homes(3)).of(Dataset::Vacancies)).await;
        for _ in 0..2 {
            publish(&rig.hub, "request").await.unwrap();
        }
        for (own, other) in [(LEWISHAM, BROMLEY), (BROMLEY, LEWISHAM)] {
            let mut link = rig.hub.store.read_as(code(own)).await.unwrap();
            let told = event::list(&mut link, Reader::Sender(code(own)), None, 100).await.unwrap();
            let told: Vec<_> = told.iter().filter(|event| event.kind == VACANCY_DISPUTED).collect();
            assert_eq!(told.len(), 1, "once, however often a release is published");
            let data: serde_json::Value = serde_json::from_str(&told[0].data).unwrap();
            assert_eq!((&data["setting_ref"], &data["with"], &data["counts"]), (&"st-1".into(), &other.into(), &LEWISHAM.into()));
            assert_eq!(data["columns"], serde_json::json!(["occupied_places", "available_places"]));
        }
        let all = event::list(&mut *rig.link().await, Reader::Operator(None), None, 100).await.unwrap();
        assert_eq!(all.iter().filter(|event| event.kind == VACANCY_DISPUTED).count(), 2);
        rig.clock.set(crate::rig::at("2026-08-01T06:00:00Z"));
        publish(&rig.hub, "request").await.unwrap();
        let all = event::list(&mut *rig.link().await, Reader::Operator(None), None, 100).await.unwrap();
        assert_eq!(all.iter().filter(|event| event.kind == VACANCY_DISPUTED).count(), 4, "again, the month after");
    }
}

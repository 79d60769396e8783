//! The guard: a truncated file never silently empties a borough.

use std::time::Duration;

use hub_pipeline::submissions::{self, Refused};
use hub_store::submission::{State, Verdict};

use crate::rig::{Parcel, Rig, Row, episode, on};

/// A file with its heading row and nothing below it.
fn headings(as_at: &str) -> Parcel {
    on(as_at, &[]).csv(&hub_contract::csv_template(hub_contract::contract(hub_domain::Dataset::Placements)))
}

fn children(count: usize) -> Vec<Row> {
    (0..count).map(|n| episode(&n.to_string(), "2026-03-02")).collect()
}

hub_testdb::on_both! {
    async fn a_feed_that_shrinks_is_held_until_confirmed(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-19", &children(20))).await;
        // A fifth may go; more waits for its sender.
        assert_eq!(rig.apply(&on("2026-07-19", &children(16))).await.closed, 4);
        let held = rig.send(&on("2026-07-20", &children(10))).await;
        assert_eq!(held.verdict, Some(Verdict::Held));
        assert_eq!(held.held_reason.as_deref(), Some("it would close 6 of 16 records; more than 20 % needs your confirmation"));
        assert_eq!(rig.believed().await.len(), 16, "nothing is applied");
        let before = rig.as_known(crate::rig::LEWISHAM, held.seq).await;

        submissions::confirm(&rig.hub, held.authority, held.id).await.unwrap();
        rig.run().await;
        let confirmed = rig.submission(held.authority, held.id).await;
        assert_eq!(confirmed.verdict, Some(Verdict::Accepted));
        assert_eq!(confirmed.counts.unwrap().closed, 6);
        assert_eq!(rig.believed().await.len(), 10);
        assert_eq!(before.len(), 16);
        let again = submissions::confirm(&rig.hub, held.authority, held.id).await;
        assert!(matches!(again, Err(Refused::NotHeld)));
    }

    async fn a_feed_that_ends_the_care_of_many_is_held(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-19", &children(20))).await;
        let end = |ending: usize| -> Vec<Row> {
            let row = |(n, row): (usize, Row)| if n < ending { row.ended("2026-07-10", "E4A") } else { row };
            children(20).into_iter().enumerate().map(row).collect()
        };
        assert_eq!(rig.apply(&on("2026-07-19", &end(4))).await.amended, 4);
        let held = rig.send(&on("2026-07-20", &end(9))).await;
        assert_eq!(held.verdict, Some(Verdict::Held), "{:?}", held.counts);
        let reason = held.held_reason.unwrap();
        assert!(reason.starts_with("it would end the care of 5 children and leave 11"), "{reason}");
    }

    async fn a_correction_to_care_that_had_ended_is_not_held(db: TestDb) {
        let rig = Rig::over(db).await;
        let rows = |need: &str| -> Vec<Row> {
            let row = |(n, row): (usize, Row)| {
                if n < 10 { row.ended("2026-07-10", "E4A").with("category_of_need", need) } else { row }
            };
            children(20).into_iter().enumerate().map(row).collect()
        };
        rig.apply(&on("2026-07-19", &rows("N1"))).await;
        assert_eq!(rig.apply(&on("2026-07-20", &rows("N3"))).await.amended, 10);
    }

    async fn a_handful_is_not_guarded(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-19", &children(4))).await;
        assert_eq!(rig.apply(&on("2026-07-20", &children(1))).await.closed, 3);
    }

    async fn a_file_with_headings_alone_never_empties_even_a_handful(db: TestDb) {
        let rig = Rig::over(db).await;
        assert_eq!(rig.apply(&headings("2026-07-18")).await.closed, 0, "where nothing is believed nothing is emptied");
        rig.apply(&on("2026-07-19", &children(2))).await;
        for empty in [headings("2026-07-20"), headings("2026-07-20").window("2026-01-01")] {
            let held = rig.send(&empty).await;
            assert_eq!(held.verdict, Some(Verdict::Held));
            let reason = "it has no row, and would close 2 of 2 records; that needs your confirmation";
            assert_eq!(held.held_reason.as_deref(), Some(reason));
            assert_eq!(rig.believed().await.len(), 2);
        }
        let nothing = rig.apply(&headings("2026-07-20").changes()).await;
        assert_eq!((nothing.closed, rig.believed().await.len()), (0, 2), "no change is no closing");
        let held = rig.send(&headings("2026-07-21")).await;
        submissions::confirm(&rig.hub, held.authority, held.id).await.unwrap();
        rig.run().await;
        assert_eq!(rig.believed().await.len(), 0, "its sender meant it");
    }

    async fn one_that_is_confirmed_is_waited_for_and_confirmed_once(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-19", &children(20))).await;
        let held = rig.send(&on("2026-07-20", &children(10))).await;
        let wait = async |patience| submissions::wait(&rig.hub, held.authority, held.id, patience).await.unwrap().unwrap();
        assert_eq!(wait(Duration::ZERO).await.state, State::Decided);
        for _ in 0..2 {
            let confirmed = submissions::confirm(&rig.hub, held.authority, held.id).await.unwrap();
            assert_eq!((confirmed.state, confirmed.verdict), (State::Confirmed, Some(Verdict::Held)));
        }
        assert_eq!(wait(Duration::ZERO).await.state, State::Confirmed, "not decided again yet");
        let (waited, jobs) = tokio::join!(wait(Duration::from_secs(30)), rig.run());
        assert_eq!((waited.state, waited.verdict, jobs), (State::Decided, Some(Verdict::Accepted), 1));
    }

    async fn what_was_held_and_then_overtaken_changes_nothing(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-18", &children(20))).await;
        let held = rig.send(&on("2026-07-19", &children(10))).await;
        assert_eq!(held.verdict, Some(Verdict::Held));
        rig.apply(&on("2026-07-20", &children(19))).await;
        let known = rig.as_known(crate::rig::LEWISHAM, held.seq + 1).await;
        submissions::confirm(&rig.hub, held.authority, held.id).await.unwrap();
        rig.run().await;
        assert_eq!(rig.believed().await.len(), 19, "the later night stands");
        assert_eq!(rig.as_known(crate::rig::LEWISHAM, held.seq + 1).await, known);
    }

    async fn confirming_does_not_rewrite_what_was_known_meanwhile(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-18", &children(20))).await;
        let held = rig.send(&on("2026-07-20", &children(10))).await;
        assert_eq!(held.verdict, Some(Verdict::Held));
        // Meanwhile one child's row changes.
        let late = rig.send(&on("2026-07-19", &[children(1)[0].clone().with("category_of_need", "N3")]).changes()).await;
        let meanwhile = rig.believed().await;
        submissions::confirm(&rig.hub, held.authority, held.id).await.unwrap();
        rig.run().await;
        assert_eq!(rig.believed().await.len(), 10);
        assert_eq!(rig.as_known(crate::rig::LEWISHAM, late.seq).await, meanwhile);
    }
}

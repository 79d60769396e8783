//! A dry run says what would come of a submission, and changes nothing.

use hub_pipeline::dryrun::rehearse;
use hub_pipeline::receive::ReceiveRefusal;
use hub_pipeline::validate::Judgement;

use crate::rig::{Rig, Row, episode, on};

fn children(count: usize) -> Vec<Row> {
    (0..count).map(|n| episode(&n.to_string(), "2026-03-02")).collect()
}

hub_testdb::on_both! {
    async fn a_dry_run_says_what_would_change_and_changes_nothing(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-19", &children(20))).await;
        let before = (rig.believed().await, rig.count("submission").await, rig.count("job").await, rig.count("record").await);
        let mut rows = children(19);
        rows[0] = rows[0].clone().with("category_of_need", "N3");
        rows.push(episode("new", "2026-07-01"));
        let parcel = on("2026-07-20", &rows);
        let would = rehearse(&rig.hub, &parcel.request(), parcel.upload()).await.unwrap();
        // An open episode's need is not the one that is held.
        assert_eq!(would.judgement, Judgement::AcceptedWithFindings);
        let counts = &would.counts;
        assert_eq!((counts.opened, counts.amended, counts.closed, counts.unchanged), (1, 1, 1, 18));
        let after = (rig.believed().await, rig.count("submission").await, rig.count("job").await, rig.count("record").await);
        assert_eq!(before, after);
        // And that is what comes of it.
        assert_eq!(rig.apply(&parcel).await, *counts);
    }

    async fn a_dry_run_is_held_and_refused_as_the_real_one_would_be(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-19", &children(20))).await;
        let parcel = on("2026-07-20", &children(5));
        let would = rehearse(&rig.hub, &parcel.request(), parcel.upload()).await.unwrap();
        assert!(matches!(would.judgement, Judgement::Held(_)));
        let stale = on("2026-07-01", &children(20));
        let refused = rehearse(&rig.hub, &stale.request(), stale.upload()).await;
        assert!(matches!(refused, Err(ReceiveRefusal::Stale { .. })));
        let parcel = on("2026-07-20", &[children(1)[0].clone().with("child_name", "x")]);
        let refused = rehearse(&rig.hub, &parcel.request(), parcel.upload()).await;
        assert!(matches!(refused, Err(ReceiveRefusal::Door(_))));
    }
}

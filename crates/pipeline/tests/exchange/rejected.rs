//! A bad row is left out and named; what was believed of its record stays.

use hub_pipeline::submissions;
use hub_store::submission::Verdict;

use crate::rig::{Rig, Row, episode, on};

fn children(count: usize) -> Vec<Row> {
    (0..count).map(|n| episode(&n.to_string(), "2026-03-02")).collect()
}

/// The children, one of them with a code that is none.
fn with_a_bad_row(count: usize) -> Vec<Row> {
    let mut rows = children(count);
    rows[3] = rows[3].clone().with("sex", "X");
    rows
}

hub_testdb::on_both! {
    async fn a_bad_row_never_withdraws_what_is_believed(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-18", &children(20))).await;
        let before = rig.believed().await;
        let sent = rig.send(&on("2026-07-19", &with_a_bad_row(20))).await;
        assert_eq!(sent.verdict, Some(Verdict::AcceptedWithFindings));
        let counts = sent.counts.unwrap();
        assert_eq!((counts.rows_rejected, counts.closed, counts.unchanged), (1, 0, 19));
        assert_eq!(rig.believed().await, before);
        let report = submissions::report(&rig.hub, sent.authority, sent.id).await.unwrap().unwrap();
        assert_eq!(report.findings[0].row, Some(4));
        assert!(!serde_json::to_string(&report).unwrap().contains("made_up_child"), "no value of a row is repeated");
        // A window says no more than a full feed does.
        rig.apply(&on("2026-07-20", &with_a_bad_row(20)).window("2026-07-01")).await;
        assert_eq!(rig.believed().await, before);
    }

    async fn a_bad_row_is_not_brought_in_by_a_withdrawal(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-17", &children(20))).await;
        rig.apply(&on("2026-07-18", &with_a_bad_row(20))).await;
        let before = rig.believed().await;
        let wrong: Vec<Row> = children(20).into_iter().map(|row| row.with("category_of_need", "N3")).collect();
        let wrong = rig.send(&on("2026-07-19", &wrong)).await;
        assert_ne!(rig.believed().await, before);
        submissions::withdraw(&rig.hub, wrong.authority, wrong.id).await.unwrap();
        assert_eq!(rig.believed().await, before, "the bad row's record is as it was before");
    }

    async fn two_rows_of_one_key_are_both_left_out_and_nothing_is_lost(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-19", &children(20))).await;
        let before = rig.believed().await;
        let mut rows = children(20);
        rows.push(rows[3].clone().with("category_of_need", "N3"));
        let sent = rig.send(&on("2026-07-20", &rows)).await;
        assert_eq!(sent.verdict, Some(Verdict::AcceptedWithFindings));
        assert_eq!(rig.believed().await, before);
        let counts = sent.counts.unwrap();
        assert_eq!((counts.amended, counts.closed), (0, 0), "what is left out is not counted as a change");
    }

    async fn a_feed_mostly_bad_is_rejected_and_changes_nothing(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-19", &children(20))).await;
        let before = (rig.believed().await, rig.count("record").await);
        let bad = |n: usize, row: Row| if n < 15 { row.with("sex", "X") } else { row.with("category_of_need", "N3") };
        let rows: Vec<Row> = children(20).into_iter().enumerate().map(|(n, row)| bad(n, row)).collect();
        let sent = rig.send(&on("2026-07-20", &rows)).await;
        assert_eq!(sent.verdict, Some(Verdict::Rejected));
        let counts = sent.counts.unwrap();
        assert_eq!((counts.rows_rejected, counts.opened, counts.amended, counts.closed), (15, 0, 0, 0));
        assert_eq!((rig.believed().await, rig.count("record").await), before);
    }

    async fn an_operation_outside_changes_is_rejected_with_a_reason(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-19", &children(20))).await;
        let mut rows = children(20);
        rows[0] = rows[0].clone().deleted();
        let sent = rig.send(&on("2026-07-20", &rows)).await;
        assert_eq!(sent.verdict, Some(Verdict::Rejected));
        let report = submissions::report(&rig.hub, sent.authority, sent.id).await.unwrap().unwrap();
        assert_eq!(&*report.refusal.unwrap().code, "unexpected-op");
        assert_eq!(sent.counts.unwrap().closed, 0);
        assert_eq!(rig.believed().await.len(), 20);
    }
}

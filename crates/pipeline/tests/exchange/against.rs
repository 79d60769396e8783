//! A feed set against what the hub already holds.

use hub_contract::{Report, RuleKind};
use hub_pipeline::{dryrun, submissions};
use hub_store::submission::{Submission, Verdict};

use crate::rig::{Parcel, Rig, Row, episode, on};

async fn report(rig: &Rig, sent: &Submission) -> Report {
    submissions::report(&rig.hub, sent.authority, sent.id).await.unwrap().unwrap()
}

/// The rules against what is held that a report tells of, each with its first row.
fn held(report: &Report) -> Vec<(&str, u64)> {
    let rules = report.rules.iter().filter(|rule| rule.kind == RuleKind::Held);
    let mut found: Vec<_> = rules.map(|rule| (rule.rule.as_str(), rule.first_rows[0])).collect();
    found.sort_unstable();
    found
}

fn children() -> Vec<Row> {
    (0..8).map(|n| episode(&n.to_string(), "2026-03-02")).collect()
}

/// The second night: a child of another sex, one of another need, one whose first day moved, one that moved as it should.
fn changed() -> Vec<Row> {
    let mut rows = children();
    rows[1] = rows[1].clone().with("sex", "M");
    rows[2] = rows[2].clone().with("category_of_need", "N3");
    rows[3] = episode("3", "2026-03-09");
    rows[4] = rows[4].clone().ended("2026-07-01", "X1");
    rows.push(episode("4", "2026-07-01").with("reason_new_episode", "P").with("placement_type", "U4"));
    rows
}

const FOUND: [(&str, u64); 3] = [("903-202", 2), ("903-502", 4), ("903-503C", 3)];

async fn rehearsed(rig: &Rig, parcel: &Parcel) -> Report {
    dryrun::rehearse(&rig.hub, &parcel.request(), parcel.upload()).await.unwrap().report
}

hub_testdb::on_both! {
    async fn what_contradicts_what_is_held_is_told_and_taken(db: TestDb) {
        let rig = Rig::over(db).await;
        let first = rig.send(&on("2026-07-19", &children())).await;
        assert_eq!((first.verdict, held(&report(&rig, &first).await)), (Some(Verdict::Accepted), vec![]));
        let parcel = on("2026-07-20", &changed());
        assert_eq!(held(&rehearsed(&rig, &parcel).await), FOUND, "a dry run says it first");
        let sent = rig.send(&parcel).await;
        let told = report(&rig, &sent).await;
        assert_eq!((sent.verdict, held(&told)), (Some(Verdict::AcceptedWithFindings), FOUND.to_vec()));
        assert_eq!(told.rows.accepted, 9, "each is a warning");
        let text = told.render_text();
        assert!(!text.contains("made_up_child"), "{text}");
        assert_eq!(rig.believed().await.len(), 9);
        // Said again it is what is held.
        let again = rig.send(&on("2026-07-21", &changed())).await;
        assert_eq!((again.verdict, held(&report(&rig, &again).await)), (Some(Verdict::Accepted), vec![]));
    }

    async fn changes_are_set_against_it_row_by_row_and_a_late_feed_is_not(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-19", &children())).await;
        let some = [changed()[1].clone(), children()[5].clone().with("_op", "delete")];
        let sent = rig.send(&on("2026-07-20", &some).changes()).await;
        assert_eq!(held(&report(&rig, &sent).await), [("903-202", 1)]);
        let late = on("2026-07-18", &[children()[2].clone().with("sex", "M")]).changes().correction();
        let late = rig.send(&late).await;
        assert_eq!(held(&report(&rig, &late).await), []);
    }

    async fn one_that_is_held_for_its_sender_says_it_too(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-19", &children())).await;
        let few = [children()[0].clone(), children()[1].clone().with("sex", "M")];
        let sent = rig.send(&on("2026-07-20", &few)).await;
        assert_eq!((sent.verdict, held(&report(&rig, &sent).await)), (Some(Verdict::Held), vec![("903-202", 2)]));
        submissions::confirm(&rig.hub, sent.authority, sent.id).await.unwrap();
        rig.run().await;
        let sent = rig.submission(sent.authority, sent.id).await;
        assert_eq!(sent.verdict, Some(Verdict::AcceptedWithFindings));
    }

    async fn another_authoritys_children_are_nobody_elses(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-19", &children())).await;
        let theirs: Vec<Row> = children().into_iter().map(|row| row.with("sex", "M")).collect();
        let sent = rig.send(&on("2026-07-20", &theirs).from(crate::rig::BROMLEY)).await;
        assert_eq!(held(&report(&rig, &sent).await), []);
    }
}

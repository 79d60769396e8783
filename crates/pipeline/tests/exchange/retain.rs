//! What is kept no longer, and the proof; and what is held of one child, handed out or erased.

use hub_domain::Timestamp;
use hub_pipeline::child::{self, ChildRefusal};
use hub_pipeline::publish::{self, NotThere, publish};
use hub_pipeline::retain::{DELETED, Deletion, How, SCHEDULE, retain};
use hub_pipeline::{Fault, audit, submissions};
use hub_store::audit::Entry;
use hub_store::submission;
use hub_store::tables::Cell;
use serde_json::Value;

use crate::rig::{BROMLEY, KENT, LEWISHAM, Rig, Row, at, away, code, episode, on};

/// Days of 24 hours after a test's night.
fn later(days: i64) -> Timestamp {
    at("2026-07-21T02:00:00Z") + jiff::SignedDuration::from_hours(24 * days)
}

fn at_home() -> impl Iterator<Item = Row> {
    (0..20).map(|n| episode(&format!("home{n}"), "2026-03-02"))
}

fn feed(more: Option<Row>) -> Vec<Row> {
    at_home().chain(more).collect()
}

fn gone() -> Row {
    away("gone", "2026-07-06", KENT)
}

const GONE: &str = "made_up_child_00000000gone";

/// A child in Kent, then back, then in the feed no more: a version each night, and a notice that ends.
async fn nights(rig: &Rig) {
    rig.apply(&on("2026-07-17", &feed(Some(gone())))).await;
    rig.apply(&on("2026-07-18", &feed(Some(gone().with("legal_status", "E1"))))).await;
    rig.apply(&on("2026-07-19", &feed(Some(gone().with("legal_status", "E1").ended("2026-07-18", "E11"))))).await;
    rig.apply(&on("2026-07-20", &feed(None))).await;
}

async fn delete(rig: &Rig) -> Vec<Deletion> {
    retain(&rig.hub, How::Delete(SCHEDULE)).await.unwrap()
}

/// What was deleted of a subject.
fn count(all: &[Deletion], subject: &str) -> u64 {
    all.iter().filter(|one| one.authority == code(LEWISHAM) && one.subject == subject).map(|one| one.count).sum()
}

async fn entries(rig: &Rig) -> Vec<Entry> {
    let (heads, broken) = audit::verify(&mut *rig.link().await).await.unwrap();
    assert_eq!(broken, []);
    let entries = audit::entries(&mut *rig.link().await, code(LEWISHAM), 0, 1_000).await.unwrap();
    assert_eq!(heads.get(&code(LEWISHAM)).map_or(0, |head| head.n), i64::try_from(entries.len()).unwrap());
    entries
}

/// Tables that hold these words in any cell: what was sent is unpacked first.
async fn tables_with(rig: &Rig, words: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut link = rig.hub.store.snapshot().await.unwrap();
    for shape in link.shapes().await.unwrap() {
        let mut holds = false;
        let take = |cells: &[Cell<'_>]| {
            for cell in cells {
                holds |= match cell {
                    Cell::Text(text) => text.contains(words),
                    Cell::Bytes(bytes) => unpacked(bytes).contains(words),
                    Cell::Blank | Cell::Integer(_) => false,
                };
            }
            Ok(())
        };
        link.each_row(&shape, take).await.unwrap();
        found.extend(holds.then_some(shape.name));
    }
    found
}

/// Stored bytes as text, unpacked where they are packed.
fn unpacked(bytes: &[u8]) -> String {
    let plain = zstd::decode_all(bytes).unwrap_or_else(|_| bytes.to_vec());
    String::from_utf8_lossy(&plain).into_owned()
}

hub_testdb::on_both! {
    async fn what_is_over_goes_when_its_period_has_passed_and_the_proof_stays(db: TestDb) {
        let rig = Rig::over(db).await;
        nights(&rig).await;
        assert_eq!(delete(&rig).await, [], "nothing has been over for long");
        let released = publish(&rig.hub, "a test").await.unwrap().release.id;
        rig.clock.set(later(91));
        let told = retain(&rig.hub, How::Tell).await.unwrap();
        assert_eq!((count(&told, "payloads/placements"), rig.count("payload").await), (2, 4), "telling deletes nothing");
        let deleted = delete(&rig).await;
        assert_eq!(deleted, told);
        assert_eq!((count(&deleted, "payloads/placements"), rig.count("payload").await), (2, 2));
        assert!(count(&deleted, "jobs") >= 4, "{deleted:?}");
        let entries = entries(&rig).await;
        let proof = entries.iter().find(|entry| entry.subject == "payloads/placements").unwrap();
        assert_eq!((proof.action.as_str(), proof.actor.as_str()), (DELETED, SCHEDULE));
        let detail: Value = serde_json::from_str(&proof.detail).unwrap();
        assert_eq!((&detail["rule"], &detail["period_days"], &detail["count"]), (&"payloads".into(), &90.into(), &2.into()));
        assert_eq!(delete(&rig).await, [], "once");
        publish::recompute(&rig.hub, released).await.expect("what was believed is kept still");
        rig.clock.set(later(2_300));
        let deleted = delete(&rig).await;
        assert_eq!(count(&deleted, "rows/placements"), 3, "{deleted:?}");
        assert_eq!(count(&deleted, "notices"), 1, "{deleted:?}");
        assert!(count(&deleted, "events") > 0 || rig.count("event").await == 0, "{deleted:?}");
        assert_eq!(rig.believed().await.len(), 20, "what is believed stays");
        assert_eq!(rig.count("notice").await + rig.count("notice_event").await, 0);
    }

    async fn what_rests_on_rows_that_are_gone_says_so(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-17", &feed(Some(gone())))).await;
        let released = publish(&rig.hub, "a test").await.unwrap().release.id;
        rig.apply(&on("2026-07-20", &feed(None))).await;
        rig.clock.set(later(2_300));
        delete(&rig).await;
        let again = publish::recompute(&rig.hub, released).await;
        assert!(matches!(again, Err(NotThere::Fault(Fault::Forgotten))), "{again:?}");
    }

    async fn a_feed_whose_old_bytes_are_gone_can_still_be_corrected_once(db: TestDb) {
        let rig = Rig::over(db).await;
        nights(&rig).await;
        rig.clock.set(later(91));
        delete(&rig).await;
        let link = &mut *rig.link().await;
        let applied = submission::applied(link, code(LEWISHAM), hub_domain::Dataset::Placements).await.unwrap();
        // The last full is taken back: the one before it is read again.
        submissions::withdraw(&rig.hub, code(LEWISHAM), applied[3].id).await.unwrap();
        assert_eq!(rig.believed().await.len(), 21);
        // The next would need what is gone: refused, and nothing changes.
        let refused = submissions::withdraw(&rig.hub, code(LEWISHAM), applied[2].id).await;
        assert!(matches!(refused, Err(submissions::Refused::Fault(Fault::Forgotten))), "{refused:?}");
        assert_eq!(rig.believed().await.len(), 21);
    }

    async fn a_child_is_handed_out_whole_to_its_own_authority_alone(db: TestDb) {
        let rig = Rig::over(db).await;
        nights(&rig).await;
        let held = child::export(&rig.hub, code(LEWISHAM), GONE, "lewisham-desk").await.unwrap_or_else(|_| panic!("held"));
        assert_eq!((held.records.len(), held.notices.len()), (3, 1));
        assert!(held.records.iter().all(|record| record.said["child_ref"] == GONE && !record.believed));
        assert!(!held.notices[0].history.is_empty());
        for (authority, child) in [(BROMLEY, GONE), (LEWISHAM, "made_up_child_0000000nobody"), (LEWISHAM, "")] {
            let refused = child::export(&rig.hub, code(authority), child, "somebody").await;
            assert!(matches!(refused, Err(ChildRefusal::Unknown)), "{authority}");
        }
        let all = entries(&rig).await;
        assert_eq!((all.len(), all[0].subject.as_str(), all[0].actor.as_str()), (1, child::subject(GONE).as_str(), "lewisham-desk"));
    }

    async fn a_child_is_erased_everywhere_once_nothing_wants_it_kept(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-17", &feed(Some(gone())))).await;
        hub_pipeline::reconcile::run(&rig.hub).await.unwrap();
        let stays = async |rig: &Rig| match child::erase(&rig.hub, code(LEWISHAM), GONE, ("desk", "asked")).await {
            Err(ChildRefusal::Stays(stays)) => stays.into_iter().map(|one| (one.what, one.until.is_some())).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        let said = stays(&rig).await;
        assert!(said.iter().any(|(what, _)| what.contains("feed still has")), "{said:?}");
        assert!(said.iter().any(|(what, _)| what.contains("lives in their host")), "{said:?}");
        rig.apply(&on("2026-07-19", &feed(Some(gone().ended("2026-07-18", "E11"))))).await;
        rig.apply(&on("2026-07-20", &feed(None))).await;
        assert_eq!(stays(&rig).await, [("notices that are over, whose period has not passed", true)]);
        let before = tables_with(&rig, GONE).await;
        assert!(["record", "notice", "payload"].iter().all(|name| before.contains(&(*name).to_owned())), "{before:?}");
        rig.clock.set(later(2_300));
        let erased = child::erase(&rig.hub, code(LEWISHAM), GONE, ("desk", "asked")).await.unwrap();
        assert_eq!((erased.records, erased.notices, erased.payloads), (2, 1, 2));
        assert_eq!(tables_with(&rig, GONE).await, Vec::<String>::new());
        assert_eq!(rig.believed().await.len(), 20, "nobody else's");
        let all = entries(&rig).await;
        let last = all.last().unwrap();
        assert_eq!((last.action.as_str(), last.n, last.subject.as_str()), (child::ERASED, erased.entry, child::subject(GONE).as_str()));
        let again = child::erase(&rig.hub, code(LEWISHAM), GONE, ("desk", "asked")).await;
        assert!(matches!(again, Err(ChildRefusal::Unknown)));
    }
}

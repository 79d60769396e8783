//! Ends that are announced, stated, mistaken and contradicted.

use serde_json::json;

use super::*;
use crate::fixture::statement;
use crate::{ClockKind, ClockStatus, Flag, Rules, Watched, clocks};
use hub_domain::Timestamp;

const SHOWN: &str = "c1 2026-06-10.. S K2 kent #oak";

fn said(name: &str, value: Value) -> Value {
    let mut members = statement("c1", "2026-06-10", "kent");
    members[name] = value;
    members["reason_ceased"] = json!("E4A");
    members
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Notice was given, and the feed has shown it.
fn there() -> Hub {
    let mut hub = Hub::new();
    hub.says(StatementKind::Placement, statement("c1", "2026-06-10", "kent"), "2026-06-03T09:00:00Z").unwrap();
    assert_eq!(hub.on("2026-06-11").events(&[SHOWN]), ["seen:kent"]);
    hub
}

fn ending(hub: &Hub) -> ClockStatus {
    let now = at("2026-12-01T09:00:00Z");
    let clock = clocks(hub.only(), now, Calendar::england_and_wales(), &Rules::default());
    let status = clock.into_iter().find(|clock| clock.kind == ClockKind::Ending).unwrap().status;
    let came = Watched::of(hub.only(), sight(now, now)).ending.unwrap().came;
    assert_eq!(came.is_none(), status == ClockStatus::Overdue, "the ladder and the clock agree");
    status
}

fn announced(day: &str) -> Hub {
    let mut hub = there();
    let told = hub.says(StatementKind::IntentionToEnd, said("ending_on", json!(day)), "2026-06-20T09:00:00Z");
    assert_eq!(told, Ok(EventKind::EndingNotified));
    hub
}

#[test]
fn an_intention_meets_the_clock_of_the_end_that_it_announced_and_of_no_other() {
    for (day, status) in [
        ("2026-07-01", ClockStatus::Met),
        // A few days either way are the same end; a silent one months later is not, nor one long before.
        ("2026-07-08", ClockStatus::Met),
        ("2026-06-24", ClockStatus::Met),
        ("2026-07-09", ClockStatus::Overdue),
        ("2026-09-15", ClockStatus::Overdue),
        ("2026-06-23", ClockStatus::Overdue),
    ] {
        let mut hub = announced("2026-07-01");
        hub.on("2026-09-16").events(&[&format!("c1 2026-06-10..{day} S K2 kent #oak")]);
        assert_eq!((ending(&hub), hub.only().state), (status, NoticeState::Ended), "{day}");
    }
}

#[test]
fn an_intention_is_taken_back_by_a_change() {
    let mut hub = announced("2026-07-01");
    let stays = said("ending_on", Value::Null);
    assert_eq!(hub.says(StatementKind::Change, stays, "2026-06-25T09:00:00Z"), Ok(EventKind::Corrected));
    assert_eq!(
        (hub.only().intention, hub.only().given.intention, hub.only().marks()),
        (None, None, vec![crate::Mark::Corrected])
    );
    // Even an end on that very day has then been announced by nobody.
    hub.on("2026-07-02").events(&["c1 2026-06-10..2026-07-01 S K2 kent #oak"]);
    assert_eq!(ending(&hub), ClockStatus::Overdue);
}

#[test]
fn another_day_is_another_intention_and_a_change_of_something_else_is_none() {
    let mut hub = announced("2026-07-01");
    let later = said("ending_on", json!("2026-09-15"));
    hub.says(StatementKind::Change, later, "2026-06-25T09:00:00Z").unwrap();
    let given = hub.only().given.intention;
    assert_eq!((hub.only().intention, given), (Some(day("2026-09-15")), Some(at("2026-06-25T09:00:00Z"))));
    let other = said("iro_name", json!("P. Okafor"));
    hub.says(StatementKind::Change, other, "2026-06-26T09:00:00Z").unwrap();
    assert_eq!(hub.only().given.intention, given);
    hub.on("2026-09-16").events(&["c1 2026-06-10..2026-09-15 S K2 kent #oak"]);
    assert_eq!(ending(&hub), ClockStatus::Met);
}

#[test]
fn an_end_stated_by_mistake_is_taken_back_and_the_notice_stands_as_given() {
    for kind in [StatementKind::Change, StatementKind::Placement] {
        let mut hub = there();
        let given = hub.only().given.placement;
        let over = said("ended_on", json!("2026-07-01"));
        assert_eq!(hub.says(StatementKind::Ended, over, "2026-07-01T09:00:00Z"), Ok(EventKind::Ended));
        let version = hub.only().version;
        let not = said("ended_on", Value::Null);
        assert_eq!(hub.says(kind, not, "2026-07-02T09:00:00Z"), Ok(EventKind::Raised));
        let notice = hub.live();
        assert_eq!((notice.state, notice.ending.is_none(), notice.version), (NoticeState::Raised, true, version + 1));
        assert_eq!((notice.given.placement, notice.given.ended, notice.given.corrections), (given, None, 1));
        assert_eq!(hub.on("2026-07-02").events(&[SHOWN]), [""; 0]);
        // What really ends it later waits for its own notice.
        hub.on("2026-09-16").events(&["c1 2026-06-10..2026-09-15 S K2 kent #oak"]);
        assert_eq!(ending(&hub), ClockStatus::Overdue);
    }
}

#[test]
fn an_end_that_the_feed_shows_is_corrected_in_the_feed() {
    let mut hub = there();
    hub.on("2026-07-02").events(&["c1 2026-06-10..2026-07-01 S K2 kent #oak"]);
    hub.says(StatementKind::Ended, said("ended_on", json!("2026-07-01")), "2026-07-02T09:00:00Z").unwrap();
    let not = said("ended_on", Value::Null);
    assert_eq!(hub.says(StatementKind::Change, not, "2026-07-02T10:00:00Z"), Ok(EventKind::Corrected));
    assert_eq!(hub.only().state, NoticeState::Ended);
    assert_eq!(hub.on("2026-07-03").events(&[SHOWN]), ["raised:kent"]);
}

#[test]
fn a_feed_that_shows_the_child_there_after_the_stated_end_contradicts_it() {
    let mut hub = there();
    hub.says(StatementKind::Ended, said("ended_on", json!("2026-07-01")), "2026-07-01T09:00:00Z").unwrap();
    let flagged = |hub: &Hub| hub.only().flags.contains(&Flag::DiffersFromFeed);
    assert_eq!((hub.on("2026-07-04").events(&[SHOWN]), flagged(&hub)), (vec![], false), "a feed may lag three days");
    assert_eq!((hub.on("2026-07-05").events(&[SHOWN]), flagged(&hub)), (vec!["changed:kent".to_owned()], true));
    assert_eq!((hub.only().state, hub.only().differences_from_feed()), (NoticeState::Ended, vec!["ended_on"]));
    assert_eq!(hub.on("2026-07-06").events(&[SHOWN]), [""; 0], "said once");
    hub.on("2026-07-07").events(&["c1 2026-06-10..2026-07-01 S K2 kent #oak"]);
    assert!(!flagged(&hub));
}

#[test]
fn supersession_that_was_stated_outlives_a_gap_in_the_feed_and_a_change_of_it_is_told() {
    let mut hub = there();
    let first = hub.only().id;
    let mut left = said("ended_on", json!("2026-07-01"));
    left["destination"] = json!(code("kent").as_str());
    hub.says(StatementKind::Ended, left, "2026-07-01T09:00:00Z").unwrap();
    hub.says(StatementKind::Placement, statement("c1", "2026-07-01", "kent"), "2026-07-01T09:00:00Z").unwrap();
    let second = || Notice::id_of(code("lewisham"), "made-up-child-of-test-c1", day("2026-07-01"), code("kent"));
    let of = |hub: &Hub| hub.notices.iter().find(|notice| notice.id == second()).unwrap().supersedes;
    // A day lies between the two in the feed.
    let gap = ["c1 2026-06-10..2026-06-30 S K2 kent #oak", "c1 2026-07-01.. P K2 kent #oak"];
    hub.on("2026-07-02").night(&gap);
    assert_eq!(of(&hub), Some(first));
    // Where nothing was stated, the feed alone tells, and the host hears when it tells otherwise.
    let mut shown = Hub::new();
    shown.on("2026-07-02").night(&gap);
    assert_eq!(of(&shown), None);
    let met = ["c1 2026-06-10..2026-07-01 S K2 kent #oak", "c1 2026-07-01.. P K2 kent #elm"];
    let changes = shown.on("2026-07-03").night(&met);
    let says_so = |change: &NoticeChange| matches!(change, NoticeChange::Changed { changed, .. } if changed.contains(&"supersedes"));
    assert!(changes.iter().any(says_so), "{changes:?}");
    assert!(of(&shown).is_some());
}

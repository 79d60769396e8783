//! What a later night unsays.

use super::*;
use crate::{NoticeKind, WithdrawalReason};

#[test]
fn a_stay_that_disappears_is_withdrawn_and_may_come_back() {
    let mut hub = Hub::new();
    hub.night(&["c 2026-06-01.. S U6 kent"]);
    assert_eq!(hub.events(&[]), ["withdrawn:kent"]);
    assert_eq!(hub.only().withdrawn_because, Some(WithdrawalReason::NotReported));
    assert_eq!(hub.events(&["c 2026-06-01.. S U6 kent"]), ["raised:kent"]);
    assert_eq!(hub.only().version, 3);
}

#[test]
fn a_corrected_host_is_told_and_the_wrong_one_untold() {
    let mut hub = Hub::new();
    hub.night(&["c 2026-06-01.. S U6 kent"]);
    assert_eq!(hub.events(&["c 2026-06-01.. S U6 essex"]), ["withdrawn:kent", "raised:essex"]);
    let kent = hub.notices.iter().find(|notice| notice.host == code("kent")).unwrap();
    assert_eq!(kent.withdrawn_because, Some(WithdrawalReason::HostCorrected));
    assert_eq!(hub.events(&["c 2026-06-01.. S U6 lewisham"]), ["withdrawn:essex"]);
}

#[test]
fn a_corrected_start_is_another_notice() {
    let mut hub = Hub::new();
    hub.night(&["c 2026-06-01.. S U6 kent"]);
    assert_eq!(hub.events(&["c 2026-05-30.. S U6 kent"]), ["withdrawn:kent", "raised:kent"]);
    let withdrawn = hub.notices.iter().find(|notice| notice.state == NoticeState::Withdrawn).unwrap();
    assert_eq!(withdrawn.withdrawn_because, Some(WithdrawalReason::StartCorrected));
}

#[test]
fn an_ending_unsaid_raises_again() {
    let mut hub = Hub::new();
    hub.night(&["c 2026-05-01..2026-05-20 S U6 kent"]);
    assert_eq!(hub.events(&["c 2026-05-01.. S U6 kent"]), ["raised:kent"]);
    assert_eq!((hub.only().version, hub.only().ending.is_none()), (3, true));
}

#[test]
fn an_ending_corrected_is_a_change_of_the_ended_notice() {
    let mut hub = Hub::new();
    hub.night(&["c 2026-05-01..2026-05-20 S U6 kent"]);
    let changes = hub.night(&["c 2026-05-01..2026-05-21 S U6 kent"]);
    let [NoticeChange::Changed { notice, changed }] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!((changed.as_slice(), notice.state), (["ending"].as_slice(), NoticeState::Ended));
}

#[test]
fn history_that_leaves_the_feed_leaves_ended_notices_alone() {
    let mut hub = Hub::new();
    hub.night(&["c 2026-05-01..2026-05-20 S U6 kent"]);
    assert!(hub.events(&[]).is_empty());
    assert_eq!(hub.only().state, NoticeState::Ended);
}

#[test]
fn a_stay_whose_start_leaves_the_feed_is_the_same_stay() {
    let mut hub = Hub::new();
    let whole = ["c 2026-05-01..2026-05-20 S U6 kent", "c 2026-05-20.. L U6 kent"];
    hub.night(&whole);
    let before = hub.only().clone();
    assert!(hub.events(&whole[1..]).is_empty());
    assert_eq!(hub.events(&["c 2026-05-20..2026-06-10 L U6 kent"]), ["ended:kent"]);
    assert_eq!((hub.only().id, hub.only().start), (before.id, before.start));
    assert_eq!(hub.only().deadline, before.deadline);
}

#[test]
fn a_stay_thought_over_goes_on_when_only_its_continuation_is_sent() {
    let mut hub = Hub::new();
    hub.night(&["c 2026-05-01..2026-05-20 S U6 kent"]);
    assert_eq!(hub.events(&["c 2026-05-20.. L U6 kent"]), ["raised:kent"]);
    assert_eq!((hub.only().start, hub.only().version), (day("2026-05-01"), 3));
}

#[test]
fn a_continuation_in_another_setting_is_another_stay() {
    let mut hub = Hub::new();
    hub.night(&["c 2026-05-01.. S K2 kent #oak"]);
    assert_eq!(hub.events(&["c 2026-05-20.. L K2 kent #elm"]), ["withdrawn:kent", "registered:kent"]);
}

#[test]
fn the_night_that_first_showed_a_stay_is_remembered() {
    let mut hub = Hub::new();
    hub.on("2026-06-01").night(&["c 2026-06-02.. S U6 kent"]);
    hub.on("2026-06-09").night(&["c 2026-06-02.. S U4 kent"]);
    assert_eq!((hub.only().version, hub.only().first_seen), (2, Some(day("2026-06-01"))));
    assert!(!hub.only().late_when_first_seen());
}

#[test]
fn two_loose_ends_are_not_one_stay() {
    let mut hub = Hub::new();
    hub.night(&["c 2026-05-01.. S U6 kent"]);
    let loose = ["c 2026-05-10..2026-05-12 L U6 kent", "c 2026-05-20.. L U6 kent"];
    assert_eq!(hub.events(&loose), ["ended:kent", "registered:kent"]);
    assert_eq!(hub.notices.len(), 2);
}

#[test]
fn a_stay_that_began_before_the_feed_is_registered_without_a_clock() {
    let mut hub = Hub::new();
    assert_eq!(hub.events(&["c 2026-05-20.. L U6 kent"]), ["registered:kent"]);
    assert_eq!((hub.only().kind, hub.only().deadline), (NoticeKind::Register, None));
    // The start arrives: the placement is told of with its clock.
    let whole = ["c 2026-05-01..2026-05-20 S U6 kent", "c 2026-05-20.. L U6 kent"];
    assert_eq!(hub.events(&whole), ["withdrawn:kent", "raised:kent"]);
}

#[test]
fn a_location_gone_blank_untells_nobody() {
    let mut hub = Hub::new();
    hub.night(&["c 2026-06-01.. S U6 kent"]);
    assert!(hub.events(&["c 2026-06-01.. S U6"]).is_empty());
    assert_eq!(hub.events(&["c 2026-06-01..2026-06-10 S U6"]), ["ended:kent"]);
}

#[test]
fn other_authorities_notices_are_not_touched() {
    let mut hub = Hub::new();
    hub.night(&["c 2026-06-01.. S U6 kent"]);
    let rules = Rules::default();
    let calendar = Calendar::england_and_wales();
    let context = Context { as_at: day("2026-06-02"), joined: day("2026-04-01"), calendar, rules: &rules };
    assert_eq!(plan(code("bromley"), &hub.notices, &[], &context), []);
}

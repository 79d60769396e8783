//! Surrey on 1 April 2027.

use super::*;
use crate::{EndingCause, HeldReason, NoticeKind};
use hub_domain::PlacementClass;

#[test]
fn a_stay_in_surrey_stays_open_while_the_feed_still_says_surrey() {
    let mut hub = Hub::new();
    hub.on("2027-03-31").night(&["c 2027-03-01.. S U6 surrey"]);
    assert!(hub.on("2027-04-01").events(&["c 2027-03-01.. S U6 surrey"]).is_empty());
}

#[test]
fn the_same_stay_in_a_successors_area_is_registered_there_without_a_clock() {
    let mut hub = Hub::new();
    hub.on("2027-03-31").night(&["c 2027-03-01.. S U6 surrey"]);
    let changes = hub.on("2027-04-02").night(&["c 2027-03-01.. S U6 east-surrey"]);
    let [NoticeChange::Ended(_), NoticeChange::Registered(_)] = changes.as_slice() else { panic!("{changes:?}") };
    let surrey = hub.notices.iter().find(|notice| notice.host == code("surrey")).unwrap();
    let ending = surrey.ending.as_ref().unwrap();
    assert_eq!((ending.on, ending.cause), (day("2027-04-01"), EndingCause::Succeeded));
    assert_eq!(ending.destination, Some(code("east-surrey")));
}

#[test]
fn a_surrey_stay_taken_back_is_withdrawn_whatever_else_is_in_a_successors_area() {
    let mut hub = Hub::new();
    hub.on("2027-03-31").night(&["c 2027-03-01.. S U6 surrey"]);
    let events = hub.on("2027-04-05").events(&["c 2027-04-02.. S U6 east-surrey"]);
    assert_eq!(events, ["withdrawn:surrey", "raised:east-surrey"]);
}

#[test]
fn an_episode_that_begins_with_the_successor_is_a_move_of_nobody() {
    let mut hub = Hub::new();
    hub.on("2027-03-31").night(&["c 2027-03-01.. S U6 surrey"]);
    let episodes = ["c 2027-03-01..2027-05-01 S U6 surrey", "c 2027-05-01.. L U6 west-surrey"];
    let changes = hub.on("2027-05-02").night(&episodes);
    let [NoticeChange::Moved { ended, raised }] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!(ended.ending.as_ref().unwrap().cause, EndingCause::Succeeded);
    assert_eq!((raised.kind, raised.deadline), (NoticeKind::Register, None));
    assert_eq!(changes[0].events()[1].kind, EventKind::Registered);
}

#[test]
fn class_is_of_the_day_and_the_host_in_being() {
    let class = |placing: &str, episode: &str| {
        let rules = Rules::default();
        let calendar = Calendar::england_and_wales();
        let context = Context { as_at: day("2027-04-02"), joined: day("2026-04-01"), calendar, rules: &rules };
        let changes = plan(code(placing), &[], &rows(&[episode]), &context);
        let notice = changes[0].events()[0].notice.clone();
        (notice.terms.class, notice.held_because)
    };
    let near = PlacementClass::Adjoining { flagged: false };
    assert_eq!(class("croydon", "c 2027-04-01.. S K2 east-surrey"), (near, None));
    assert_eq!(class("croydon", "c 2027-04-01.. S K2 west-surrey"), (PlacementClass::AtADistance, None));
    assert_eq!(class("richmond-upon-thames", "c 2027-04-01.. S K2 west-surrey"), (near, None));
    // Began under Surrey, reported with the new code: the class is of the successor's first day.
    assert_eq!(class("croydon", "c 2026-09-01.. S K2 east-surrey"), (near, None));
    // The old code on a new placement, or a stay first told of after the end, reaches nobody.
    let gone = Some(HeldReason::HostNotInForce);
    assert_eq!(class("croydon", "c 2027-04-01.. S K2 surrey"), (PlacementClass::Unknown, gone));
    assert_eq!(class("croydon", "c 2027-03-31.. S K2 surrey"), (near, gone));
}

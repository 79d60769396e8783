//! Raised, changed, ended, moved.

use super::*;
use crate::{Basis, EndingCause, Flag, NoticeKind};

#[test]
fn a_child_placed_out_of_area_is_told_of_once() {
    let mut hub = Hub::new();
    assert_eq!(hub.events(&["c 2026-06-01.. S U6 kent"]), ["raised:kent"]);
    let notice = hub.only();
    assert_eq!((notice.version, notice.kind, notice.state), (1, NoticeKind::Placement, NoticeState::Raised));
    assert_eq!(notice.terms.class.as_str(), "at_a_distance");
    assert!(hub.events(&["c 2026-06-01.. S U6 kent"]).is_empty());
}

#[test]
fn in_area_or_nowhere_known_nobody_is_told() {
    let mut hub = Hub::new();
    assert!(
        hub.events(&["a 2026-06-01.. S U6 lewisham", "b 2026-06-01.. S U6", "c 2026-06-01.. S T4 kent"]).is_empty()
    );
}

#[test]
fn a_planned_placement_first_seen_in_a_feed_is_already_late() {
    let mut hub = Hub::new();
    hub.night(&["c 2026-06-01.. S U6 kent"]);
    let notice = hub.only();
    let deadline = notice.deadline.unwrap();
    assert_eq!((deadline.basis, deadline.due_at.to_string().as_str()), (Basis::Planned, "2026-05-31T23:00:00Z"));
    assert!(notice.late_when_first_seen());
    let mut ahead = Hub::new();
    ahead.on("2026-05-29").night(&["c 2026-06-01.. S U6 kent"]);
    assert!(!ahead.only().late_when_first_seen());
}

#[test]
fn an_emergency_belongs_to_the_start_and_later_episodes_restart_no_clock() {
    let mut hub = Hub::new();
    let mut episodes = rows(&["c 2026-08-24..2026-08-26 S U6 kent", "c 2026-08-26.. L U6 kent"]);
    episodes[0].emergency = Some(true);
    hub.on("2026-08-25").night_of(&episodes[..1]);
    let due = hub.only().deadline;
    assert_eq!(due.unwrap().last_day, day("2026-09-01"));
    episodes[1].emergency = Some(true);
    hub.on("2026-08-27").night_of(&episodes);
    assert_eq!(hub.only().deadline, due);
    episodes[0].emergency = None;
    hub.night_of(&episodes);
    assert_eq!(hub.only().deadline.unwrap().basis, Basis::Planned);
}

#[test]
fn first_load_makes_register_entries_without_a_clock() {
    let mut hub = Hub::new();
    let episodes = ["a 2024-01-10.. S U6 kent", "b 2026-04-01.. S U6 kent", "c 2026-04-02.. S U6 kent"];
    assert_eq!(hub.events(&episodes), ["registered:kent", "registered:kent", "raised:kent"]);
    let registers: Vec<_> = hub.notices.iter().filter(|notice| notice.kind == NoticeKind::Register).collect();
    assert_eq!(registers.len(), 2);
    assert!(registers.iter().all(|notice| notice.deadline.is_none() && !notice.late_when_first_seen()));
    let over = ["a 2024-01-10..2024-06-01 S U6 kent", "b 2024-01-10..2026-04-01 S U6 kent"];
    assert!(Hub::new().events(&over).is_empty());
}

#[test]
fn a_stay_that_ends_is_ended_with_its_reason() {
    let mut hub = Hub::new();
    hub.night(&["c 2026-06-01.. S U6 kent"]);
    let mut episodes = rows(&["c 2026-06-01..2026-06-15 S U6 kent"]);
    episodes[0].reason_ceased = Some("E4A".into());
    let changes = hub.on("2026-06-16").night_of(&episodes);
    assert!(matches!(changes.as_slice(), [NoticeChange::Ended(_)]));
    let ending = hub.only().ending.clone().unwrap();
    assert_eq!((ending.on, ending.cause, ending.destination), (day("2026-06-15"), EndingCause::Ceased, None));
    assert_eq!(ending.reason_ceased.as_deref(), Some("E4A"));
    assert_eq!(ending.deadline.unwrap().last_day, day("2026-06-29"));
    assert_eq!(hub.only().version, 2);
}

#[test]
fn a_stay_first_seen_when_over_is_told_and_ended_at_once() {
    let mut hub = Hub::new();
    let changes = hub.night(&["c 2026-05-01..2026-05-08 S U6 kent"]);
    let [NoticeChange::Raised(raised), NoticeChange::Ended(ended)] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!((raised.ending.is_none(), ended.ending.is_some()), (true, true));
    assert_eq!((hub.only().version, hub.only().state), (2, NoticeState::Ended));
}

#[test]
fn a_move_to_another_area_ends_one_and_raises_the_next_in_one_change() {
    let mut hub = Hub::new();
    hub.night(&["c 2026-06-01.. S U6 kent"]);
    let moved = ["c 2026-06-01..2026-06-15 S U6 kent", "c 2026-06-15.. P U6 essex"];
    let changes = hub.on("2026-06-16").night(&moved);
    let [NoticeChange::Moved { ended, raised }] = changes.as_slice() else { panic!("{changes:?}") };
    let ending = ended.ending.as_ref().unwrap();
    assert_eq!((ending.cause, ending.destination), (EndingCause::Moved, Some(code("essex"))));
    assert_eq!((raised.start, raised.supersedes), (day("2026-06-15"), None));
}

#[test]
fn a_move_within_the_area_supersedes() {
    let mut hub = Hub::new();
    hub.night(&["c 2026-06-01.. S U6 kent"]);
    let first = hub.only().id;
    let changes = hub.night(&["c 2026-06-01..2026-06-15 S U6 kent", "c 2026-06-15.. P U6 kent"]);
    let [NoticeChange::Moved { raised, .. }] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!(raised.supersedes, Some(first));
}

#[test]
fn three_moves_in_one_night_are_a_chain() {
    let mut hub = Hub::new();
    let all =
        ["c 2026-05-01..2026-05-08 S U6 kent", "c 2026-05-08..2026-05-15 P U6 essex", "c 2026-05-15.. P U6 greenwich"];
    let events = ["raised:kent", "ended:kent", "raised:essex", "ended:essex", "raised:greenwich"];
    assert_eq!(hub.events(&all), events);
    assert_eq!(hub.notices.iter().filter(|notice| notice.state.is_live()).count(), 1);
}

#[test]
fn a_move_home_ends_with_the_placing_area_as_destination() {
    let mut hub = Hub::new();
    let home = ["c 2026-05-01..2026-05-08 S U6 kent", "c 2026-05-08.. P U6 lewisham"];
    assert_eq!(hub.events(&home), ["raised:kent", "ended:kent"]);
    assert_eq!(hub.only().ending.as_ref().unwrap().destination, Some(code("lewisham")));
}

#[test]
fn a_temporary_stay_changes_nothing() {
    let mut hub = Hub::new();
    hub.night(&["c 2026-05-01.. S U6 kent"]);
    let hospital = ["c 2026-05-01..2026-05-20 S U6 kent", "c 2026-05-20.. P T1 southwark"];
    assert!(hub.events(&hospital).is_empty());
    let back = [hospital[0], "c 2026-05-20..2026-05-25 P T1 southwark", "c 2026-05-25.. P U6 kent"];
    assert!(hub.events(&back).is_empty());
    assert_eq!(hub.only().version, 1);
}

#[test]
fn a_change_of_legal_status_is_a_new_version_to_be_acknowledged_anew() {
    let mut hub = Hub::new();
    let mut episodes = rows(&["c 2026-05-01..2026-05-20 S U6 kent", "c 2026-05-20.. L U6 kent"]);
    hub.night_of(&episodes);
    hub.host_says(EventKind::Acknowledged);
    episodes[1].legal_status = "E1".into();
    let changes = hub.night_of(&episodes);
    let [NoticeChange::Changed { notice, changed }] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!(
        (changed.as_slice(), notice.version, notice.state),
        (["legal_status"].as_slice(), 2, NoticeState::Raised)
    );
}

#[test]
fn a_dispute_stands_through_a_change_and_ends_with_the_stay() {
    let mut hub = Hub::new();
    let mut episodes = rows(&["c 2026-05-01.. S U6 kent"]);
    hub.night_of(&episodes);
    hub.host_says(EventKind::Disputed);
    episodes[0].placement_sector = Some("ME1 1".into());
    hub.night_of(&episodes);
    assert_eq!((hub.only().state, hub.only().version), (NoticeState::Disputed, 2));
    episodes[0].episode_end = Some(day("2026-05-30"));
    hub.night_of(&episodes);
    assert_eq!(hub.only().state, NoticeState::Ended);
}

#[test]
fn an_unregistered_setting_is_flagged() {
    let flags = |place: &str, registration: Option<&str>| {
        let mut episodes = rows(&[&format!("c 2026-05-01.. S {place} kent")]);
        episodes[0].registration = registration.map(str::to_owned);
        let mut hub = Hub::new();
        hub.night_of(&episodes);
        hub.only().flags.clone()
    };
    assert_eq!(flags("K2", Some("unregistered")), [Flag::UnregisteredSetting]);
    assert_eq!(flags("K2", Some("pending")), [Flag::RegistrationPending]);
    assert_eq!(flags("Z12", None), [Flag::UnregisteredSetting]);
    assert_eq!(flags("K2", None), []);
}

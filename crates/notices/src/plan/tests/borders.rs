//! Class, approval, and hosts that cannot be told.

use super::*;
use crate::{Flag, HeldReason};
use hub_domain::PlacementClass;

fn told(placing: &str, episode: &str, change: impl Fn(&mut PlacementRow)) -> Notice {
    let mut episodes = rows(&[episode]);
    change(&mut episodes[0]);
    let rules = Rules::default();
    let calendar = Calendar::england_and_wales();
    let context = Context { as_at: day("2026-06-01"), joined: day("2026-04-01"), calendar, rules: &rules };
    let changes = plan(code(placing), &[], &episodes, &context);
    let [change] = changes.as_slice() else { panic!("{changes:?}") };
    change.events()[0].notice.clone()
}

fn class(placing: &str, host: &str) -> PlacementClass {
    told(placing, &format!("c 2026-06-01.. S K2 {host}"), |_| ()).terms.class
}

#[test]
fn the_river_and_a_hundred_metres_decide_who_decides() {
    let near = PlacementClass::Adjoining { flagged: false };
    assert_eq!(class("greenwich", "tower-hamlets"), near);
    assert_eq!(class("bexley", "thurrock"), near);
    assert_eq!(class("bromley", "lambeth"), near);
    assert_eq!(class("croydon", "southwark"), PlacementClass::AtADistance);
    assert_eq!(class("lambeth", "city-of-london"), PlacementClass::Adjoining { flagged: true });
    assert_eq!(class("kent", "essex"), PlacementClass::Unknown);
}

#[test]
fn at_a_distance_the_director_must_be_seen_to_approve() {
    let flags = |host: &str, role: Option<&str>, place: &str, provider: &str| {
        let episode = format!("c 2026-06-01.. S {place} {host}");
        let edit = |row: &mut PlacementRow| {
            row.approver_role = role.map(str::to_owned);
            row.placement_provider = Some(provider.to_owned());
        };
        told("lewisham", &episode, edit).flags
    };
    let missing = [Flag::DirectorApprovalMissing];
    assert_eq!(flags("kent", Some("nominated_officer"), "K2", "PR4"), missing);
    assert_eq!(flags("kent", None, "U6", "PR4"), missing);
    assert_eq!(flags("kent", Some("director"), "K2", "PR4"), []);
    assert_eq!(flags("southwark", Some("nominated_officer"), "K2", "PR4"), []);
    // Reg 11(4): a connected person, or the authority's own carer.
    assert_eq!(flags("kent", None, "U3", "PR1"), []);
    assert_eq!(flags("kent", None, "U6", "PR1"), []);
}

#[test]
fn a_border_by_ruling_is_flagged() {
    assert_eq!(told("lambeth", "c 2026-06-01.. S K2 city-of-london", |_| ()).flags, [Flag::ShortBorder]);
    assert_eq!(told("kent", "c 2026-06-01.. S K2 essex", |_| ()).flags, [Flag::ClassUnknown]);
}

#[test]
fn an_unknown_host_is_held_until_the_operator_knows_it() {
    let mut hub = Hub::new();
    let changes = hub.night(&["c 2026-06-01.. S K2 W06000015"]);
    let [NoticeChange::Held(notice)] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!(notice.held_because, Some(HeldReason::UnknownHost));
    assert_eq!(notice.terms.class, PlacementClass::AtADistance);
    assert!(!changes[0].events()[0].to_host);
    hub.rules.extra_hosts.insert("W06000015".parse().unwrap());
    assert_eq!(hub.events(&["c 2026-06-01.. S K2 W06000015"]), ["raised:?"]);
    assert_eq!(hub.only().version, 2);
}

#[test]
fn a_held_notice_follows_its_stay_and_goes_with_it_untold() {
    let mut hub = Hub::new();
    hub.night(&["c 2026-06-01.. S K2 W06000015"]);
    assert_eq!(hub.events(&["c 2026-06-01..2026-06-10 S K2 W06000015"]), ["held:?"]);
    let changes = hub.night(&["c 2026-06-01..2026-06-10 S K2 kent"]);
    let told = |change: &NoticeChange| change.events().iter().map(|event| event.to_host).collect::<Vec<_>>();
    assert!(matches!(changes[0], NoticeChange::Withdrawn(_)));
    assert_eq!(changes.iter().flat_map(told).collect::<Vec<_>>(), [false, true, true]);
}

#[test]
fn a_year_without_known_holidays_is_told_of_and_flagged() {
    let mut episodes = rows(&["c 2029-01-02.. S K2 kent"]);
    episodes[0].emergency = Some(true);
    let mut hub = Hub::new();
    hub.on("2029-01-03").night_of(&episodes);
    assert_eq!((hub.only().deadline, hub.only().flags.as_slice()), (None, [Flag::DeadlineUnknown].as_slice()));
    assert_eq!(hub.only().state, NoticeState::Raised);
}

#[test]
fn what_an_authority_excludes_is_not_notified() {
    let episodes = ["a 2026-06-01.. S P1 kent", "b 2026-06-01.. S A5 kent", "c 2026-06-01.. S U6 kent"];
    let mut all = rows(&episodes);
    all[2].placement_provider = Some("PR1".into());
    let mut hub = Hub::new();
    assert_eq!(hub.night_of(&all).len(), 3);
    hub.rules.own_parents = false;
    hub.rules.own_carers = false;
    let changes = hub.night_of(&all);
    assert_eq!(changes.len(), 2);
    assert!(changes.iter().all(|change| matches!(change, NoticeChange::Withdrawn(_))));
    hub.rules.adoption = false;
    assert_eq!(hub.night_of(&all).len(), 1);
}

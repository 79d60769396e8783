use super::*;
use crate::fixture::{code, day, rows};

/// `start..end host origin` of each out-of-area stay that Lewisham's episodes make.
fn found(episodes: &[&str]) -> Vec<String> {
    let rows = rows(episodes);
    let said = |stay: Stay<'_>| {
        let end = stay.end.map(|end| end.to_string()).unwrap_or_default();
        let host = hub_domain::authority::find(stay.host.unwrap()).unwrap();
        format!("{}..{end} {} {}", stay.start, host.slug, stay.origin)
    };
    stays(code("lewisham"), &rows).into_iter().map(said).collect()
}

#[test]
fn legal_status_and_type_may_change_within_a_stay() {
    let episodes = [
        "c 2026-05-01..2026-05-10 S U6 kent",
        "c 2026-05-10..2026-05-20 L U6 kent",
        "c 2026-05-20..2026-06-01 T U4 kent",
        "c 2026-06-01.. U U4 kent",
    ];
    assert_eq!(found(&episodes), ["2026-05-01.. kent placement"]);
}

#[test]
fn s_p_and_b_begin_a_stay_where_no_setting_is_named() {
    for code in ["S", "P", "B"] {
        let second = format!("c 2026-05-10.. {code} U6 kent");
        let found = found(&["c 2026-05-01..2026-05-10 S U6 kent", &second]);
        assert_eq!(found, ["2026-05-01..2026-05-10 kent placement", "2026-05-10.. kent placement"], "{code}");
    }
}

#[test]
fn a_named_setting_decides_before_the_reason_code() {
    let same = ["c 2026-05-01..2026-05-10 S K2 kent #oak", "c 2026-05-10.. P K2 kent #oak"];
    assert_eq!(found(&same), ["2026-05-01.. kent placement"]);
    let other = ["c 2026-05-01..2026-05-10 S K2 kent #oak", "c 2026-05-10.. T K2 kent #elm"];
    assert_eq!(found(&other).len(), 2);
    let unnamed = ["c 2026-05-01..2026-05-10 S K2 kent #oak", "c 2026-05-10.. L K2 kent"];
    assert_eq!(found(&unnamed), ["2026-05-01.. kent placement"]);
}

#[test]
fn a_gap_ends_a_stay_even_in_one_setting() {
    let episodes = ["c 2026-05-01..2026-05-10 S K2 kent #oak", "c 2026-05-11.. S K2 kent #oak"];
    assert_eq!(found(&episodes).len(), 2);
}

#[test]
fn a_temporary_move_is_bridged_wherever_it_is() {
    let episodes = [
        "c 2026-05-01..2026-05-10 S U6 kent",
        "c 2026-05-10..2026-05-12 P T1 southwark",
        "c 2026-05-12..2026-05-14 P T2",
        "c 2026-05-14.. P U6 kent",
    ];
    assert_eq!(found(&episodes), ["2026-05-01.. kent placement"]);
    assert_eq!(found(&episodes[..2]), ["2026-05-01..2026-05-12 kent placement"]);
    let away = ["c 2026-05-01..2026-05-10 S U6 kent", "c 2026-05-10.. P T1"];
    assert_eq!(found(&away), ["2026-05-01.. kent placement"]);
}

#[test]
fn a_temporary_move_within_an_open_episode_does_not_end_it() {
    let episodes = ["c 2026-05-01.. S U6 kent", "c 2026-05-10..2026-05-12 P T1"];
    assert_eq!(found(&episodes), ["2026-05-01.. kent placement"]);
}

#[test]
fn a_temporary_move_alone_is_no_stay() {
    assert!(found(&["c 2026-05-10..2026-05-12 S T4 kent"]).is_empty());
    let home = ["c 2026-05-01..2026-05-10 S U6 lewisham", "c 2026-05-10.. P T4 kent"];
    assert!(found(&home).is_empty());
}

#[test]
fn after_a_temporary_move_another_place_is_another_stay() {
    let first = ["c 2026-05-01..2026-05-10 S U6 kent", "c 2026-05-10..2026-05-12 P T1"];
    let with = |next: &str| found(&[first[0], first[1], next]);
    assert_eq!(
        with("c 2026-05-12.. P K2 kent"),
        ["2026-05-01..2026-05-12 kent placement", "2026-05-12.. kent placement"]
    );
    assert_eq!(with("c 2026-05-12.. P U6 surrey").len(), 2);
    assert_eq!(with("c 2026-05-12.. S U6 kent").len(), 2);
    assert_eq!(with("c 2026-05-12.. P U4 kent").len(), 1);
}

#[test]
fn short_breaks_and_empty_episodes_are_outside() {
    let mut episodes = rows(&["c 2026-05-01.. S U6 kent", "d 2026-05-01..2026-05-01 S U6 kent"]);
    episodes[0].legal_status = "V4".into();
    assert!(stays(code("lewisham"), &episodes).is_empty());
}

#[test]
fn an_episode_left_open_ends_where_the_next_begins() {
    let episodes = ["c 2026-05-01.. S U6 kent", "c 2026-05-10.. P U6 surrey"];
    assert_eq!(found(&episodes), ["2026-05-01..2026-05-10 kent placement", "2026-05-10.. surrey placement"]);
}

#[test]
fn a_carer_who_moves_area_begins_a_stay_there() {
    let episodes = ["c 2026-05-01..2026-05-10 S U6 kent", "c 2026-05-10.. T U6 essex"];
    assert_eq!(found(&episodes), ["2026-05-01..2026-05-10 kent placement", "2026-05-10.. essex relocation"]);
    let home = ["c 2026-05-01..2026-05-10 S U6 lewisham", "c 2026-05-10.. T U6 kent"];
    assert_eq!(found(&home), ["2026-05-10.. kent relocation"]);
}

#[test]
fn a_successor_authority_is_nobodys_move() {
    let episodes = ["c 2026-05-01..2027-05-01 S U6 surrey", "c 2027-05-01.. L U6 east-surrey"];
    assert_eq!(found(&episodes), ["2026-05-01..2027-05-01 surrey placement", "2027-05-01.. east-surrey succession"]);
}

#[test]
fn a_location_given_late_is_the_stays_from_its_start() {
    let episodes = ["c 2026-05-01..2026-05-10 S U6", "c 2026-05-10.. L U6 kent"];
    assert_eq!(found(&episodes), ["2026-05-01.. kent placement"]);
    assert!(found(&["c 2026-05-01.. S U6"]).is_empty());
}

#[test]
fn a_feed_that_begins_in_the_middle_says_so() {
    assert_eq!(found(&["c 2026-04-01.. L U6 kent"]), ["2026-04-01.. kent continuation"]);
    let from_hospital = ["c 2026-04-01..2026-04-05 P T1", "c 2026-04-05.. P U6 kent"];
    assert_eq!(found(&from_hospital), ["2026-04-05.. kent continuation"]);
    let later = ["c 2026-04-01..2026-04-05 P T1", "c 2026-04-06.. P U6 kent"];
    assert_eq!(found(&later), ["2026-04-06.. kent placement"]);
}

#[test]
fn children_are_told_apart_and_order_does_not_matter() {
    let forward = rows(&["a 2026-05-01..2026-05-10 S U6 kent", "a 2026-05-10.. L U6 kent", "b 2026-05-10.. S U6 kent"]);
    let mut backward = forward.clone();
    backward.reverse();
    let list = |rows: &[PlacementRow]| {
        let made = stays(code("lewisham"), rows);
        made.iter().map(|stay| (stay.child_ref.to_owned(), stay.start)).collect::<Vec<_>>()
    };
    assert_eq!(list(&forward).len(), 2);
    assert_eq!(list(&forward), list(&backward));
    assert_eq!(list(&forward)[0].1, day("2026-05-01"));
}

#[test]
fn debug_says_nothing_of_a_child() {
    let rows = rows(&["secret 2026-05-01.. S U6 kent"]);
    let text = format!("{:?}", stays(code("lewisham"), &rows));
    assert!(!text.contains("secret") && !text.contains("2026"), "{text}");
}

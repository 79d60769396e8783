//! The vacancy board: what brokers see, and how they ask.

use hub_domain::{Need, Provision, QualityRow, Timestamp, VacancyRow};
use hub_sufficiency::{Board, Filter, Rules, Why};
use jiff::civil::date;

use crate::made::{AS_AT, BARNET, GREENWICH, KENT, LEWISHAM, code, event, home, region};

fn noon(day: &str) -> Timestamp {
    format!("{day}T12:00:00Z").parse().unwrap()
}

fn board(homes: &[VacancyRow]) -> Board {
    let mut region = region();
    for home in homes {
        region.vacancy(code(LEWISHAM), home.clone());
    }
    region.finish().board()
}

fn found(board: &Board, filter: &Filter) -> Vec<String> {
    board.search(Some(code(LEWISHAM)), filter).into_iter().map(|entry| entry.setting_ref).collect()
}

#[test]
fn freshness_and_reasons_are_shown_beside_every_vacancy() {
    let full = VacancyRow { available_places: 0, held_places: 1, urn: " ".to_owned(), ..home("full") };
    let old = VacancyRow { confirmed_at: Some(noon("2026-02-01")), ..home("old") };
    let late = VacancyRow { available_from: Some(date(2026, 4, 1)), ..home("late") };
    let never = VacancyRow { confirmed_at: None, provision: "castle".to_owned(), ..home("never") };
    let board = board(&[home("good"), full, old, late, never]);
    let entries = board.search(Some(code(LEWISHAM)), &Filter::default());
    let entry = |name: &str| entries.iter().find(|entry| entry.setting_ref == name).unwrap();
    assert_eq!((entry("good").usable, entry("good").confirmed_days, entry("good").miles), (true, Some(0), Some(0.0)));
    assert_eq!(entry("full").reasons, [Why::NoPlace, Why::NoUrn]);
    assert_eq!((entry("old").stale, entry("old").confirmed_days, entry("old").fresh_days), (true, Some(28), 7));
    assert_eq!(entry("old").reasons, [Why::Stale]);
    assert_eq!(entry("late").reasons, [Why::TooLate]);
    assert_eq!(entry("never").reasons, [Why::NeverConfirmed, Why::UnknownProvision]);
    assert_eq!(entries.first().unwrap().setting_ref, "good");
    let in_time = Filter { needed_by: Some(date(2026, 4, 1)), usable_only: true, ..Filter::default() };
    assert_eq!(found(&board, &in_time), ["good", "late"]);
}

#[test]
fn every_filter_filters() {
    let boys = VacancyRow { sex_accepted: "M".to_owned(), age_min: 10, age_max: 14, ..home("boys") };
    let large = VacancyRow { available_places: 3, sibling_places: Some(2), approved_places: 4, ..home("large") };
    let far = VacancyRow { host_la: code(KENT), ..home("far") };
    let able = VacancyRow { needs: vec!["solo".to_owned(), "respite".to_owned()], ..home("able") };
    let hostel = VacancyRow { provision: "supported_accommodation".to_owned(), ..home("hostel") };
    let unknown = VacancyRow { host_la: code("E06000001"), ..home("nowhere") };
    let board = board(&[boys, large, far, able, hostel, unknown]);
    let all = Filter::default();
    assert_eq!(found(&board, &all).len(), 6);
    let by = |filter: Filter| {
        let mut found = found(&board, &filter);
        found.sort_unstable();
        found
    };
    assert_eq!(by(Filter { provision: vec![Provision::SupportedAccommodation], ..all.clone() }), ["hostel"]);
    assert_eq!(
        by(Filter { sex: Some("F".to_owned()), age: Some(15), ..all.clone() }),
        ["able", "far", "large", "nowhere"]
    );
    assert_eq!(
        by(Filter { sex: Some("M".to_owned()), age: Some(10), host: vec![code(LEWISHAM)], ..all.clone() }),
        ["able", "boys", "large"]
    );
    assert_eq!(by(Filter { needs: vec![Need::Solo], ..all.clone() }), ["able"]);
    assert_eq!(by(Filter { needs: vec![Need::Solo, Need::Uasc], ..all.clone() }), Vec::<String>::new());
    assert_eq!(by(Filter { siblings: Some(2), ..all.clone() }), ["large"]);
    assert_eq!(by(Filter { siblings: Some(3), ..all.clone() }), Vec::<String>::new());
    assert_eq!(by(Filter { host: vec![code(KENT)], ..all.clone() }), ["far"]);
    assert_eq!(by(Filter { max_miles: Some(20.0), ..all.clone() }), ["able", "boys", "hostel", "large"]);
    assert_eq!(by(Filter { near: Some(code(KENT)), max_miles: Some(1.0), ..all }), ["far"]);
}

#[test]
fn a_concern_binds_by_who_asks() {
    let mut region = region();
    region.vacancy(code(LEWISHAM), home("h"));
    let serious = QualityRow { concern_level: Some("serious".to_owned()), ..event("e", "concern") };
    region.quality(code(GREENWICH), &serious);
    let board = region.finish().board();
    let usable = |asker| board.search(asker, &Filter::default()).first().unwrap().usable;
    assert!(usable(Some(code(GREENWICH))));
    assert!(!usable(Some(code(LEWISHAM))) && !usable(None));
}

#[test]
fn nearest_first_among_the_usable() {
    let at = |name: &str, host: &str| VacancyRow { host_la: code(host), ..home(name) };
    let board = board(&[at("kent", KENT), at("barnet", BARNET), at("greenwich", GREENWICH), at("here", LEWISHAM)]);
    assert_eq!(found(&board, &Filter::default()), ["here", "greenwich", "barnet", "kent"]);
}

#[test]
fn the_stalest_come_first_and_only_those_with_a_place() {
    let on = |name: &str, day: &str| VacancyRow { confirmed_at: Some(noon(day)), ..home(name) };
    let full = VacancyRow { available_places: 0, ..on("full", "2025-01-01") };
    let never = VacancyRow { confirmed_at: None, ..home("never") };
    let board = board(&[on("b", "2026-02-10"), on("a", "2026-01-01"), home("fresh"), full, never]);
    let stalest: Vec<String> = board.stalest(2).into_iter().map(|entry| entry.setting_ref).collect();
    assert_eq!(stalest, ["never", "a"]);
    assert_eq!(board.stalest(9).len(), 3);
    assert_eq!(board.as_at(), AS_AT);
}

#[test]
fn the_rules_may_be_others() {
    let rules = Rules { fresh_days: [(Provision::FosterHousehold, 30)].into(), ..Rules::default() };
    let mut region = region().with_rules(rules);
    region.vacancy(code(LEWISHAM), VacancyRow { confirmed_at: Some(noon("2026-02-01")), ..home("old") });
    let board = region.finish().board();
    assert_eq!(found(&board, &Filter { usable_only: true, ..Filter::default() }), ["old"]);
}

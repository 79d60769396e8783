//! The questions and their page.

use hub_domain::{PlacementRow, QualityRow, SearchRow};
use hub_sufficiency::{question, questions, questions_page};
use jiff::civil::date;

use crate::made::{GREENWICH, LEWISHAM, code, count, episode, event, home, region, search, sibling, table, tables};

#[test]
fn every_question_has_an_answer_or_says_what_is_missing() {
    let numbers: Vec<u8> = questions().iter().map(|question| question.number).collect();
    assert_eq!(numbers, (1..=17).collect::<Vec<u8>>());
    assert!(questions().iter().all(|question| question.table.is_some() || !question.missing.is_empty()));
    assert!(question(17).is_some() && question(0).is_none() && question(18).is_none());
}

#[test]
fn the_page_is_what_the_questions_say() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/questions.md");
    assert!(
        std::fs::read_to_string(path).unwrap_or_default() == questions_page(),
        "docs/reference/questions.md is not what the questions say: `hub question page` prints it"
    );
}

#[test]
fn answers_from_care() {
    let mut region = region();
    let at = |child: &str, provider: &str| PlacementRow {
        placement_provider: Some(provider.to_owned()),
        episode_start: date(2026, 2, 1),
        ..episode(child)
    };
    for (child, provider) in [("a", "PR1"), ("b", "PR4"), ("c", "PR4")] {
        region.placement(code(LEWISHAM), &at(child, provider));
    }
    let soon = PlacementRow { birth_month: "2008-08".to_owned(), placement_type: "K2".to_owned(), ..at("d", "PR4") };
    region.placement(code(LEWISHAM), &soon);
    let alone = PlacementRow { solo: Some(true), urn: Some("1234567".to_owned()), ..at("e", "PR4") };
    region.placement(code(GREENWICH), &alone);
    let grade = QualityRow { overall: Some("inadequate".to_owned()), ..event("v", "visit") };
    region.quality(code(LEWISHAM), &grade);
    let tables = tables(region);
    let of = |number: u8, labels: &[&str], measure: &str| {
        count(&table(&tables, &format!("question_{number:02}")), labels, measure)
    };
    assert_eq!(of(1, &["SEL", "10-12", "in_house"], "weeks"), 4);
    assert_eq!(of(1, &["SEL", "10-12", "agency"], "weeks"), 12);
    assert_eq!(of(2, &["SEL", "all", "all"], "weeks"), 12);
    assert_eq!(of(9, &["SEL", "in_sub_region"], "children"), 1);
    assert_eq!(of(10, &["SEL", "alone_or_deprived_of_liberty"], "children"), 1);
    assert_eq!(of(13, &["SEL", "0-6", "residential"], "children"), 1);
    assert_eq!(of(16, &["1234567", "inadequate", GREENWICH], "children"), 1);
}

#[test]
fn answers_from_demand() {
    let mut region = region();
    for child in ["a", "b"] {
        region.search(code(LEWISHAM), &sibling(child, "g", None));
    }
    let complex = SearchRow { needs_essential: vec!["solo".to_owned()], emergency: Some(true), age: 14, ..search("c") };
    region.search(code(GREENWICH), &complex);
    region.search(code(LEWISHAM), &SearchRow { ethnicity: Some("BCRB".to_owned()), ..search("d") });
    region.vacancy(code(LEWISHAM), hub_domain::VacancyRow { ethnicity_match: vec!["BCRB".to_owned()], ..home("h") });
    let tables = tables(region);
    let of = |number: u8, labels: &[&str], measure: &str| {
        count(&table(&tables, &format!("question_{number:02}")), labels, measure)
    };
    assert_eq!(of(3, &["2"], "unserved"), 2);
    assert_eq!(of(3, &["1"], "served"), 1);
    assert_eq!(of(4, &["SEL", "13-15"], "unserved"), 1);
    assert_eq!(of(6, &["SEL", "13-15"], "searching"), 1);
    assert_eq!((of(8, &["B"], "could_be_matched"), of(8, &["all"], "no_match")), (1, 3));
}

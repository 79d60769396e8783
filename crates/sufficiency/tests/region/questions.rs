//! The questions and their page.

use std::collections::BTreeSet;

use hub_disclosure::{Known, Policy, Shown, gate_knowing};
use hub_domain::{PlacementRow, QualityRow, SearchRow, VacancyRow};
use hub_sufficiency::{Region, question, questions, questions_page};
use jiff::civil::{Date, date};

use crate::made::{
    AS_AT, GREENWICH, LEWISHAM, code, count, episode, event, home, region, search, sibling, table, tables,
};

/// Of the same sub-region as Lewisham and Greenwich.
const BROMLEY: &str = "E09000006";

#[test]
fn every_question_has_an_answer_or_says_what_is_missing() {
    let numbers: Vec<u8> = questions().iter().map(|question| question.number).collect();
    assert_eq!(numbers, (1..=17).collect::<Vec<u8>>());
    assert!(questions().iter().all(|question| !question.how.is_empty() && !question.readings.is_empty()));
    // The table made for a question is the first that it is read from.
    let made = questions().iter().filter_map(|question| Some((question.table?.id, question.readings.first()?.table)));
    assert!(made.into_iter().all(|(id, first)| id == first));
    let ids: BTreeSet<&str> = questions().iter().map(|question| question.id).collect();
    assert!(
        ids.len() == 17
            && ids.iter().all(|id| id.bytes().all(|b| b.is_ascii_lowercase() || b"-0123456789".contains(&b)))
    );
    assert_eq!(question("15").map(|question| question.id), Some("recurring-gaps"));
    assert_eq!(question("recurring-gaps").map(|question| question.number), Some(15));
    assert!(["0", "18", "07", "+7", "", "nothing"].into_iter().all(|named| question(named).is_none()));
}

#[test]
fn the_page_says_every_question_and_what_is_missing() {
    let page = questions_page(&[]);
    for question in questions() {
        assert!(page.contains(&format!("## {}. {}", question.number, question.words)), "{}", question.id);
        assert!(page.contains(question.how) && page.contains(question.missing), "{}", question.id);
    }
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
    assert_eq!(count(&table(&tables, "alone_or_deprived"), &["SEL", "alone"], "children"), 1);
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

/// A spot purchase of a foster home for a girl of eleven in Lewisham, begun on that day.
fn spot(child: &str, on: Date) -> PlacementRow {
    PlacementRow {
        episode_start: on,
        placement_provider: Some("PR4".to_owned()),
        route: Some("spot".to_owned()),
        ..episode(child)
    }
}

#[test]
fn spot_purchases_beside_a_framework_place_that_stood_free() {
    let free = VacancyRow {
        route: Some("framework".to_owned()),
        available_from: Some(date(2025, 12, 1)),
        ..home("framework")
    };
    let found = |home: VacancyRow, stay: PlacementRow| {
        let mut region = region();
        region.vacancy(code(LEWISHAM), home);
        region.placement(code(LEWISHAM), &stay);
        let table = table(&tables(region), "question_17");
        ["spot", "framework_free", "none_known"].map(|measure| count(&table, &["SEL", "fostering"], measure))
    };
    let on = date(2026, 1, 5);
    assert_eq!(found(free.clone(), spot("a", on)), [1, 1, 0]);
    let others = [
        VacancyRow { available_from: Some(date(2026, 1, 6)), ..free.clone() },
        VacancyRow { available_from: None, ..free.clone() },
        VacancyRow { route: Some("spot".to_owned()), ..free.clone() },
        VacancyRow { provision: "childrens_home".to_owned(), ..free.clone() },
        VacancyRow { age_max: 10, ..free.clone() },
        VacancyRow { sex_accepted: "M".to_owned(), ..free.clone() },
        VacancyRow { confirmed_at: None, ..free.clone() },
        VacancyRow { available_places: 0, ..free.clone() },
        VacancyRow { host_la: code("E06000052"), ..free.clone() },
    ];
    for (nth, other) in others.into_iter().enumerate() {
        assert_eq!(found(other, spot("a", on)), [1, 0, 1], "{nth}");
    }
    let framework = PlacementRow { route: Some("framework".to_owned()), ..spot("a", on) };
    assert_eq!(found(free.clone(), framework), [0, 0, 0]);
    assert_eq!(found(free, spot("a", date(2025, 2, 1))), [0, 0, 0], "more than a year ago");
}

/// Whether the gate, facing authorities who know their own children, shows a measure of a row.
fn is_shown(region: Region, name: &str, labels: &[&str], measure: &str) -> bool {
    let (tables, shares, _) = region.finish().tables_and_shares(None);
    let gated = gate_knowing(tables, &Policy::default(), &Known { shares, ..Known::default() }).unwrap();
    let table = gated.table(name).unwrap();
    let at = table.measures().iter().position(|name| name == measure).unwrap();
    let row = table.rows().iter().find(|row| labels.iter().all(|label| row.labels().iter().any(|said| said == label)));
    matches!(row.unwrap().cells()[at], Shown::Count(_))
}

/// What an authority knows of a question's table is its own children in it, also where a row is there only because others
/// share it, or rests on homes.
#[test]
fn an_authority_cannot_take_its_own_away_from_an_answer() {
    let waiting = |children: &[(&str, usize)]| {
        let mut region = Region::new(AS_AT, [LEWISHAM, GREENWICH, BROMLEY].map(code));
        for (authority, many) in children {
            for n in 0..*many {
                let own = SearchRow { ethnicity: Some("BCRB".to_owned()), ..search(&format!("c{n}")) };
                region.search(code(authority), &own);
            }
        }
        region
    };
    let gaps = |children: &[(&str, usize)]| {
        is_shown(waiting(children), "question_15", &["foster_household", "10-12"], "unserved")
    };
    assert!(gaps(&[(LEWISHAM, 6), (GREENWICH, 6), (BROMLEY, 6)]));
    assert!(!gaps(&[(LEWISHAM, 7), (GREENWICH, 1), (BROMLEY, 1)]), "Lewisham would be left with two");
    let matched = |children: &[(&str, usize)]| {
        let mut region = waiting(children);
        region.vacancy(code(LEWISHAM), VacancyRow { ethnicity_match: vec!["BCRB".to_owned()], ..home("h") });
        is_shown(region, "question_08", &["B"], "could_be_matched")
    };
    assert!(matched(&[(LEWISHAM, 6), (GREENWICH, 6)]));
    assert!(!matched(&[(LEWISHAM, 7), (GREENWICH, 2)]), "Lewisham would be left with two");
}

/// Lewisham and Greenwich are one sub-region, Croydon is alone in another: no table gives Croydon's two back.
#[test]
fn no_total_over_sub_regions_gives_a_single_authority_back() {
    let mut region = region();
    for (authority, many) in [(LEWISHAM, 9), (GREENWICH, 9), ("E09000008", 2)] {
        for n in 0..many {
            region.search(code(authority), &search(&format!("c{n}")));
        }
    }
    let tables = tables(region);
    for name in ["market_gaps", "question_03", "question_08", "question_15"] {
        let table = table(&tables, name);
        let columns = table.measures.len();
        let counts = table.rows.iter().flat_map(|row| row.cells.iter().take(columns));
        let whole = counts.filter(|cell| matches!(cell, hub_disclosure::Cell::Count { value: 20, .. })).count();
        assert_eq!(whole, 0, "{name} has all twenty together");
    }
}

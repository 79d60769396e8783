//! How far a vacancy can be believed, one reason at a time.

use hub_domain::{PlacementRow, VacancyRow};
use hub_sufficiency::{Confidence, Filter, Past, Starts};
use jiff::civil::date;

use crate::made::{AS_AT, GREENWICH, LEWISHAM, code, episode, home, region};

fn moved(child: &str, setting: &str, day: i8) -> PlacementRow {
    PlacementRow {
        episode_start: date(2026, 2, day),
        reason_new_episode: "P".to_owned(),
        setting_ref: Some(setting.to_owned()),
        ..episode(child)
    }
}

/// The confidence in the home `h`, other homes and moves being as given.
fn confidence(home: &VacancyRow, others: &[VacancyRow], moves: &[PlacementRow]) -> Confidence {
    let mut region = region();
    let mut starts = Starts::new(AS_AT);
    for row in moves {
        starts.add(row);
    }
    region.starts(&starts);
    for row in others.iter().chain([home]) {
        region.vacancy(code(LEWISHAM), row.clone());
    }
    let found = region.finish().board().search(None, &Filter::default());
    found.into_iter().find(|entry| entry.setting_ref == "h").unwrap().confidence
}

fn points(confidence: &Confidence) -> [i32; 4] {
    let about: Vec<&str> = confidence.reasons.iter().map(|reason| reason.about).collect();
    assert_eq!(about, ["age", "source", "later_starts", "reliability"]);
    assert_eq!(confidence.score, confidence.reasons.iter().map(|reason| reason.points).sum::<i32>());
    assert!(
        confidence.reasons.iter().all(|reason| !reason.words.is_empty() && (0..=reason.of).contains(&reason.points))
    );
    [0, 1, 2, 3].map(|at| confidence.reasons[at].points)
}

fn on(day: &str) -> hub_domain::Timestamp {
    format!("{day}T07:00:00Z").parse().unwrap()
}

#[test]
fn age_source_and_dispute_count() {
    assert_eq!(points(&confidence(&home("h"), &[], &[])), [40, 20, 20, 10]);
    let week_old = VacancyRow { confirmed_at: Some(on("2026-02-22")), sector: "private".to_owned(), ..home("h") };
    assert_eq!(points(&confidence(&week_old, &[], &[])), [20, 14, 20, 10]);
    let never = VacancyRow { confirmed_at: None, sector: "other_la".to_owned(), ..home("h") };
    assert_eq!(points(&confidence(&never, &[], &[])), [0, 8, 20, 10]);
    let mut region = region();
    region.vacancy(code(LEWISHAM), home("h"));
    region.vacancy(code(GREENWICH), VacancyRow { held_places: 1, confirmed_at: Some(on("2026-02-27")), ..home("h") });
    let found = region.finish().board().search(None, &Filter::default());
    assert_eq!(points(&found[0].confidence)[1], 10);
}

#[test]
fn a_later_move_into_the_setting_contradicts_it() {
    let two = VacancyRow { available_places: 2, confirmed_at: Some(on("2026-02-24")), ..home("h") };
    let of = |moves: &[PlacementRow]| points(&confidence(&two, &[], moves))[2];
    assert_eq!(of(&[moved("a", "h", 24)]), 20, "on the day it was confirmed, it was known");
    assert_eq!(of(&[moved("a", "h", 25)]), 10);
    assert_eq!(of(&[moved("a", "h", 25), moved("b", "h", 26)]), 0);
    assert_eq!(of(&[moved("a", "another", 25)]), 20);
    let elsewhere = PlacementRow { urn: Some("7654321".to_owned()), ..moved("a", "h", 25) };
    assert_eq!(of(&[elsewhere]), 20, "another provider's setting of the same name");
    let goes_on = PlacementRow { reason_new_episode: "L".to_owned(), ..moved("a", "h", 25) };
    assert_eq!(of(&[goes_on]), 20);
}

/// What came of vacancies before: those of the reporter, each by the day of the feed that said otherwise.
#[test]
fn a_reporter_is_judged_by_what_its_word_was_worth_before() {
    let of = |before: &[(VacancyRow, i8)], moves: &[PlacementRow]| {
        let mut region = region();
        let (mut starts, mut past) = (Starts::new(AS_AT), Past::new(AS_AT));
        for row in moves {
            starts.add(row);
        }
        for (row, day) in before {
            past.add(code(LEWISHAM), row, date(2026, 2, *day));
        }
        region.starts(&starts);
        region.past(&past);
        region.vacancy(code(LEWISHAM), home("h"));
        let found = region.finish().board().search(None, &Filter::default());
        points(&found[0].confidence)[3]
    };
    let told = |setting: &str, day: &str| VacancyRow { confirmed_at: Some(on(day)), ..home(setting) };
    assert_eq!(of(&[], &[]), 10);
    assert_eq!(of(&[(told("x", "2026-02-10"), 12)], &[]), 13, "it stood");
    let went_on = [(told("x", "2026-02-10"), 20)];
    assert_eq!(of(&went_on, &[moved("a", "x", 11)]), 6, "filled, and on offer for nine days more");
    assert_eq!(of(&went_on, &[moved("a", "x", 20)]), 13, "the feed of that day told of it");
    assert_eq!(of(&went_on, &[moved("a", "x", 10)]), 13, "whoever looked that day knew of it");
    assert_eq!(of(&[(told("h", "2026-02-10"), 20)], &[moved("a", "h", 11)]), 6, "its own past counts");
    let none = VacancyRow { available_places: 0, ..told("x", "2026-02-10") };
    assert_eq!(of(&[(none, 20)], &[moved("a", "x", 11)]), 10, "it offered nothing");
}

#[test]
fn a_reporter_is_judged_by_its_other_vacancies() {
    let others =
        [home("x"), home("y"), home("z")].map(|row| VacancyRow { confirmed_at: Some(on("2026-02-20")), ..row });
    let of = |moves: &[PlacementRow]| points(&confidence(&home("h"), &others, moves))[3];
    assert_eq!(of(&[]), 16);
    assert_eq!(of(&[moved("a", "x", 25)]), 12);
    assert_eq!(of(&[moved("a", "x", 25), moved("b", "y", 25), moved("c", "z", 25)]), 4);
}

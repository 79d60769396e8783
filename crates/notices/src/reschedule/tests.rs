use std::collections::BTreeSet;

use hub_domain::PlacementRow;
use proptest::prelude::*;

use super::*;
use crate::fixture::{code, day, row};
use crate::{ClockStatus, Context, NoticeChange, clocks, plan};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn known() -> &'static Calendar {
    Calendar::england_and_wales()
}

fn with(days: &[&str]) -> (Calendar, Vec<Date>) {
    let days: Vec<Date> = days.iter().map(|text| day(text)).collect();
    (known().with(days.iter().copied()).unwrap(), days)
}

fn episode(text: &str) -> PlacementRow {
    PlacementRow { emergency: Some(true), planned: Some(false), ..row(text) }
}

fn planned(text: &str, held: &[Notice], calendar: &Calendar) -> Vec<NoticeChange> {
    let rules = Rules::default();
    let context = Context { as_at: day("2028-12-31"), joined: day("2024-01-01"), calendar, rules: &rules };
    plan(code("lewisham"), held, &[episode(text)], &context)
}

fn shell(text: &str) -> Notice {
    planned(text, &[], known()).last().unwrap().events().last().unwrap().notice.clone()
}

fn follow(notice: &Notice, calendar: &Calendar, said: &[Date]) -> Option<Rescheduled> {
    reschedule(notice, calendar, &Rules::default(), said)
}

/// Monday 24 August 2026: due by the end of Tuesday 1 September, the Monday between a bank holiday.
const EMERGENCY: &str = "c1 2026-08-24.. S K2 kent #oak";

#[test]
fn a_holiday_between_moves_what_waits_by_a_day_and_once() {
    let (calendar, said) = with(&["2026-08-24", "2026-08-28", "2026-09-02", "2026-12-21"]);
    let told = follow(&shell(EMERGENCY), &calendar, &said).unwrap();
    let moved = Moved {
        clock: ClockKind::Emergency,
        was_due_at: Some(at("2026-09-01T23:00:00Z")),
        due_at: at("2026-09-03T23:00:00Z"),
        holidays: vec![day("2026-08-28"), day("2026-09-02")],
    };
    assert_eq!(told.moved, [moved], "day 0 is not counted, nor is what comes after");
    assert_eq!((told.notice.version, told.notice.state), (1, NoticeState::Raised));
    assert_eq!(follow(&told.notice, &calendar, &said), None, "once");
    assert_eq!(planned(EMERGENCY, &[*told.notice], &calendar), [], "and the feed says nothing else");
}

#[test]
fn what_was_met_in_time_is_settled_and_what_was_late_may_have_been_in_time() {
    let (calendar, said) = with(&["2026-09-01"]);
    let mut notice = shell(EMERGENCY);
    notice.given.placement = Some(at("2026-09-01T12:00:00Z"));
    notice.set_flags();
    assert_eq!(follow(&notice, &calendar, &said), None);
    assert_eq!(planned(EMERGENCY, std::slice::from_ref(&notice), &calendar), [], "nor does the next feed move it");
    notice.given.placement = Some(at("2026-09-02T12:00:00Z"));
    let status = |notice: &Notice| clocks(notice, at("2026-10-01T09:00:00Z"), known(), &Rules::default())[0].status;
    assert_eq!(status(&notice), ClockStatus::Late);
    assert_eq!(status(&follow(&notice, &calendar, &said).unwrap().notice), ClockStatus::Met);
}

#[test]
fn a_day_taken_back_moves_it_back_and_is_named() {
    let (calendar, said) = with(&["2026-08-28"]);
    let moved = follow(&shell(EMERGENCY), &calendar, &said).unwrap().notice;
    let back = follow(&moved, known(), &said).unwrap();
    assert_eq!((back.moved[0].due_at, &back.moved[0].holidays), (at("2026-09-01T23:00:00Z"), &said));
    let away = known().amended([day("2026-08-28")], &BTreeSet::from([day("2026-08-31")])).unwrap();
    assert_eq!(follow(&shell(EMERGENCY), &away, &said), None, "a holiday moved within the days counted moves nothing");
}

#[test]
fn an_ending_moves_likewise() {
    let text = "c1 2026-06-01..2026-12-18 S K2 kent #oak";
    let mut notice = shell(text);
    let (calendar, said) = with(&["2026-12-21"]);
    let told = follow(&notice, &calendar, &said).unwrap();
    assert_eq!(
        (told.moved.len(), told.moved[0].clock),
        (1, ClockKind::Ending),
        "the placement's own passed long before"
    );
    assert_eq!(told.notice.ending.as_ref().unwrap().deadline.unwrap().last_day, day("2027-01-07"));
    notice.given.intention = Some(at("2026-12-01T09:00:00Z"));
    assert_eq!(follow(&notice, &calendar, &said), None);
    assert_eq!(planned(text, &[notice], &calendar), []);
}

#[test]
fn a_year_that_becomes_known_gives_the_date_and_takes_the_flag_away() {
    let text = "c1 2028-12-27.. S K2 kent #oak";
    let notice = shell(text);
    assert!(notice.flags.contains(&Flag::DeadlineUnknown) && notice.deadline.is_none());
    let of_2029: Vec<String> = (1..=8).map(|month| format!("2029-{month:02}-01")).collect();
    let (calendar, said) = with(&of_2029.iter().map(String::as_str).collect::<Vec<_>>());
    let told = follow(&notice, &calendar, &said).unwrap();
    assert_eq!((told.moved[0].was_due_at, &told.moved[0].holidays), (None, &vec![day("2029-01-01")]));
    assert!(!told.notice.flags.contains(&Flag::DeadlineUnknown));
    assert_eq!(planned(text, std::slice::from_ref(&told.notice), &calendar), []);
    assert_eq!(follow(&told.notice, known(), &[]), None, "a date once counted is not forgotten with its year");
}

#[test]
fn nothing_moves_that_has_no_clock() {
    let (calendar, said) = with(&["2026-08-28"]);
    for (kind, state) in [
        (NoticeKind::Register, NoticeState::Raised),
        (NoticeKind::Consultation, NoticeState::Raised),
        (NoticeKind::Placement, NoticeState::Withdrawn),
    ] {
        let notice = Notice { kind, state, ..shell(EMERGENCY) };
        assert_eq!(follow(&notice, &calendar, &said), None, "{kind} {state}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever days are proclaimed, whenever: a notice that waits ends as if they had been known from the first.
    #[test]
    fn late_or_early_a_proclamation_gives_the_same_date(start in 0_i64..900, days in prop::collection::vec(0_i64..40, 0..4)) {
        let start = day("2026-01-05").saturating_add(jiff::Span::new().days(start));
        let said: Vec<Date> = days.iter().map(|n| start.saturating_add(jiff::Span::new().days(*n))).collect();
        let calendar = known().with(said.iter().copied()).unwrap();
        let text = format!("c1 {start}.. S K2 kent #oak");
        let early = planned(&text, &[], &calendar).last().unwrap().events().last().unwrap().notice.clone();
        let before = shell(&text);
        let late = follow(&before, &calendar, &said).map_or(before, |told| *told.notice);
        prop_assert_eq!(late.deadline, early.deadline);
        prop_assert!(follow(&late, &calendar, &said).is_none());
    }
}

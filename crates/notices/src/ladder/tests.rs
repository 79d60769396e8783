use std::collections::BTreeSet;

use hub_domain::{Calendar, Date};
use jiff::ToSpan as _;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::fixture::day;

fn calendar() -> &'static Calendar {
    Calendar::england_and_wales()
}

/// Seven in the morning in London.
fn morning(on: Date) -> Timestamp {
    on.at(7, 0, 0, 0).to_zoned(hub_domain::clock::london().clone()).unwrap().timestamp()
}

fn awaited(deadline: Deadline) -> Awaited {
    Awaited { deadline, came: None }
}

/// An emergency on Monday 24 August 2026: due by the end of Tuesday 1 September, a bank holiday in between.
fn watched() -> Watched {
    let deadline = Deadline::emergency(date(2026, 8, 24), 5, calendar()).unwrap();
    Watched { placement: Some(awaited(deadline)), is_live: true, ..Watched::default() }
}

/// The first morning on which a step is reached.
fn first(watched: &Watched, step: Step, from: &str) -> Option<Date> {
    let from = day(from);
    (0..60)
        .map(|n| from.checked_add(n.days()).unwrap())
        .find(|on| watched.has_reached(step, morning(*on), calendar()).unwrap())
}

#[test]
fn the_ladder_is_climbed_by_working_days_over_a_bank_holiday() {
    let table = [
        // One working day is left on the Friday: Monday is the bank holiday, Tuesday the last day.
        (Step::Nudge, "2026-08-28"),
        (Step::Overdue, "2026-09-02"),
        (Step::Director, "2026-09-03"),
        (Step::Counted, "2026-09-08"),
    ];
    for (step, on) in table {
        assert_eq!(first(&watched(), step, "2026-08-24"), Some(day(on)), "{step}");
    }
}

#[test]
fn a_planned_placement_on_a_tuesday_after_the_holiday_is_nudged_on_the_thursday() {
    let deadline = Deadline::planned(date(2026, 9, 1)).unwrap();
    let watched = Watched { placement: Some(awaited(deadline)), ..Watched::default() };
    assert_eq!(first(&watched, Step::Nudge, "2026-08-20"), Some(day("2026-08-27")));
    assert_eq!(first(&watched, Step::Overdue, "2026-08-20"), Some(day("2026-09-01")));
}

#[test]
fn what_came_is_not_escalated_nor_what_was_taken_back() {
    let late = morning(day("2026-10-01"));
    let steps = [Step::Nudge, Step::Overdue, Step::Director, Step::Counted];
    let told = Watched { placement: watched().placement.map(|one| Awaited { came: Some(late), ..one }), ..watched() };
    let withdrawn = Watched { is_withdrawn: true, ..watched() };
    for step in steps {
        for quiet in [told, withdrawn] {
            assert_eq!(first(&quiet, step, "2026-08-24"), None, "{step}");
        }
    }
}

#[test]
fn a_host_has_two_whole_working_days_to_open() {
    // Issued on the Thursday before the bank holiday: Friday and Tuesday are its two.
    let issued = Watched { issued_at: Some(morning(day("2026-08-27"))), is_live: true, ..Watched::default() };
    assert_eq!(first(&issued, Step::Unopened, "2026-08-27"), Some(day("2026-09-02")));
    assert_eq!(first(&Watched { is_opened: true, ..issued }, Step::Unopened, "2026-08-27"), None);
    assert_eq!(first(&Watched { is_live: false, ..issued }, Step::Unopened, "2026-08-27"), None);
    let bounced = Watched { is_bounced: true, ..issued };
    assert_eq!(first(&bounced, Step::Undeliverable, "2026-08-27"), Some(day("2026-08-27")));
    assert_eq!(first(&Watched { is_opened: true, ..bounced }, Step::Undeliverable, "2026-08-27"), None);
}

#[test]
fn an_end_that_nobody_told_of_is_silent_after_ten_working_days() {
    let deadline = Deadline::ending(date(2026, 12, 18), 10, calendar()).unwrap();
    let ended = Watched { ending: Some(awaited(deadline)), ..Watched::default() };
    assert_eq!(first(&ended, Step::SilentEnd, "2026-12-18"), Some(day("2027-01-07")));
}

#[test]
fn a_setting_that_is_only_proposed_alarms_nobody() {
    let there = Watched { is_unregistered: true, is_live: true, ..Watched::default() };
    assert_eq!(first(&there, Step::Unregistered, "2026-08-27"), Some(day("2026-08-27")));
    assert_eq!(first(&Watched { is_proposed: true, ..there }, Step::Unregistered, "2026-08-27"), None);
}

#[test]
fn every_step_has_an_audience_and_a_name_of_its_own() {
    let jobs: BTreeSet<&str> = Step::ALL.iter().map(|step| step.job()).collect();
    let events: BTreeSet<&str> = Step::ALL.iter().map(|step| step.event()).collect();
    assert_eq!((jobs.len(), events.len()), (Step::ALL.len(), Step::ALL.len()));
    assert!(Step::ALL.iter().all(|step| !step.audiences().is_empty()));
}

proptest! {
    /// Whatever the day of the placement: the rungs come in order, none twice over, and each stays reached until answered.
    #[test]
    fn rungs_come_in_order(offset in 0_i32..1_000, emergency: bool) {
        let start = date(2025, 1, 1).checked_add(offset.days()).unwrap();
        let deadline = if emergency {
            Deadline::emergency(start, 5, calendar()).unwrap()
        } else {
            Deadline::planned(start).unwrap()
        };
        let watched = Watched { placement: Some(awaited(deadline)), is_live: true, ..Watched::default() };
        let mut reached = Vec::new();
        for n in -10..30 {
            let now = morning(start.checked_add(n.days()).unwrap());
            let rung = |step| watched.has_reached(step, now, calendar()).unwrap();
            let rungs = [rung(Step::Overdue), rung(Step::Director), rung(Step::Counted)];
            prop_assert!(rungs.is_sorted_by(|one, next| one >= next), "a later rung before an earlier one");
            prop_assert!(!(rung(Step::Nudge) && rungs[0]), "nudged and overdue at once");
            reached.push(rungs);
        }
        prop_assert!(reached.is_sorted(), "a rung was climbed down");
        prop_assert_eq!(reached.last(), Some(&[true; 3]));
    }
}

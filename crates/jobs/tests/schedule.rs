//! Promise D8, the arithmetic: one run per schedule and London date, whatever the clocks do.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up should stop")]

use std::collections::BTreeMap;

use hub_domain::london_date;
use hub_jobs::schedule::{GRACE, MOST_AT_ONCE, Misfire, Schedule, due};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn schedule(pattern: &str) -> Schedule {
    Schedule::new("publish", pattern, Misfire::Latest).unwrap()
}

fn every(pattern: &str) -> Schedule {
    Schedule::new("publish", pattern, Misfire::All { within: SignedDuration::from_hours(24 * 4000) }).unwrap()
}

/// The slots of `pattern` in (`since`, `until`], as UTC text.
fn slots(pattern: &str, since: &str, until: &str) -> Vec<String> {
    due(&every(pattern), at(since), at(until)).iter().map(ToString::to_string).collect()
}

#[test]
fn spring_2026() {
    let slots = |pattern| slots(pattern, "2026-03-28T12:00:00Z", "2026-03-31T12:00:00Z");
    assert_eq!(slots("0 0 * * *"), ["2026-03-29T00:00:00Z", "2026-03-29T23:00:00Z", "2026-03-30T23:00:00Z"]);
    assert_eq!(slots("30 1 * * *"), ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z"]);
    assert_eq!(slots("0 6 * * *"), ["2026-03-29T05:00:00Z", "2026-03-30T05:00:00Z", "2026-03-31T05:00:00Z"]);
}

#[test]
fn autumn_2026() {
    let slots = |pattern| slots(pattern, "2026-10-24T12:00:00Z", "2026-10-27T12:00:00Z");
    assert_eq!(slots("0 0 * * *"), ["2026-10-24T23:00:00Z", "2026-10-26T00:00:00Z", "2026-10-27T00:00:00Z"]);
    assert_eq!(slots("30 1 * * *"), ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z", "2026-10-27T01:30:00Z"]);
    assert_eq!(slots("0 6 * * *"), ["2026-10-25T06:00:00Z", "2026-10-26T06:00:00Z", "2026-10-27T06:00:00Z"]);
}

#[test]
fn spring_2027() {
    let slots = |pattern| slots(pattern, "2027-03-27T12:00:00Z", "2027-03-29T12:00:00Z");
    assert_eq!(slots("30 1 * * *"), ["2027-03-28T01:00:00Z", "2027-03-29T00:30:00Z"]);
    assert_eq!(slots("0 6 * * *"), ["2027-03-28T05:00:00Z", "2027-03-29T05:00:00Z"]);
}

/// A heartbeat every quarter of an hour from 2026 to 2028, as the hub does it: what was found becomes
/// the last slot of the next tick.
fn runs_by_date(schedule: &Schedule) -> BTreeMap<Date, usize> {
    let (mut last, mut now) = (at("2025-12-31T23:59:59Z"), at("2026-01-01T00:00:00Z"));
    let mut runs = BTreeMap::new();
    while now < at("2029-01-01T00:00:00Z") {
        for slot in due(schedule, last, now) {
            *runs.entry(london_date(slot)).or_default() += 1;
            last = slot;
        }
        now += SignedDuration::from_mins(15);
    }
    runs
}

#[test]
fn every_date_of_three_years_has_exactly_one_run() {
    for pattern in ["0 6 * * *", "30 1 * * *"] {
        let runs = runs_by_date(&schedule(pattern));
        let mut day = date(2026, 1, 1);
        while day <= date(2028, 12, 31) {
            assert_eq!(runs.get(&day), Some(&1), "{pattern} on {day}");
            day = day.checked_add(1.day()).unwrap();
        }
        assert_eq!(runs.len(), 1096, "{pattern}");
    }
}

#[test]
fn looking_back_finds_what_looking_forward_finds() {
    for pattern in
        ["0 6 * * *", "30 1 * * *", "0 1 * * *", "59 1 * * *", "0 2 * * *", "0 0 * * *", "15 7 * * 1-5", "0 6 1 * *"]
    {
        let forward = due(&every(pattern), at("2026-01-31T00:00:00Z"), at("2026-12-31T00:00:00Z"));
        for (slot, next) in forward.iter().zip(forward.iter().skip(1)) {
            let last = |at| schedule(pattern).last_until(at);
            assert_eq!(last(*slot), Some(*slot), "{pattern}: a slot is due when it strikes");
            assert_eq!(last(*next - SignedDuration::from_micros(1)), Some(*slot), "{pattern}: and until the next");
        }
    }
}

#[test]
fn a_repeated_hour_has_its_quarters_twice() {
    assert_eq!(slots("*/15 * * * *", "2026-10-24T22:59:59Z", "2026-10-25T23:59:59Z").len(), 100);
    assert_eq!(slots("*/15 * * * *", "2026-03-28T23:59:59Z", "2026-03-29T22:59:59Z").len(), 92);
}

#[test]
fn missed_runs_follow_the_rule() {
    let (last, now) = (at("2026-11-16T06:00:00Z"), at("2026-11-20T09:00:00Z"));
    let due = |misfire| due(&Schedule::new("chase", "0 6 * * *", misfire).unwrap(), last, now);
    assert!(due(Misfire::Skip).is_empty());
    assert_eq!(due(Misfire::Latest), [at("2026-11-20T06:00:00Z")]);
    let two_days = Misfire::All { within: SignedDuration::from_hours(48) };
    assert_eq!(due(two_days), [at("2026-11-19T06:00:00Z"), at("2026-11-20T06:00:00Z")]);
}

#[test]
fn a_slot_on_time_is_run_under_every_rule() {
    let now = at("2026-11-20T06:00:14.5Z");
    assert!(now.duration_since(at("2026-11-20T06:00:00Z")) < GRACE);
    for misfire in [Misfire::Skip, Misfire::Latest, Misfire::All { within: GRACE }] {
        let schedule = Schedule::new("chase", "0 6 * * *", misfire).unwrap();
        assert_eq!(due(&schedule, at("2026-11-19T06:00:00Z"), now), [at("2026-11-20T06:00:00Z")], "{misfire}");
        assert!(due(&schedule, at("2026-11-20T06:00:00Z"), now).is_empty(), "{misfire}: and not again");
    }
}

#[test]
fn a_clock_that_went_back_runs_nothing_twice() {
    for schedule in [schedule("0 6 * * *"), every("0 6 * * *")] {
        assert!(due(&schedule, at("2026-11-20T06:00:00Z"), at("2026-11-19T23:00:00Z")).is_empty());
    }
}

#[test]
fn long_silence_does_not_end_in_a_storm() {
    let minutes = due(&every("* * * * *"), at("2026-01-01T00:00:00Z"), at("2026-11-20T00:00:00Z"));
    assert_eq!(minutes.len(), MOST_AT_ONCE);
}

#[test]
fn what_is_not_a_pattern_is_refused() {
    for pattern in ["", "nightly", "60 6 * * *", "0 25 * * *", "0 0 6 * * *", "0 6 * *"] {
        assert!(Schedule::new("x", pattern, Misfire::Latest).is_err(), "{pattern}");
    }
    assert_eq!(schedule("0 6 30 2 *").next_after(at("2026-01-01T00:00:00Z")), None);
}

#[test]
fn misfire_rules_read_back() {
    for misfire in [Misfire::Skip, Misfire::Latest, Misfire::All { within: SignedDuration::from_hours(1) }] {
        assert_eq!(misfire.to_string().parse(), Ok(misfire));
    }
    assert!("sometimes".parse::<Misfire>().is_err() && "all:-1".parse::<Misfire>().is_err());
}

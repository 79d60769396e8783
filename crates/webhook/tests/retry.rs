//! Promise D6: when a delivery is tried, for how long, and what a receiver may ask for.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up should stop")]

use hub_webhook::retry::{LONGEST_WAIT, PATIENCE, Tried};
use hub_webhook::{Next, RetryAfter, next_attempt};
use jiff::{SignedDuration, Timestamp};

fn start() -> Timestamp {
    "2026-03-20T02:00:00Z".parse().unwrap()
}

fn first_failed() -> Tried {
    Tried { attempts: 1, first: start(), last: start() }
}

/// Every attempt of a receiver that is never there, as time since the first.
fn attempts(random: f64) -> Vec<SignedDuration> {
    let mut tried = first_failed();
    let mut times = vec![SignedDuration::ZERO];
    while let Next::At(at) = next_attempt(&tried, None, random) {
        times.push(at.duration_since(start()));
        tried = Tried { attempts: tried.attempts + 1, last: at, ..tried };
    }
    times
}

#[test]
fn the_schedule_is_the_promised_one() {
    let times = attempts(0.5);
    let waits: Vec<i64> = times.windows(2).map(|pair| (pair[1] - pair[0]).as_secs()).collect();
    let (hour, day) = (3600, 86_400);
    assert_eq!(waits[..9], [5, 300, 1800, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, day]);
    assert_eq!(waits[9..waits.len() - 1], [day; 10]);
    assert_eq!(times.last(), Some(&PATIENCE), "the last attempt is on day 14 itself");
}

#[test]
fn jitter_stays_within_a_fifth_and_spreads() {
    for attempts in 1..=12 {
        let tried = Tried { attempts, ..first_failed() };
        let plain = hub_webhook::retry::wait_after(attempts).as_secs_f64();
        let waits: Vec<f64> = [0.0, 0.25, 0.5, 0.75, 0.999_999]
            .into_iter()
            .map(|random| match next_attempt(&tried, None, random) {
                Next::At(at) => at.duration_since(start()).as_secs_f64() / plain,
                Next::Dead => panic!("dead too early"),
            })
            .collect();
        assert!((waits[0] - 0.8).abs() < 1e-6 && (waits[4] - 1.2).abs() < 1e-3, "{waits:?}");
        assert!(waits.is_sorted_by(|a, b| a < b), "{waits:?}");
    }
}

#[test]
fn whatever_the_jitter_the_last_attempt_is_on_day_fourteen() {
    for random in [0.0, 0.1, 0.3, 0.7, 0.999, f64::NAN, -1.0, 7.0] {
        assert_eq!(attempts(random).last(), Some(&PATIENCE), "{random}");
    }
}

#[test]
fn after_fourteen_days_it_is_dead() {
    let at = |last| next_attempt(&Tried { attempts: 20, first: start(), last }, None, 0.5);
    assert_eq!(at(start() + PATIENCE), Next::Dead);
    assert_eq!(at(start() + PATIENCE - SignedDuration::from_secs(1)), Next::At(start() + PATIENCE));
}

#[test]
fn retry_after_postpones_and_never_hastens() {
    let next = |asked| next_attempt(&first_failed(), Some(asked), 0.5);
    let at = |seconds| Next::At(start() + SignedDuration::from_secs(seconds));
    assert_eq!(next(RetryAfter::Seconds(120)), at(120));
    assert_eq!(next(RetryAfter::Seconds(0)), at(5));
    assert_eq!(next(RetryAfter::Until(start() - SignedDuration::from_hours(1))), at(5));
    assert_eq!(next(RetryAfter::Until(start() + SignedDuration::from_hours(1))), at(3600));
}

#[test]
fn retry_after_is_capped_at_a_day_and_by_day_fourteen() {
    let next = |tried: &Tried| next_attempt(tried, Some(RetryAfter::Seconds(u32::MAX)), 0.5);
    assert_eq!(next(&first_failed()), Next::At(start() + LONGEST_WAIT));
    let late = Tried { attempts: 20, last: start() + PATIENCE - SignedDuration::from_hours(1), ..first_failed() };
    assert_eq!(next(&late), Next::At(start() + PATIENCE));
}

#[test]
fn retry_after_is_read_in_every_form_of_rfc_9110() {
    let instant = RetryAfter::Until("1994-11-06T08:49:37Z".parse().unwrap());
    for (header, expected) in [
        ("120", Some(RetryAfter::Seconds(120))),
        (" 0 ", Some(RetryAfter::Seconds(0))),
        ("99999999999999999999", Some(RetryAfter::Seconds(u32::MAX))),
        ("Sun, 06 Nov 1994 08:49:37 GMT", Some(instant)),
        ("Sunday, 06-Nov-94 08:49:37 GMT", Some(instant)),
        ("Sun Nov  6 08:49:37 1994", Some(instant)),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("Sun, 31 Feb 2026 08:49:37 GMT", None),
    ] {
        assert_eq!(RetryAfter::parse(header), expected, "{header}");
    }
}

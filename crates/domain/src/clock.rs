//! The time, as an argument. No other file may ask what time it is.

use std::fmt::Debug;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// Tells the time to whole microseconds, the finest instant both databases keep.
pub trait Clock: Send + Sync + Debug {
    /// The present instant, truncated to microseconds.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks")]
    fn now(&self) -> Timestamp {
        truncate(Timestamp::now())
    }
}

/// A clock that moves only when told; for tests.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock standing at `at`.
    pub fn at(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.as_microsecond()))
    }

    /// Moves the clock to `at`.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.as_microsecond(), Ordering::SeqCst);
    }

    /// Moves the clock on by `seconds`.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds.saturating_mul(1_000_000), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        from_microseconds(self.0.load(Ordering::SeqCst))
    }
}

/// A clock that started at a chosen instant and runs at the speed of the machine's: the night that
/// the demonstration plays is always the same night.
#[derive(Debug)]
pub struct NightClock {
    began: Timestamp,
    started: Instant,
}

impl NightClock {
    /// A clock that reads `began` now.
    pub fn starting(began: Timestamp) -> Self {
        Self { began: truncate(began), started: Instant::now() }
    }
}

impl Clock for NightClock {
    fn now(&self) -> Timestamp {
        let run = i64::try_from(self.started.elapsed().as_micros()).unwrap_or(i64::MAX);
        from_microseconds(self.began.as_microsecond().saturating_add(run))
    }
}

/// The calendar date in London at `at`.
pub fn london_date(at: Timestamp) -> Date {
    at.to_zoned(london()).date()
}

/// The first instant of a day in London, and so the end of the day before; `None` at the end of the calendar.
pub fn london_midnight(day: Date) -> Option<Timestamp> {
    day.to_zoned(london()).ok().map(|zoned| zoned.timestamp())
}

/// The time zone of every schedule and deadline.
///
/// The zone database is compiled in, so the look-up cannot fail; were it to, UTC would stand in.
pub fn london() -> TimeZone {
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}

fn truncate(at: Timestamp) -> Timestamp {
    from_microseconds(at.as_microsecond())
}

fn from_microseconds(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = ManualClock::at(at("2026-03-29T00:59:59.999999Z"));
        assert_eq!(clock.now(), clock.now());
        clock.advance(1);
        assert_eq!(clock.now(), at("2026-03-29T01:00:00.999999Z"));
        clock.set(at("2026-01-01T00:00:00.0000019Z"));
        assert_eq!(clock.now(), at("2026-01-01T00:00:00.000001Z"));
    }

    #[test]
    fn a_night_clock_starts_where_it_is_told_and_runs_on() {
        let clock = NightClock::starting(at("2026-06-01T02:00:00Z"));
        let (first, second) = (clock.now(), clock.now());
        assert!(at("2026-06-01T02:00:00Z") <= first && first <= second && second < at("2026-06-01T03:00:00Z"));
    }

    #[test]
    fn the_day_in_london_turns_at_midnight_there() {
        assert_eq!(london_date(at("2026-06-30T22:59:59Z")).to_string(), "2026-06-30");
        assert_eq!(london_date(at("2026-06-30T23:00:00Z")).to_string(), "2026-07-01");
        assert_eq!(london_date(at("2026-12-31T23:59:59Z")).to_string(), "2026-12-31");
        assert_eq!(london_midnight("2026-07-01".parse().unwrap()), Some(at("2026-06-30T23:00:00Z")));
    }
}

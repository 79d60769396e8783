//! When the next run is due, for whoever has neither cron nor a task scheduler.

use std::str::FromStr;
use std::time::Duration;

use hub_domain::{Clock as _, SystemClock, Timestamp, london_date};
use jiff::civil::Time;

/// Longest the program sleeps without looking at the clock: a machine may sleep too, and clocks are set.
const NAP: Duration = Duration::from_secs(30);
/// Pause after a run that the network or the hub cut off.
const SOONER: i64 = 15 * 60;
/// Shortest span.
const LEAST: i64 = 60;

/// A span such as `30m`, `6h` or `1d`, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::command) struct Every(i64);

impl FromStr for Every {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || "give a span such as 30m, 6h or 1d".to_owned();
        let (number, unit) = text.trim().split_at_checked(text.trim().len().saturating_sub(1)).ok_or_else(wrong)?;
        let seconds = match unit {
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return Err(wrong()),
        };
        let span = number.parse::<u32>().ok().map(|number| i64::from(number).saturating_mul(seconds));
        span.filter(|span| (LEAST..=31 * 86_400).contains(span)).map(Self).ok_or_else(wrong)
    }
}

/// A time of day, `02:15`.
pub(in crate::command) fn parse_time(text: &str) -> Result<Time, String> {
    let wrong = || "give a time of day such as 02:15".to_owned();
    let (hour, minute) = text.trim().split_once(':').ok_or_else(wrong)?;
    let (Ok(hour), Ok(minute)) = (hour.parse(), minute.parse()) else { return Err(wrong()) };
    Time::new(hour, minute, 0, 0).map_err(|_| wrong())
}

/// When runs are due.
#[derive(Debug, Clone, Copy)]
pub(in crate::command) enum Rhythm {
    /// Each so many seconds.
    Every(Every),
    /// Each day at a time in London.
    Daily(Time),
}

impl Rhythm {
    /// The first run: at once, or at the next time of day.
    pub(super) fn first(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Every(_) => now,
            Self::Daily(_) => self.after(now),
        }
    }

    /// The run after one that began at `began`.
    pub(super) fn after(self, began: Timestamp) -> Timestamp {
        match self {
            Self::Every(Every(span)) => later(began, span),
            Self::Daily(time) => {
                let today = london_date(began);
                let on = |day: jiff::civil::Date| {
                    day.to_datetime(time).to_zoned(hub_domain::clock::london()).map(|zoned| zoned.timestamp())
                };
                let next = on(today).ok().filter(|at| *at > began);
                next.or_else(|| today.tomorrow().ok().and_then(|day| on(day).ok()))
                    .unwrap_or_else(|| later(began, 86_400))
            }
        }
    }

    /// The run after one that was cut off.
    pub(super) fn sooner(self, began: Timestamp) -> Timestamp {
        self.after(began).min(later(began, SOONER))
    }
}

fn later(from: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_second(from.as_second().saturating_add(seconds)).unwrap_or(from)
}

/// Sleeps until then.
pub(super) async fn wait_until(then: Timestamp) {
    loop {
        let left = then.as_second().saturating_sub(SystemClock.now().as_second());
        let Some(left) = u64::try_from(left).ok().filter(|left| *left > 0) else { return };
        tokio::time::sleep(Duration::from_secs(left).min(NAP)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_times_are_read() {
        for (text, seconds) in [("30m", 1_800), ("6h", 21_600), ("1d", 86_400)] {
            assert_eq!(text.parse(), Ok(Every(seconds)));
        }
        for text in ["", "h", "0h", "6", "6 weeks", "-1h", "60d", "é"] {
            assert!(text.parse::<Every>().is_err(), "{text}");
        }
        assert!(parse_time("02:15").is_ok() && parse_time("24:00").is_err() && parse_time("soon").is_err());
    }

    #[test]
    fn a_daily_run_is_at_its_time_in_london_on_both_sides_of_a_clock_change() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let daily = Rhythm::Daily(parse_time("02:15").unwrap());
        assert_eq!(daily.first(at("2026-03-27T12:00:00Z")), at("2026-03-28T02:15:00Z"));
        // The clocks go forward at 01:00 UTC on 29 March.
        assert_eq!(daily.after(at("2026-03-28T02:15:00Z")), at("2026-03-29T01:15:00Z"));
        assert_eq!(daily.sooner(at("2026-03-28T02:15:00Z")), at("2026-03-28T02:30:00Z"));
        let often = Rhythm::Every("6h".parse().unwrap());
        assert_eq!(often.first(at("2026-03-27T12:00:00Z")), at("2026-03-27T12:00:00Z"));
        assert_eq!(often.after(at("2026-03-27T12:00:00Z")), at("2026-03-27T18:00:00Z"));
    }
}

//! When to try again, and after how long.

use std::time::Duration;

use reqwest::{Response, StatusCode, header::RETRY_AFTER};

/// Patience with a hub that is away or busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Tries in all.
    pub tries: u32,
    /// Pause before the second try; it doubles each time.
    pub first: Duration,
    /// Longest pause, whatever the hub asks for.
    pub longest: Duration,
}

impl Default for Retry {
    /// Six tries over about half a minute, or as long as the hub asks, up to two minutes a time.
    fn default() -> Self {
        Self { tries: 6, first: Duration::from_secs(1), longest: Duration::from_mins(2) }
    }
}

impl Retry {
    /// The pause after try number `tried` (the first is 1): what the hub asks for, else doubled each
    /// time and spread by up to a fifth so that thirty boroughs do not return in step.
    pub(crate) fn pause(&self, tried: u32, asked: Option<Duration>, spread: u64) -> Duration {
        let doubled = self.first.saturating_mul(1_u32.checked_shl(tried.saturating_sub(1)).unwrap_or(u32::MAX));
        let pause = asked.unwrap_or_else(|| doubled.saturating_add(doubled.mul_f64(0.2 * fraction(spread))));
        pause.min(self.longest)
    }
}

/// Statuses after which the same request may succeed.
pub(crate) fn may_pass(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502 | 503 | 504 | 507)
}

/// Whole seconds asked for by `Retry-After`; its date form is left to our own pause.
pub(crate) fn asked_pause(response: &Response) -> Option<Duration> {
    let text = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}

/// A number from 0 to 1 out of the low bits of another.
fn fraction(spread: u64) -> f64 {
    f64::from(u16::try_from(spread % 1000).unwrap_or(0)) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_are_spread_and_yield_to_the_hub() {
        let retry = Retry::default();
        let seconds =
            |tried, asked: Option<u64>, spread| retry.pause(tried, asked.map(Duration::from_secs), spread).as_millis();
        assert_eq!((seconds(1, None, 0), seconds(2, None, 0), seconds(4, None, 0)), (1000, 2000, 8000));
        assert_eq!(seconds(1, None, 500), 1100);
        assert_eq!((seconds(1, Some(30), 500), seconds(1, Some(9000), 0)), (30_000, 120_000));
        assert_eq!(seconds(60, None, 0), 120_000);
    }
}

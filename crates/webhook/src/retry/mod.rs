//! When to try again: promise D6.

mod after;

use jiff::{SignedDuration, Timestamp};

pub use after::RetryAfter;

/// How long a delivery is tried, from its first attempt.
pub const PATIENCE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The longest wait a receiver may ask for with `Retry-After`: one that says "next year" is not heard.
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// Waits before the second to the tenth attempt; the first is at once and every later wait is a day.
const WAITS: [SignedDuration; 9] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(14),
    SignedDuration::from_hours(20),
    SignedDuration::from_hours(24),
];

/// What has been tried of one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried {
    /// Attempts made, the last one included; 1 or more.
    pub attempts: u32,
    /// When the first attempt was made.
    pub first: Timestamp,
    /// When the last attempt ended.
    pub last: Timestamp,
}

/// What to do after an attempt that did not deliver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Try again at this instant.
    At(Timestamp),
    /// Fourteen days are over: a dead letter, to be shown to the operator and never dropped.
    Dead,
}

/// The wait after `attempts` attempts, before jitter.
pub fn wait_after(attempts: u32) -> SignedDuration {
    let nth = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    WAITS.get(nth).copied().unwrap_or(LONGEST_WAIT)
}

/// When to try again after a failure.
///
/// `random`, in `[0, 1)`, spreads the wait by ±20 % so that receivers which fell over together are not
/// called together. A `Retry-After` postpones the attempt, by at most a day, and never brings it forward.
/// A wait that would pass the fourteenth day ends on it, so that every receiver has one last attempt then.
pub fn next_attempt(tried: &Tried, retry_after: Option<RetryAfter>, random: f64) -> Next {
    let end = tried.first.saturating_add(PATIENCE).unwrap_or(Timestamp::MAX);
    if tried.last >= end {
        return Next::Dead;
    }
    let planned = after(tried.last, whole_milliseconds(wait_after(tried.attempts).mul_f64(jitter(random))));
    let asked = retry_after.map(|asked| asked.instant(tried.last).min(after(tried.last, LONGEST_WAIT)));
    Next::At(planned.max(asked.unwrap_or(planned)).min(end))
}

/// 0.8 to 1.2; nonsense counts as the middle.
fn jitter(random: f64) -> f64 {
    if (0.0..1.0).contains(&random) { 0.8 + 0.4 * random } else { 1.0 }
}

/// Databases keep microseconds: an instant that comes back from one is the instant that was planned.
fn whole_milliseconds(wait: SignedDuration) -> SignedDuration {
    i64::try_from(wait.as_millis()).map_or(wait, SignedDuration::from_millis)
}

fn after(at: Timestamp, wait: SignedDuration) -> Timestamp {
    at.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

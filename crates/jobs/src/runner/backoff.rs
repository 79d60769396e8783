use jiff::SignedDuration;
use uuid::Uuid;

/// The wait after the first failure; each further one doubles it.
const FIRST: SignedDuration = SignedDuration::from_secs(5);

/// The longest wait.
const LONGEST: SignedDuration = SignedDuration::from_hours(6);

/// How long to wait after failed attempt `attempt` (1 or more) of job `id`: 5 s, 10 s, 20 s … at most 6 h,
/// plus up to a quarter that depends on the job, so that jobs which failed together do not return together.
pub fn wait_before(id: Uuid, attempt: i64) -> SignedDuration {
    let doublings = u32::try_from(attempt.saturating_sub(1).clamp(0, 20)).unwrap_or(20);
    let wait = FIRST.saturating_mul(1 << doublings).min(LONGEST);
    // The last byte of the id is as good as a die, and falls alike on every replay.
    let [.., byte] = *id.as_bytes();
    let spread = wait.saturating_mul(i32::from(byte)) / 1024;
    // Whole seconds: databases keep microseconds, and an instant that comes back is the one that was planned.
    SignedDuration::from_secs(wait.as_secs() + spread.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_six_hours() {
        let waits: Vec<i64> = (1..=15).map(|attempt| wait_before(Uuid::nil(), attempt).as_secs()).collect();
        assert_eq!(waits[..4], [5, 10, 20, 40]);
        assert_eq!(waits[12..], [20_480, 21_600, 21_600]);
    }

    #[test]
    fn jobs_spread_by_at_most_a_quarter() {
        let (least, most) = (wait_before(Uuid::nil(), 3), wait_before(Uuid::max(), 3));
        assert!(least < most && most < least.mul_f64(1.25));
    }

    #[test]
    fn no_attempt_number_overflows() {
        for attempt in [i64::MIN, 0, i64::MAX] {
            assert!(wait_before(Uuid::max(), attempt) <= LONGEST.mul_f64(1.25));
        }
    }
}

use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::{SignedDuration, Timestamp};

/// What a receiver asked for with `Retry-After` (RFC 9110 section 10.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// Wait so many seconds.
    Seconds(u32),
    /// Wait until this instant.
    Until(Timestamp),
}

impl RetryAfter {
    /// The header's meaning; `None` where it has none. All three date forms of RFC 9110 section 5.6.7 are read.
    pub fn parse(header: &str) -> Option<Self> {
        let header = header.trim();
        if !header.is_empty() && header.bytes().all(|b| b.is_ascii_digit()) {
            // More seconds than fit is still a wish to wait; the schedule caps it.
            return Some(Self::Seconds(header.parse().unwrap_or(u32::MAX)));
        }
        FORMS.iter().find_map(|form| parse_date(form, header)).map(Self::Until)
    }

    /// The instant asked for by an answer that came at `answered`.
    pub fn instant(self, answered: Timestamp) -> Timestamp {
        match self {
            Self::Seconds(seconds) => {
                answered.saturating_add(SignedDuration::from_secs(i64::from(seconds))).unwrap_or(Timestamp::MAX)
            }
            Self::Until(instant) => instant,
        }
    }
}

/// IMF-fixdate, RFC 850 and asctime; all are in UTC.
const FORMS: [&str; 3] = ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];

fn parse_date(form: &str, text: &str) -> Option<Timestamp> {
    let civil: DateTime = strtime::parse(form, text).ok()?.to_datetime().ok()?;
    civil.in_tz("UTC").ok().map(|zoned| zoned.timestamp())
}

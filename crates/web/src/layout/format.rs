//! Times, counts and names as people say them. Times are London's.

use hub_domain::{AuthorityCode, Date, Timestamp, authority, clock};
use jiff::Unit;

/// A day: `1 April 2026`.
pub(crate) fn date(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// A moment: `1 April 2026, 06:05`.
pub(crate) fn when(at: Timestamp) -> String {
    at.to_zoned(clock::london()).strftime("%-d %B %Y, %H:%M").to_string()
}

/// How long ago: `3 hours ago`; the moment itself for what is yet to come.
pub(crate) fn ago(at: Timestamp, now: Timestamp) -> String {
    let Ok(passed) = now.since((Unit::Minute, at)) else { return when(at) };
    match passed.get_minutes() {
        ..0 => when(at),
        0 => "just now".to_owned(),
        minutes @ 1..60 => format!("{} ago", plural(minutes, "minute")),
        minutes @ 60..2_880 => format!("{} ago", plural(minutes / 60, "hour")),
        minutes => format!("{} ago", plural(minutes / 1_440, "day")),
    }
}

/// `1 notice`, `2 notices`.
pub(crate) fn plural(count: i64, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// Working days against a deadline: left, today, or past.
pub(crate) fn day_count(working_days: i32) -> String {
    let days = |count: i32| plural(count.into(), "working day");
    match working_days {
        ..0 => format!("{} overdue", days(working_days.saturating_neg())),
        0 => "due today".to_owned(),
        left => format!("{} left", days(left)),
    }
}

/// An authority's name; its code, where this version knows no name for it.
pub(crate) fn name_of(code: AuthorityCode) -> String {
    authority::find(code).map_or_else(|| code.to_string(), |found| found.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_londons_and_counts_agree_with_their_nouns() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(when(at("2026-07-01T05:05:00Z")), "1 July 2026, 06:05");
        assert_eq!(ago(at("2026-07-01T05:05:00Z"), at("2026-07-01T07:04:00Z")), "1 hour ago");
        assert_eq!(ago(at("2026-07-01T05:05:00Z"), at("2026-07-01T05:05:30Z")), "just now");
        assert_eq!(ago(at("2026-07-01T05:05:00Z"), at("2026-07-05T05:05:00Z")), "4 days ago");
        assert_eq!(
            [day_count(-1), day_count(0), day_count(2)],
            ["1 working day overdue", "due today", "2 working days left"]
        );
    }
}

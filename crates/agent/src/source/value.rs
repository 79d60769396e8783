//! Reading what people and spreadsheets write for a date or a yes.

use jiff::civil::Date;

/// A cell, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading<T> {
    /// Nothing there.
    Blank,
    /// There, and not readable as what the column holds.
    Unreadable,
    /// Read.
    Is(T),
}

impl<T> Reading<T> {
    /// The value, when there is one.
    pub(crate) fn value(self) -> Option<T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Blank | Self::Unreadable => None,
        }
    }
}

/// A date as `dd/mm/yyyy` (any of `/ - .` between, one or two digits) or ISO 8601, with or without a
/// midnight behind it; or the number a spreadsheet keeps a date as, when its column was not shown as one. Two-digit years
/// are unreadable: nobody can tell a birth from a plan.
pub(crate) fn date(text: &str) -> Reading<Date> {
    if text.is_empty() {
        return Reading::Blank;
    }
    let day = text.split(['T', ' ']).next().unwrap_or(text);
    let mut parts = day.split(['/', '-', '.']);
    let (first, Some(middle), Some(last), None) =
        (parts.next().unwrap_or(""), parts.next(), parts.next(), parts.next())
    else {
        return serial(text);
    };
    let (year, month, day) = if first.len() == 4 { (first, middle, last) } else { (last, middle, first) };
    if year.len() != 4 || [year, month, day].iter().any(|part| !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return Reading::Unreadable;
    }
    let (Ok(year), Ok(month), Ok(day)) = (year.parse(), month.parse(), day.parse()) else { return Reading::Unreadable };
    Date::new(year, month, day).map_or(Reading::Unreadable, Reading::Is)
}

/// Days since 30 December 1899, of the years 1954 to 2064: five digits that can be nothing else in a column of dates.
fn serial(text: &str) -> Reading<Date> {
    let is_number = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    let days = text.parse::<i32>().ok().filter(|days| is_number && (20_000..=60_000).contains(days));
    let day = days.and_then(|days| jiff::civil::date(1899, 12, 30).checked_add(jiff::ToSpan::days(days)).ok());
    day.map_or(Reading::Unreadable, Reading::Is)
}

/// `true`, `1`, `Y`, `Yes` and their opposites, in any case.
pub(crate) fn boolean(text: &str) -> Reading<bool> {
    match text.to_ascii_lowercase().as_str() {
        "" => Reading::Blank,
        "true" | "1" | "y" | "yes" | "t" => Reading::Is(true),
        "false" | "0" | "n" | "no" | "f" => Reading::Is(false),
        _ => Reading::Unreadable,
    }
}

/// An instant in RFC 3339, or a London local date and time without an offset, or a date alone (read
/// as its midnight in London).
pub(crate) fn timestamp(text: &str) -> Reading<jiff::Timestamp> {
    if text.is_empty() {
        return Reading::Blank;
    }
    if let Ok(instant) = text.parse() {
        return Reading::Is(instant);
    }
    let Reading::Is(day) = date(text) else { return Reading::Unreadable };
    let time = match text.split_once(['T', ' ']) {
        Some((_, clock)) => match clock.trim().parse::<jiff::civil::Time>() {
            Ok(time) => time,
            Err(_) => return Reading::Unreadable,
        },
        None => jiff::civil::Time::midnight(),
    };
    let zoned = day.to_datetime(time).to_zoned(hub_domain::clock::london());
    zoned.map_or(Reading::Unreadable, |zoned| Reading::Is(zoned.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    #[test]
    fn dates_as_boroughs_write_them() {
        for text in [
            "07/04/2026",
            "7/4/2026",
            "2026-04-07",
            "07-04-2026",
            "07.04.2026",
            "2026-04-07T00:00:00",
            "07/04/2026 00:00",
            "46119",
        ] {
            assert_eq!(date(text), Reading::Is(day(2026, 4, 7)), "{text}");
        }
        for text in
            ["31/02/2026", "07/04/26", "zz/zz/2019", "April", "2026-13-01", "20260407", "07/+4/2026", "01234", "99999"]
        {
            assert_eq!(date(text), Reading::Unreadable, "{text}");
        }
        assert_eq!(date(""), Reading::Blank);
    }

    #[test]
    fn yes_and_no() {
        assert_eq!(
            (boolean("Y"), boolean("0"), boolean(""), boolean("maybe")),
            (Reading::Is(true), Reading::Is(false), Reading::Blank, Reading::Unreadable)
        );
    }

    #[test]
    fn instants_without_an_offset_are_londons() {
        let summer = timestamp("07/06/2026 09:30").value().unwrap();
        assert_eq!(summer.to_string(), "2026-06-07T08:30:00Z");
        assert_eq!(timestamp("2026-01-07T09:30:00Z").value().unwrap().to_string(), "2026-01-07T09:30:00Z");
        assert_eq!(timestamp("07/01/2026").value().unwrap().to_string(), "2026-01-07T00:00:00Z");
        assert_eq!(timestamp("soon"), Reading::Unreadable);
    }
}

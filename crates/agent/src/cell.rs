//! Cells as the contracts want them written, from cells as boroughs write them.

use crate::return903::UNREADABLE;
use crate::source::{self, Reading};

/// A date as `YYYY-MM-DD`.
pub(crate) fn date(text: &str) -> String {
    write(source::date(text), |date| date.to_string())
}

/// `true` or `false`.
pub(crate) fn boolean(text: &str) -> String {
    write(source::boolean(text), |flag| flag.to_string())
}

/// An instant in RFC 3339, UTC.
pub(crate) fn timestamp(text: &str) -> String {
    write(source::timestamp(text), |instant| instant.to_string())
}

/// Pounds with two decimals, from `£1,234.5`.
pub(crate) fn money(text: &str) -> String {
    decimal(text, 2)
}

/// Miles with one decimal.
pub(crate) fn miles(text: &str) -> String {
    decimal(text, 1)
}

/// A whole number, from `3` or a spreadsheet's `3.0`.
pub(crate) fn integer(text: &str) -> String {
    text.strip_suffix(".0").unwrap_or(text).to_owned()
}

/// A word of a code list: lower case, underscores for spaces and hyphens.
pub(crate) fn word(text: &str) -> String {
    text.to_ascii_lowercase().replace([' ', '-'], "_")
}

/// A list, `;` between items, from one separated by `;`, `|` or `,`.
pub(crate) fn list(text: &str) -> String {
    let separator = [';', '|', ','].into_iter().find(|&separator| text.contains(separator)).unwrap_or(';');
    let items: Vec<&str> = text.split(separator).map(str::trim).filter(|item| !item.is_empty()).collect();
    items.join(";")
}

fn write<T>(reading: Reading<T>, show: impl FnOnce(T) -> String) -> String {
    match reading {
        Reading::Blank => String::new(),
        Reading::Unreadable => UNREADABLE.to_owned(),
        Reading::Is(value) => show(value),
    }
}

fn decimal(text: &str, places: usize) -> String {
    if text.is_empty() {
        return String::new();
    }
    let plain = text.replace(['£', ',', ' '], "");
    let is_plain = plain.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    match plain.parse::<f64>() {
        Ok(value) if is_plain && value.is_finite() => format!("{value:.places$}"),
        _ => UNREADABLE.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_written_as_the_contracts_want_them() {
        assert_eq!(
            (money("£1,234.5"), money("1234"), money(""), money("a lot")),
            ("1234.50".into(), "1234.00".into(), String::new(), UNREADABLE.into())
        );
        assert_eq!((miles("20"), miles("3.14"), miles("1e3")), ("20.0".into(), "3.1".into(), UNREADABLE.into()));
        assert_eq!(
            (list("a; b ;;"), list("a, b"), list("a|b"), list("")),
            ("a;b".into(), "a;b".into(), "a;b".into(), String::new())
        );
        assert_eq!(
            (word("In-house"), integer("3.0"), boolean("Y"), date("07/04/2026")),
            ("in_house".into(), "3".into(), "true".into(), "2026-04-07".into())
        );
    }
}

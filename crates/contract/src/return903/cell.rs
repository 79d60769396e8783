//! One cell of the return, read once into eight bytes.

use crate::cell::date::{civil_of, day_of, read_date};
use crate::model::code::Code;

/// How a column is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A code or a short text: capitals, spaces at the ends cut.
    Code,
    /// As a code, with the spaces inside cut too.
    Postcode,
    /// `dd/mm/yyyy` or ISO 8601, a midnight behind it or not.
    Date,
    /// A date whose day or month may be `zz`: not known.
    PartDate,
    /// A whole number; a `.0` behind it is a spreadsheet's.
    Number,
    /// A unique pupil number.
    Upn,
    /// A social worker's number.
    Worker,
}

/// What a cell holds. Never printed: cells are a child's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell(i64);

/// Dates and numbers stand above this, so that none is `BLANK` or `BAD`.
const BASE: i64 = 1 << 40;

impl Cell {
    pub(super) const BLANK: Self = Self(0);
    /// Filled, and not readable as what the column holds.
    pub(super) const BAD: Self = Self(-1);

    pub(super) const fn is_blank(self) -> bool {
        self.0 == 0
    }

    pub(super) const fn is_bad(self) -> bool {
        self.0 < 0
    }

    /// Of a column of dates, the day as days since 1970; of numbers, the number.
    pub(super) fn value(self) -> Option<i32> {
        if self.0 <= 0 { None } else { i32::try_from(self.0 - BASE).ok() }
    }

    /// Of a column of codes; blank is the code of nothing.
    pub(super) const fn code(self) -> Code {
        Code(self.0.unsigned_abs())
    }

    /// Reads a cell that is known to be trimmed.
    pub(super) fn read(text: &str, form: Form) -> Self {
        if text.is_empty() {
            return Self::BLANK;
        }
        match form {
            Form::Code => Self::word(text.bytes()),
            Form::Postcode => Self::word(text.bytes().filter(|byte| *byte != b' ')),
            Form::Date => read_day(text.as_bytes()).map_or(Self::BAD, Self::of),
            Form::PartDate => read_part(text.as_bytes()).map_or(Self::BAD, Self::of),
            Form::Number => read_number(text).map_or(Self::BAD, Self::of),
            Form::Upn => Self::marked(text, is_upn(text)),
            Form::Worker => Self::marked(text, is_worker(text)),
        }
    }

    fn of(value: i32) -> Self {
        Self(BASE + i64::from(value))
    }

    fn word(bytes: impl Iterator<Item = u8>) -> Self {
        let mut capitals = [0_u8; 24];
        let mut length = 0;
        for (slot, byte) in capitals.iter_mut().zip(bytes) {
            *slot = byte.to_ascii_uppercase();
            length += 1;
        }
        let code = Code::of(capitals.get(..length).unwrap_or_default());
        // The top bit tells hashed from packed in a contract's codes; here it would be a sign. Two hashes below it differ all the same.
        Self(i64::try_from(code.0 & (u64::MAX >> 1)).unwrap_or(1))
    }

    /// As a code; one that is not of the form is kept below zero, so that two of the same are still the same.
    fn marked(text: &str, fits: bool) -> Self {
        let Self(word) = Self::word(text.bytes());
        if fits { Self(word) } else { Self(-word.max(2)) }
    }
}

impl std::fmt::Debug for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_blank() { "blank" } else { "filled" })
    }
}

/// The case number as the tables are joined by it.
pub(super) fn child_of(text: &str) -> u64 {
    Cell::word(text.bytes()).code().0
}

fn read_day(text: &[u8]) -> Option<i32> {
    let day = text.split(|byte| matches!(byte, b'T' | b' ')).next()?;
    if let [_, _, _, _, b'-', ..] = day {
        return read_date(day);
    }
    let (day, month, year) = parts(day)?;
    civil(number(day)?, number(month)?, number(year).filter(|_| year.len() == 4)?)
}

/// `zz` for the day is the first of the month, for the month the first of the year: the earliest that it can have been.
fn read_part(text: &[u8]) -> Option<i32> {
    let Some((day, month, year)) = parts(text) else { return read_day(text) };
    let unknown = |part: &[u8]| part.eq_ignore_ascii_case(b"zz");
    let or_first = |part: &[u8]| if unknown(part) { Some(1) } else { number(part) };
    civil(or_first(day)?, or_first(month)?, number(year).filter(|_| year.len() == 4)?)
}

fn parts(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let mut parts = text.split(|byte| matches!(byte, b'/' | b'-' | b'.'));
    let found = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().is_none().then_some(found)
}

fn civil(day: i32, month: i32, year: i32) -> Option<i32> {
    let fits = (1900..2200).contains(&year) && (1..=12).contains(&month) && day >= 1;
    // A day too many falls into the next month.
    fits.then(|| day_of(year, month, day)).filter(|number| civil_of(*number) == (year, month, day))
}

fn number(digits: &[u8]) -> Option<i32> {
    let all = !digits.is_empty() && digits.len() <= 6 && digits.iter().all(u8::is_ascii_digit);
    all.then(|| digits.iter().fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')))
}

fn read_number(text: &str) -> Option<i32> {
    number(text.strip_suffix(".0").unwrap_or(text).as_bytes())
}

/// A letter that is not I, O or S, then twelve digits, the last of which may be a letter; or UN1 to UN5.
fn is_upn(text: &str) -> bool {
    let capital = |byte: u8| byte.is_ascii_uppercase();
    match text.as_bytes() {
        [b'U', b'N', b'1'..=b'5'] => true,
        [first, middle @ .., last] => {
            capital(*first)
                && !matches!(first, b'I' | b'O' | b'S')
                && middle.len() == 11
                && middle.iter().all(u8::is_ascii_digit)
                && (last.is_ascii_digit() || capital(*last))
        }
        _ => false,
    }
}

/// Social Work England's numbers begin with SW; XX stands for one who has none.
fn is_worker(text: &str) -> bool {
    text.len() >= 4 && (text.starts_with("SW") || text.starts_with("XX"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_their_column_says() {
        let day = |text: &str, form| Cell::read(text, form).value();
        let first = Some(day_of(2026, 4, 7));
        for text in ["07/04/2026", "7/4/2026", "2026-04-07", "2026-04-07T00:00:00", "07/04/2026 00:00"] {
            assert_eq!(day(text, Form::Date), first, "{text}");
        }
        for text in ["31/02/2026", "07/04/26", "zz/zz/2019", "soon", "00/01/2020"] {
            assert!(Cell::read(text, Form::Date).is_bad(), "{text}");
        }
        assert_eq!(day("zz/zz/2019", Form::PartDate), Some(day_of(2019, 1, 1)));
        assert_eq!(day("zz/05/2019", Form::PartDate), Some(day_of(2019, 5, 1)));
        assert_eq!((day("40", Form::Number), day("0.0", Form::Number)), (Some(40), Some(0)));
        assert!(Cell::read("forty", Form::Number).is_bad());
        assert_eq!(Cell::read("se13 6lt", Form::Postcode), Cell::read("SE136LT", Form::Postcode));
        assert_eq!(Cell::read("u6", Form::Code).code(), Code::of(b"U6"));
    }

    #[test]
    fn numbers_of_pupils_and_workers_have_their_shape() {
        for (text, fits) in [
            ("A123456789012", true),
            ("A12345678901Z", true),
            ("UN3", true),
            ("UN6", false),
            ("S123456789012", false),
            ("A12345", false),
            ("1234567890123", false),
        ] {
            assert_eq!(Cell::read(text, Form::Upn).is_bad(), !fits, "{text}");
        }
        assert_eq!(Cell::read("A12345", Form::Upn), Cell::read("A12345", Form::Upn));
        for (text, fits) in [("SW12345", true), ("XX1", false), ("12345", false)] {
            assert_eq!(Cell::read(text, Form::Worker).is_bad(), !fits, "{text}");
        }
    }
}

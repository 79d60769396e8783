//! Published figures as pages show them: read back from the bytes that are served, hidden ones as hidden, never as nought.

mod edition;
mod opened;
mod table;

use std::fmt;

use hub_pipeline::publish::Field;

pub(crate) use edition::{Edition, is_consortium};
pub(crate) use opened::{Line, Opened};
pub(crate) use table::{Cell, Column, DataTable, Row};

/// What stands in place of a hidden figure, as in DfE's tables: confidential.
pub(crate) const HIDDEN: &str = "c";
/// What stands where a table says nothing.
const NOTHING: &str = "–";

/// A figure as its readers may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Figure {
    /// A number.
    Number(i64),
    /// A number that an earlier release gave, and that is held until enough has changed.
    Held(i64),
    /// Too few stand behind it, or it would give away one behind which too few stand.
    Hidden,
    /// Words, such as a day or a grade.
    Word(String),
    /// The table says nothing here.
    Blank,
}

impl Figure {
    /// What a cell of a published table says.
    pub(crate) fn of(field: Option<&Field>, is_held: bool) -> Self {
        match field {
            None | Some(Field::Blank) => Self::Blank,
            Some(Field::Hidden) => Self::Hidden,
            Some(Field::Number(number)) if is_held => Self::Held(*number),
            Some(Field::Number(number)) => Self::Number(*number),
            Some(Field::Text(words)) => Self::Word(words.clone()),
        }
    }

    /// The number, where one is shown.
    pub(crate) fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) | Self::Held(number) => Some(*number),
            Self::Hidden | Self::Word(_) | Self::Blank => None,
        }
    }

    /// Something stands behind it that may not be shown.
    pub(crate) fn is_hidden(&self) -> bool {
        *self == Self::Hidden
    }

    /// In a sentence, for whoever hears a picture instead of seeing it.
    pub(crate) fn said(&self) -> String {
        match self {
            Self::Hidden => "hidden".to_owned(),
            Self::Blank => "nothing said".to_owned(),
            Self::Number(_) | Self::Held(_) | Self::Word(_) => self.to_string(),
        }
    }
}

impl fmt::Display for Figure {
    /// As it is printed in a cell or a tile.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) | Self::Held(number) => f.write_str(&grouped(*number)),
            Self::Hidden => f.write_str(HIDDEN),
            Self::Word(words) => f.write_str(words),
            Self::Blank => f.write_str(NOTHING),
        }
    }
}

/// A whole number with its thousands set apart: `12,345`.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        out.push('−');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A column's name as people read it: `rate_per_10000` → `Rate per 10,000`.
pub(crate) fn heading(name: &str) -> String {
    let words = name.replace('_', " ").replace("10000", "10,000");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart_and_names_read_as_words() {
        let table =
            [(0, "0"), (7, "7"), (999, "999"), (1_000, "1,000"), (-12_345, "−12,345"), (1_000_000, "1,000,000")];
        for (number, shown) in table {
            assert_eq!(grouped(number), shown);
        }
        assert_eq!(heading("rate_per_10000"), "Rate per 10,000");
        assert_eq!(heading(""), "");
    }

    #[test]
    fn a_hidden_figure_is_never_a_nought() {
        let hidden = Figure::of(Some(&Field::Hidden), false);
        assert_eq!((hidden.to_string().as_str(), hidden.number()), ("c", None));
        assert_eq!(Figure::of(Some(&Field::Number(0)), false).to_string(), "0");
        assert_eq!(Figure::of(None, false).to_string(), "–");
        assert_eq!(Figure::of(Some(&Field::Number(7)), true), Figure::Held(7));
    }
}

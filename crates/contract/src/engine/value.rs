//! A row, typed: what row and set rules look at.

use crate::cell::date;
use crate::model::code::Code;

/// What a cell was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    /// Nothing in it.
    Blank,
    /// Something that could not be read; its own finding says so.
    Bad,
    /// A reference or text, as a hash: good for comparing.
    Word(u64),
    /// A code, and its place in its list.
    Code(Code, u8),
    /// Codes, as bits by place in their list.
    Codes(u64),
    /// Days since 1970.
    Day(i32),
    /// Months since the year 0.
    Month(i32),
    /// True or false.
    Flag(bool),
    /// A whole number, pence, tenths of a mile, or an authority as a number.
    Number(i64),
}

/// What every rule may know beside the row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Context {
    /// The business date of the extract, in days since 1970.
    pub(crate) as_at: i32,
    /// The sender's authority, as [`authority_number`] has it.
    pub(crate) authority: i64,
    /// First day of a window, when the submission covers one.
    pub(crate) covers_from: Option<i32>,
    /// Whether the submission claims to be everything the sender knows.
    pub(crate) is_full: bool,
    /// Whether it brings changes only, so that neighbours of a row may be missing.
    pub(crate) is_changes: bool,
    /// Authorities that begin or end: number, first and last day.
    pub(crate) passing: Vec<(i64, i32, i32)>,
    /// Authorities that adjoin the sender's on the business date, its own number first.
    pub(crate) adjoining: Vec<i64>,
    /// Columns that the file has, as bits.
    pub(crate) sent: u64,
}

/// A typed row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(crate) values: &'a [Value],
    pub(crate) context: &'a Context,
}

/// The code of a blank cell: equal to no code of any list.
pub(crate) const NONE: Code = Code(0);

impl Row<'_> {
    fn value(&self, column: usize) -> &Value {
        self.values.get(column).unwrap_or(&Value::Blank)
    }

    /// The code in a column; [`NONE`] when blank or not on the list.
    pub(crate) fn code(&self, column: usize) -> Code {
        if let Value::Code(code, _) = self.value(column) { *code } else { NONE }
    }

    /// The place of the code in its list; 255 when blank or not on it.
    pub(crate) fn place(&self, column: usize) -> u8 {
        if let Value::Code(_, place) = self.value(column) { *place } else { u8::MAX }
    }

    /// The codes in a list column, as bits.
    pub(crate) fn codes(&self, column: usize) -> u64 {
        if let Value::Codes(bits) = self.value(column) { *bits } else { 0 }
    }

    /// The day in a date column.
    pub(crate) fn day(&self, column: usize) -> Option<i32> {
        if let Value::Day(day) = self.value(column) { Some(*day) } else { None }
    }

    /// The month in a month column.
    pub(crate) fn month(&self, column: usize) -> Option<i32> {
        if let Value::Month(month) = self.value(column) { Some(*month) } else { None }
    }

    /// The number in a column.
    pub(crate) fn number(&self, column: usize) -> Option<i64> {
        if let Value::Number(number) = self.value(column) { Some(*number) } else { None }
    }

    /// The truth in a column.
    pub(crate) fn flag(&self, column: usize) -> Option<bool> {
        if let Value::Flag(flag) = self.value(column) { Some(*flag) } else { None }
    }

    /// The hash of a reference; 0 when blank.
    pub(crate) fn word(&self, column: usize) -> u64 {
        if let Value::Word(hash) = self.value(column) { *hash } else { 0 }
    }

    /// Whether the cell is blank.
    pub(crate) fn is_blank(&self, column: usize) -> bool {
        matches!(self.value(column), Value::Blank)
    }

    /// Whether there is something in the cell, read or not.
    pub(crate) fn is_filled(&self, column: usize) -> bool {
        !self.is_blank(column)
    }

    /// Whether the cell is blank though the file has the column.
    pub(crate) fn is_left_blank(&self, column: usize) -> bool {
        self.is_blank(column) && self.context.sent >> column & 1 == 1
    }

    /// Age in whole years on `day` of a child born in the month in `column`.
    pub(crate) fn age(&self, column: usize, day: i32) -> Option<i32> {
        self.month(column).map(|month| date::age_on(month, day))
    }
}

/// An authority's code as a number: nation's letter above, digits below. `None` when it is not a code.
pub(crate) fn authority_number(code: &[u8]) -> Option<i64> {
    let (letter, digits) = code.split_first()?;
    if !crate::cell::form::is_authority(code) {
        return None;
    }
    let number = digits.iter().fold(0_i64, |number, digit| number * 10 + i64::from(digit - b'0'));
    Some(i64::from(*letter) << 32 | number)
}

/// The nation's letter of an authority's number.
pub(crate) fn nation(number: i64) -> u8 {
    u8::try_from(number >> 32).unwrap_or(0)
}

/// A hash of text, eight bytes at a step: for comparing within one submission, never kept.
pub(crate) fn hash(text: &[u8]) -> u64 {
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    let (words, rest) = text.as_chunks::<8>();
    let mut hash = MIX ^ u64::try_from(text.len()).unwrap_or(0);
    for word in words {
        hash = (hash ^ u64::from_le_bytes(*word)).wrapping_mul(MIX).rotate_left(29);
    }
    let last = rest.iter().fold(0, |last, byte| last << 8 | u64::from(*byte));
    hash = (hash ^ last).wrapping_mul(MIX).rotate_left(29);
    hash ^= hash >> 32;
    (hash.wrapping_mul(MIX) ^ (hash >> 29)).max(1)
}

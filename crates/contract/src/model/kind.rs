//! A column and what its cells may hold.

use super::code::CodeList;

/// What a cell may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters, digits, `_` and `-` (and `.` `/` `:` where `open`), between two lengths.
    Token {
        /// Fewest characters.
        min: usize,
        /// Most characters.
        max: usize,
        /// Whether `.`, `/` and `:` may occur: a reference to something outside the feed.
        open: bool,
    },
    /// A code from the column's list.
    Code,
    /// Short text, never about a child.
    Text {
        /// Most characters.
        max: usize,
    },
    /// `YYYY-MM-DD`.
    Date,
    /// `YYYY-MM`.
    Month,
    /// RFC 3339, in UTC.
    Timestamp,
    /// `true` or `false`.
    Boolean,
    /// A whole number between two bounds.
    Integer {
        /// Least value.
        min: i64,
        /// Greatest value.
        max: i64,
    },
    /// Pounds with at most two decimals, never negative; kept as pence.
    Money,
    /// Miles with one decimal.
    Miles,
    /// Postcode sector, such as `SE13 6`.
    Sector,
    /// Outward part of a postcode, such as `SE13`.
    Outcode,
    /// GSS code of an authority.
    Authority,
    /// Ofsted URN: `SC` and six digits, seven digits, or the return's placeholder `XXXXXXX`.
    Urn,
}

/// A column of a contract.
#[derive(Debug, Clone)]
pub struct Column {
    /// Heading, exactly.
    pub name: String,
    /// What a cell may hold.
    pub kind: Kind,
    /// Whether a cell holds several, separated by `;` in CSV and as an array in NDJSON.
    pub list: bool,
    /// Whether the cell must be filled.
    pub required: bool,
    /// Whether it tells something about a child: its values are never repeated anywhere.
    pub child_level: bool,
    /// What it means.
    pub note: String,
    /// A made-up value.
    pub example: String,
    /// Whether words that look like a name are expected (an organisation, a language).
    pub(crate) may_name: bool,
    /// Stored as `""` rather than `null` when blank: a part of the key that may be blank.
    pub(crate) empty_when_blank: bool,
    /// Position of the rule that a cell of the wrong form breaks.
    pub(crate) rule: u16,
    pub(crate) codes: Option<CodeList>,
    /// Codes that are read as another: the old numbers for sex.
    pub(crate) mapped: Vec<(u8, u8)>,
}

impl Column {
    /// The codes of the column, in the order of the list; empty when it is not a code column.
    pub fn codes(&self) -> Vec<&str> {
        self.codes
            .as_ref()
            .map_or_else(Vec::new, |list| list.entries().iter().map(|entry| entry.text.as_ref()).collect())
    }

    /// What the cell may hold, in words for somebody who wrote something else. Codes that are only read as others are
    /// not offered.
    pub(crate) fn expects(&self) -> String {
        let mapped = |place: usize| self.mapped.iter().any(|(from, _)| usize::from(*from) == place);
        let codes: Vec<&str> =
            self.codes().into_iter().enumerate().filter(|(place, _)| !mapped(*place)).map(|(_, code)| code).collect();
        let dated =
            if self.codes.as_ref().is_some_and(CodeList::is_dated) { " of the episode's collection year" } else { "" };
        let one = match codes.as_slice() {
            [] => return self.form(),
            few if few.len() <= 14 => format!("one of {}{dated}", few.join(", ")),
            many => format!(
                "one of its {} codes{dated} ({}, …)",
                many.len(),
                many.iter().take(6).copied().collect::<Vec<_>>().join(", ")
            ),
        };
        if self.list { format!("a list, separated by ;, of {one}") } else { one }
    }

    /// What the cell may hold, in words for a reference page.
    pub fn form(&self) -> String {
        let one = match self.kind {
            Kind::Token { min, max, open: false } => format!("{min} to {max} of A–Z a–z 0–9 _ -"),
            Kind::Token { min, max, open: true } => format!("{min} to {max} of A–Z a–z 0–9 _ - . / :"),
            Kind::Code => "code".to_owned(),
            Kind::Text { max } => format!("text, up to {max} characters"),
            Kind::Date => "a date, YYYY-MM-DD".to_owned(),
            Kind::Month => "a month, YYYY-MM".to_owned(),
            Kind::Timestamp => "a time in UTC, such as 2026-07-21T06:30:00Z".to_owned(),
            Kind::Boolean => "true or false".to_owned(),
            Kind::Integer { min, max } => format!("a whole number, {min} to {max}"),
            Kind::Money => "pounds, at most two decimals".to_owned(),
            Kind::Miles => "miles, one decimal".to_owned(),
            Kind::Sector => "a postcode sector, such as SE13 6".to_owned(),
            Kind::Outcode => "an outward postcode, such as SE13".to_owned(),
            Kind::Authority => "a GSS code, such as E09000023".to_owned(),
            Kind::Urn => "an Ofsted URN: SC and 6 digits, or 7 digits".to_owned(),
        };
        if self.list { format!("a list, separated by ;, each {one}") } else { one }
    }
}

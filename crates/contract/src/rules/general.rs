//! Rules of form that every contract has.

use crate::model::{RuleInfo, RuleKind, Severity};

pub(crate) const CELL_COUNT: u16 = 0;
pub(crate) const FIELD_TYPE: u16 = 1;
pub(crate) const FIELD_TWICE: u16 = 2;
pub(crate) const BLANK_ROW: u16 = 3;
pub(crate) const OPERATION: u16 = 4;
pub(crate) const REQUIRED: u16 = 5;
pub(crate) const FORMULA: u16 = 6;
pub(crate) const CONTROL_CHARACTER: u16 = 7;
pub(crate) const LIST: u16 = 8;
pub(crate) const CODE_LAPSED: u16 = 9;
pub(crate) const MILES_PRECISION: u16 = 10;
pub(crate) const DUPLICATE_KEY: u16 = 11;

/// Id, severity, title, fix — in the order of the numbers above, then the rules of each kind of column.
type Listed = (&'static str, Severity, &'static str, &'static str);

const LISTED: [Listed; 26] = [
    (
        "cell-count",
        Severity::Error,
        "The row has more or fewer cells than there are headings",
        "Quote cells that hold commas or line breaks, and check that the file is whole.",
    ),
    (
        "field-type",
        Severity::Error,
        "The JSON value is of the wrong type",
        "Send lists as arrays of non-empty strings, and everything else as one value.",
    ),
    ("field-twice", Severity::Error, "The field stands twice in one JSON object", "Send each field once."),
    (
        "blank-row",
        Severity::Info,
        "The row is blank and was passed over",
        "Nothing need be done; ending the export at its last row makes this go away.",
    ),
    (
        "operation",
        Severity::Error,
        "_op is neither upsert nor delete",
        "Leave _op blank or write upsert to add or replace the row; write delete to withdraw it.",
    ),
    ("required", Severity::Error, "A required column is blank", "Fill the column; the row cannot be used without it."),
    (
        "formula",
        Severity::Error,
        "The cell begins like a spreadsheet formula",
        "Remove the leading = + - or @ from the value.",
    ),
    (
        "control-character",
        Severity::Error,
        "The cell holds a control character",
        "Remove tabs, line breaks and other control characters from the value.",
    ),
    (
        "list",
        Severity::Error,
        "The list is not written as one",
        "Write items separated by ; with nothing empty and nothing twice (in NDJSON: an array of strings).",
    ),
    (
        "code-lapsed",
        Severity::Warning,
        "The code held when the episode began but holds no longer, and the episode is still open",
        "Record the code that replaced it from the day of the change.",
    ),
    (
        "miles-precision",
        Severity::Warning,
        "The distance has more than one decimal; it was rounded",
        "Round distances to one decimal before sending: finer ones can give an address away.",
    ),
    (
        "duplicate-key",
        Severity::Error,
        "Another row of the submission has the same key; the first was kept",
        "Send each key once: look for a join in the export that doubles rows.",
    ),
    (
        "token",
        Severity::Error,
        "The reference is not of the agreed form",
        "Use letters, digits, _ and - only, within the agreed length; never a name or a case number.",
    ),
    ("code", Severity::Error, "The code is not on the list", "Use a code of the list, in the same capitals."),
    ("text", Severity::Error, "The text is too long", "Shorten it."),
    ("date", Severity::Error, "The date is not a date", "Write dates as YYYY-MM-DD."),
    ("month", Severity::Error, "The month is not a month", "Write months as YYYY-MM."),
    ("timestamp", Severity::Error, "The time is not in UTC as agreed", "Write times as 2026-07-21T06:30:00Z."),
    ("boolean", Severity::Error, "The value is neither true nor false", "Write true or false, in small letters."),
    (
        "integer",
        Severity::Error,
        "The number is not a whole number within bounds",
        "Write digits only, within the bounds of the column.",
    ),
    (
        "money",
        Severity::Error,
        "The amount is not pounds with at most two decimals",
        "Write 1234.50: no currency sign, no commas, never negative.",
    ),
    ("miles", Severity::Error, "The distance is not a number of miles", "Write miles with one decimal, such as 12.3."),
    (
        "sector",
        Severity::Error,
        "The postcode sector is not one",
        "Send the sector only, in capitals with one space: SE13 6.",
    ),
    ("outcode", Severity::Error, "The outward postcode is not one", "Send the outward part only, in capitals: SE13."),
    (
        "authority",
        Severity::Error,
        "The authority code is not a GSS code",
        "Use the nine-character GSS code, such as E09000023.",
    ),
    ("urn", Severity::Error, "The URN is not of Ofsted's form", "Write SC and six digits, or seven digits."),
];

/// How many every contract has, whatever its columns.
const COMMON: usize = 12;

/// The general rules, numbered from 0: the common ones, then those of kinds of column that are used.
pub(crate) fn rules(is_used: impl Fn(&str) -> bool) -> Vec<RuleInfo> {
    let info = |(id, severity, title, fix): &Listed| RuleInfo {
        id: (*id).to_owned(),
        kind: if *id == "duplicate-key" { RuleKind::Set } else { RuleKind::Format },
        severity: *severity,
        title: (*title).to_owned(),
        fix: (*fix).to_owned(),
        source: "The hub's rules of form for every feed".to_owned(),
    };
    let (common, kinds) = LISTED.split_at(COMMON);
    common.iter().chain(kinds.iter().filter(|(id, ..)| is_used(id))).map(info).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_agree() {
        for (number, id) in [
            (CELL_COUNT, "cell-count"),
            (FIELD_TYPE, "field-type"),
            (FIELD_TWICE, "field-twice"),
            (BLANK_ROW, "blank-row"),
            (OPERATION, "operation"),
            (REQUIRED, "required"),
            (FORMULA, "formula"),
            (CONTROL_CHARACTER, "control-character"),
            (LIST, "list"),
            (CODE_LAPSED, "code-lapsed"),
            (MILES_PRECISION, "miles-precision"),
            (DUPLICATE_KEY, "duplicate-key"),
        ] {
            assert_eq!(LISTED[usize::from(number)].0, id);
        }
    }
}

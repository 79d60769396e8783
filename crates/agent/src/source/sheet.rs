//! A table of text cells that knows which line each row stands on.
//!
//! The cells of all rows lie end to end in one text: a return of 20,000 children has four million, and a piece of
//! memory for each would be most of what the agent needs.

use std::fmt;
use std::sync::Arc;

use crate::finding::{Finding, Place, Severity};

/// Headings named in one message.
const SHOWN: usize = 12;
/// Longest text of one table, bytes: what positions of 32 bits reach, with room.
const LONGEST: usize = 2 << 30;

/// One table.
pub(crate) struct Sheet {
    /// The name the report uses.
    pub(crate) name: Arc<str>,
    /// Headings as given, trimmed.
    pub(crate) headings: Vec<String>,
    /// Rows with something in them.
    pub(crate) records: Vec<Record>,
    /// Headings without case and punctuation; blank for one that stands again.
    keys: Vec<String>,
    text: String,
    ends: Vec<u32>,
}

/// A row and the line it stands on.
#[derive(Clone, Copy)]
pub(crate) struct Record {
    /// Line in the file, the headings being line 1.
    pub(crate) line: u32,
    first: u32,
    cells: u32,
}

/// A table being read, row by row.
pub(crate) struct Filling {
    headings: Vec<String>,
    /// Names to find the columns by, where they are not the headings'.
    names: Option<Vec<String>>,
    records: Vec<Record>,
    text: String,
    ends: Vec<u32>,
    is_cut: bool,
}

impl Filling {
    /// With these headings, which are trimmed here.
    pub(crate) fn headed<'t>(headings: impl IntoIterator<Item = &'t str>) -> Self {
        let headings = headings.into_iter().map(|heading| heading.trim().to_owned()).collect();
        Self { headings, names: None, records: Vec::new(), text: String::new(), ends: Vec::new(), is_cut: false }
    }

    /// With headings to show, and other names to find the columns by.
    pub(crate) fn named<'t>(headings: Vec<String>, names: impl IntoIterator<Item = &'t str>) -> Self {
        let names = names.into_iter().map(canonical).collect();
        Self { headings, names: Some(names), ..Self::headed([]) }
    }

    /// Adds a row of trimmed cells; one without anything in it is passed over.
    pub(crate) fn push<'t>(&mut self, line: u64, cells: impl IntoIterator<Item = &'t str>) {
        let (text_before, ends_before) = (self.text.len(), self.ends.len());
        for cell in cells {
            self.text.push_str(cell.trim());
            self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        }
        let (Ok(first), Ok(cells)) = (u32::try_from(ends_before), u32::try_from(self.ends.len() - ends_before)) else {
            return;
        };
        let is_full = self.text.len() > LONGEST;
        if self.text.len() == text_before || is_full {
            self.is_cut |= is_full;
            self.text.truncate(text_before);
            self.ends.truncate(ends_before);
            return;
        }
        self.records.push(Record { line: u32::try_from(line).unwrap_or(u32::MAX), first, cells });
    }

    /// Rows so far.
    #[cfg(feature = "formats")]
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// The table, with what is odd about it.
    pub(crate) fn finish(mut self, name: Arc<str>, findings: &mut Vec<Finding>) -> Sheet {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.records.shrink_to_fit();
        let keys = self.names.take().unwrap_or_else(|| index(&self.headings, &name, findings));
        let Self { headings, records, text, ends, is_cut, .. } = self;
        let sheet = Sheet { name, headings, records, keys, text, ends };
        if is_cut {
            let message = "the table holds more than 2 GiB of text; the rest of it is not read";
            let fix = "Give it in parts.";
            findings.push(Finding::new("agent-too-long", Severity::Error, Place::file(&sheet.name), message, fix));
        }
        sheet.note_wide_rows(findings);
        sheet
    }
}

impl Sheet {
    /// The position of a column; names are compared without case, spaces or punctuation.
    pub(crate) fn position(&self, column: &str) -> Option<usize> {
        self.keys.iter().position(|key| is_canonical_of(key, column))
    }

    /// True when the file has this column.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.position(column).is_some()
    }

    /// The cell, trimmed; empty when blank, absent or an exported `NULL`.
    pub(crate) fn cell(&self, record: &Record, column: &str) -> &str {
        self.position(column).map_or("", |at| self.at(record, at))
    }

    /// The cell of the column at this position.
    pub(crate) fn at(&self, record: &Record, column: usize) -> &str {
        match self.raw(record, column) {
            "NULL" | "null" | "NaT" | "nan" | "#N/A" => "",
            text => text,
        }
    }

    fn raw(&self, record: &Record, column: usize) -> &str {
        let Ok(column) = u32::try_from(column) else { return "" };
        if column >= record.cells {
            return "";
        }
        let Some(at) = record.first.checked_add(column).and_then(|at| usize::try_from(at).ok()) else { return "" };
        let place = |end: Option<&u32>| end.and_then(|end| usize::try_from(*end).ok()).unwrap_or(0);
        let from = at.checked_sub(1).map_or(0, |before| place(self.ends.get(before)));
        self.text.get(from..place(self.ends.get(at))).unwrap_or("")
    }

    /// The heading as the file spells it, or `column` when the file has no such column.
    pub(crate) fn spelling<'a>(&'a self, column: &'a str) -> &'a str {
        self.position(column).and_then(|at| self.headings.get(at)).map_or(column, String::as_str)
    }

    /// Where a row stands.
    pub(crate) fn place(&self, record: &Record) -> Place {
        Place::line(&self.name, u64::from(record.line))
    }

    fn note_wide_rows(&self, findings: &mut Vec<Finding>) {
        let width = self.headings.len();
        for record in &self.records {
            let cells = usize::try_from(record.cells).unwrap_or(0);
            if (width..cells).any(|at| !self.raw(record, at).is_empty()) {
                let message =
                    "the row has more cells than there are headings, so its values may stand under the wrong ones";
                let fix = "Put quotes round values that contain a comma, then export again.";
                findings.push(Finding::new("agent-wide-row", Severity::Warning, self.place(record), message, fix));
            }
        }
    }
}

impl fmt::Debug for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sheet").field("name", &self.name).field("rows", &self.records.len()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record").field("line", &self.line).finish_non_exhaustive()
    }
}

/// A heading with case, spaces and punctuation taken out: `Place Provider` is `PLACE_PROVIDER`.
pub(crate) fn canonical(heading: &str) -> String {
    heading.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Headings as a message may show them: `Worker name, Phone and 2 more`. One with a digit in it, or very
/// long, may be a cell of a row that stands where the headings belong, and is only counted.
pub(crate) fn show_headings(headings: &[&str]) -> String {
    let is_word =
        |text: &str| text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_alphabetic() || b" _-".contains(&byte));
    let shown: Vec<&str> = headings.iter().copied().filter(|text| is_word(text)).take(SHOWN).collect();
    match (shown.is_empty(), headings.len() - shown.len()) {
        (true, hidden) => format!("{hidden} in all"),
        (false, 0) => shown.join(", "),
        (false, hidden) => format!("{} and {hidden} more", shown.join(", ")),
    }
}

/// True when `key` is what [`canonical`] makes of `heading`; without making it.
fn is_canonical_of(key: &str, heading: &str) -> bool {
    let mut letters = heading.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_uppercase());
    !key.is_empty() && key.bytes().all(|byte| letters.next() == Some(byte)) && letters.next().is_none()
}

fn index(headings: &[String], name: &Arc<str>, findings: &mut Vec<Finding>) -> Vec<String> {
    let mut keys: Vec<String> = Vec::with_capacity(headings.len());
    for heading in headings {
        let key = canonical(heading);
        if !key.is_empty() && keys.contains(&key) {
            let fix = "Remove one of the two columns; the first is used until then.";
            let place = Place::file(name);
            let message = format!("a heading stands twice in the file: {}", show_headings(&[heading]));
            findings.push(Finding::new("agent-heading-twice", Severity::Warning, place, message, fix));
            keys.push(String::new());
        } else {
            keys.push(key);
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Input;

    fn read(text: &str) -> (Sheet, Vec<Finding>) {
        let mut findings = Vec::new();
        let input = Input { name: "a.csv".into(), bytes: text.into() };
        (crate::source::read_table(&input, &mut findings).unwrap(), findings)
    }

    #[test]
    fn lines_are_those_an_editor_shows() {
        let (sheet, _) = read("A,B\r\n1,2\r\n\r\n\"x\r\ny\",3\r\n,,\r\n4,5\r\n,\r\n");
        let lines: Vec<u32> = sheet.records.iter().map(|record| record.line).collect();
        assert_eq!(lines, [2, 4, 7]);
    }

    #[test]
    fn carriage_returns_alone_end_lines() {
        let (sheet, _) = read("A,B\r1,2\r3,4");
        let lines: Vec<u32> = sheet.records.iter().map(|record| record.line).collect();
        assert_eq!(lines, [2, 3]);
        assert_eq!(sheet.cell(&sheet.records[1], "b"), "4");
    }

    #[test]
    fn headings_match_in_any_case_and_cells_are_trimmed() {
        let (sheet, findings) = read("child ; Place Provider;X\n 1 ; PR1 ;NULL\n");
        let row = &sheet.records[0];
        assert_eq!(
            (sheet.cell(row, "CHILD"), sheet.cell(row, "PLACE_PROVIDER"), sheet.cell(row, "X")),
            ("1", "PR1", "")
        );
        assert_eq!(sheet.spelling("PLACE_PROVIDER"), "Place Provider");
        assert_eq!(findings, []);
    }

    #[test]
    fn headings_below_a_title_are_found_and_lines_are_still_the_files() {
        let (sheet, _) = read("Return of 2025/26\n\nLewisham;;\nCHILD;DUC;DOB\n1;;\n");
        assert_eq!((sheet.has("DUC"), sheet.records[0].line), (true, 5));
        let (sheet, _) = read("Name;Phone\nx;1\n");
        assert_eq!((sheet.has("Phone"), sheet.records.len()), (true, 1));
    }

    #[test]
    fn a_row_wider_than_its_headings_and_a_heading_given_twice_are_told() {
        let (_, findings) = read("A,B,a\n1,2,3,4\n1,2,3,,\n");
        let told: Vec<_> = findings.iter().map(|f| (f.rule.as_str(), f.place.line)).collect();
        assert_eq!(told, [("agent-heading-twice", None), ("agent-wide-row", Some(2))]);
    }
}

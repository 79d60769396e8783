//! A table of text cells that knows which line each row stands on.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord, Trim};

use super::Input;
use super::text::{NotText, decode};
use crate::finding::{Finding, Place, Severity};

/// Headings named in one message.
const SHOWN: usize = 12;

/// One file, parsed.
pub(crate) struct Sheet {
    /// The name the report uses.
    pub(crate) name: Arc<str>,
    /// Headings as given, trimmed.
    pub(crate) headings: Vec<String>,
    /// Rows with something in them.
    pub(crate) records: Vec<Record>,
    columns: HashMap<String, usize>,
}

/// A row and the line it stands on.
pub(crate) struct Record {
    /// Line in the file, the headings being line 1.
    pub(crate) line: u64,
    cells: StringRecord,
}

impl Sheet {
    /// Parses a file, saying in `findings` what was odd about it. `None` when it is no table at all.
    pub(crate) fn read(input: &Input, findings: &mut Vec<Finding>) -> Option<Self> {
        let name: Arc<str> = Arc::from(input.name.as_str());
        let decoded = match decode(&input.bytes) {
            Ok(decoded) => decoded,
            Err(reason) => {
                findings.push(refuse(&name, reason));
                return None;
            }
        };
        if let Some(encoding) = decoded.encoding {
            let message = format!("the file is not UTF-8; it was read as {encoding}");
            let fix = "Nothing, if accented letters look right; otherwise export as UTF-8.";
            findings.push(Finding::new("agent-encoding", Severity::Note, Place::file(&name), message, fix));
        }
        let (headings, records) = parse(&decoded.text);
        let columns = index(&headings, &name, findings);
        let sheet = Self { name, headings, records, columns };
        sheet.note_wide_rows(findings);
        Some(sheet)
    }

    /// True when the file has this column; names are compared without case, spaces or punctuation.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.columns.contains_key(&canonical(column))
    }

    /// The first of `columns` that the file has.
    pub(crate) fn first_of<'a>(&self, columns: &[&'a str]) -> Option<&'a str> {
        columns.iter().copied().find(|column| self.has(column))
    }

    /// The cell, trimmed; empty when blank, absent or an exported `NULL`.
    pub(crate) fn cell<'a>(&self, record: &'a Record, column: &str) -> &'a str {
        let at = self.columns.get(&canonical(column)).copied();
        match at.and_then(|at| record.cells.get(at)).unwrap_or("") {
            "NULL" | "null" | "NaT" | "nan" | "#N/A" => "",
            text => text,
        }
    }

    /// The heading as the file spells it, or `column` when the file has no such column.
    pub(crate) fn spelling<'a>(&'a self, column: &'a str) -> &'a str {
        let at = self.columns.get(&canonical(column)).copied();
        at.and_then(|at| self.headings.get(at)).map_or(column, String::as_str)
    }

    /// Where a row stands.
    pub(crate) fn place(&self, record: &Record) -> Place {
        Place::line(&self.name, record.line)
    }

    fn note_wide_rows(&self, findings: &mut Vec<Finding>) {
        let width = self.headings.len();
        for record in &self.records {
            if record.cells.iter().skip(width).any(|cell| !cell.is_empty()) {
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

fn parse(text: &str) -> (Vec<String>, Vec<Record>) {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut headings = Vec::new();
    let mut records = Vec::new();
    let mut cells = StringRecord::new();
    // Reading from text in memory with flexible widths cannot fail; were it to, the rest is not there.
    while reader.read_record(&mut cells).unwrap_or(false) {
        if cells.iter().all(str::is_empty) {
            continue;
        }
        if headings.is_empty() {
            headings = cells.iter().map(str::to_owned).collect();
            continue;
        }
        // The reader's own position for a record that follows blank lines is that of the blank
        // line, so count back from where the record ended.
        let within = cells.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        let after = reader.position().line();
        let line = after.saturating_sub(1).saturating_sub(u64::try_from(within).unwrap_or(0));
        records.push(Record { line, cells: cells.clone() });
    }
    (headings, records)
}

/// The commonest separator of the heading line; a comma when there is none.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let count = |delimiter: u8| first.bytes().filter(|&byte| byte == delimiter).count();
    [b';', b'\t', b'|', b','].into_iter().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

fn index(headings: &[String], name: &Arc<str>, findings: &mut Vec<Finding>) -> HashMap<String, usize> {
    let mut columns = HashMap::new();
    for (at, heading) in headings.iter().enumerate() {
        let key = canonical(heading);
        if key.is_empty() {
            continue;
        }
        if *columns.entry(key).or_insert(at) != at {
            let fix = "Remove one of the two columns; the first is used until then.";
            let place = Place::file(name);
            let message = format!("a heading stands twice in the file: {}", show_headings(&[heading]));
            findings.push(Finding::new("agent-heading-twice", Severity::Warning, place, message, fix));
        }
    }
    columns
}

fn refuse(name: &Arc<str>, reason: NotText) -> Finding {
    let (rule, message, fix) = match reason {
        NotText::Workbook => (
            "agent-workbook",
            "the file is an Excel workbook or an archive, not CSV",
            "Save the sheet as CSV (UTF-8) and give that.",
        ),
        NotText::Markup => (
            "agent-xml",
            "the file is XML; the return is read in its CSV form",
            "Export header, episodes and uasc as CSV files and give those.",
        ),
        NotText::Binary => ("agent-binary", "the file is not text", "Give the CSV export itself."),
        NotText::Empty => {
            ("agent-empty", "the file is empty", "Export it again; a return with no rows still has headings.")
        }
    };
    Finding::new(rule, Severity::Error, Place::file(name), message, fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Sheet, Vec<Finding>) {
        let mut findings = Vec::new();
        let sheet = Sheet::read(&Input { name: "a.csv".into(), bytes: text.into() }, &mut findings).unwrap();
        (sheet, findings)
    }

    #[test]
    fn lines_are_those_an_editor_shows() {
        let (sheet, _) = read("A,B\r\n1,2\r\n\r\n\"x\r\ny\",3\r\n,,\r\n4,5\r\n,\r\n");
        let lines: Vec<u64> = sheet.records.iter().map(|record| record.line).collect();
        assert_eq!(lines, [2, 4, 7]);
    }

    #[test]
    fn carriage_returns_alone_end_lines() {
        let (sheet, _) = read("A,B\r1,2\r3,4");
        let lines: Vec<u64> = sheet.records.iter().map(|record| record.line).collect();
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
    fn a_row_wider_than_its_headings_and_a_heading_given_twice_are_told() {
        let (_, findings) = read("A,B,a\n1,2,3,4\n1,2,3,,\n");
        let told: Vec<_> = findings.iter().map(|f| (f.rule.as_str(), f.place.line)).collect();
        assert_eq!(told, [("agent-heading-twice", None), ("agent-wide-row", Some(2))]);
    }
}

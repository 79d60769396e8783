//! Spreadsheets: XLSX, XLSB, XLS and ODS, each sheet a table.
//!
//! A cell becomes the text that the CSV export of the same sheet would hold: dates in ISO form, whole numbers without a
//! point, and the zeros that a number's format (`0000000`) puts before it. What a cell then means is the column's to say.

use std::io::{Cursor, Read as _};
use std::sync::Arc;

use calamine::{Data, DataRef, ExcelDateTime, Reader, Sheets, Xlsx, open_workbook_auto_from_rs};

use super::kind::is_known;
use super::sheet::{Filling, Sheet};
use crate::finding::{Finding, Place, Severity};

/// Largest file, bytes.
const LARGEST: usize = 64 << 20;
/// Largest it may be unpacked, bytes.
const UNPACKED: u64 = 512 << 20;
/// Columns read of a sheet.
const WIDEST: usize = 512;
/// Longest cell, bytes.
const LONGEST: usize = 4_000;
/// Rows looked through for the headings.
const TITLES: usize = 20;

/// Why a workbook is not read.
enum Fault {
    Large,
    Broken,
}

/// A row as it is read, and the number that the spreadsheet gives it.
type Row = (u64, Vec<String>);

/// The tables of a workbook; `findings` says why when there is none.
pub(super) fn read(name: &Arc<str>, bytes: &[u8], findings: &mut Vec<Finding>) -> Vec<Sheet> {
    // The library is not ours: whatever a file makes it do, the other files are still read.
    let read = std::thread::scope(|scope| scope.spawn(|| sheets(bytes)).join());
    let sheets = match read.unwrap_or(Err(Fault::Broken)) {
        Ok(sheets) => sheets,
        Err(fault) => {
            findings.push(fault.told(name));
            return Vec::new();
        }
    };
    let mut tables = Vec::new();
    for (sheet, rows) in sheets {
        tables.extend(table(Arc::from(format!("{name} [{sheet}]")), rows, findings));
    }
    tables
}

fn sheets(bytes: &[u8]) -> Result<Vec<(String, Vec<Row>)>, Fault> {
    if bytes.len() > LARGEST {
        return Err(Fault::Large);
    }
    if bytes.starts_with(b"PK") {
        measure(bytes)?;
    }
    let mut workbook = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|_| Fault::Broken)?;
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        let rows = match &mut workbook {
            Sheets::Xlsx(workbook) => stream(workbook, &name),
            other @ (Sheets::Xls(_) | Sheets::Xlsb(_) | Sheets::Ods(_)) => {
                other.worksheet_range(&name).map(|range| whole(&range)).map_err(|_| Fault::Broken)
            }
        };
        // A sheet that is a chart has no cells.
        sheets.extend(rows.ok().map(|rows| (name, rows)));
    }
    if sheets.is_empty() { Err(Fault::Broken) } else { Ok(sheets) }
}

/// Unpacks everything once, keeping nothing: what a container says of its sizes need not be so.
fn measure(bytes: &[u8]) -> Result<(), Fault> {
    let mut container = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::Broken)?;
    let mut left = UNPACKED;
    for at in 0..container.len() {
        let part = container.by_index(at).map_err(|_| Fault::Broken)?;
        let size = std::io::copy(&mut part.take(left), &mut std::io::sink()).map_err(|_| Fault::Broken)?;
        left = left.checked_sub(size).filter(|left| *left > 0).ok_or(Fault::Large)?;
    }
    Ok(())
}

fn stream(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<Row>, Fault> {
    let mut cells = workbook.worksheet_cells_reader(name).map_err(|_| Fault::Broken)?;
    let padding: Vec<usize> = cells.styles().iter().map(|style| zeros(style.number_format.as_ref())).collect();
    let mut rows: Vec<Row> = Vec::new();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(|_| Fault::Broken)? {
        let (row, column) = cell.get_position();
        let (line, column) = (u64::from(row) + 1, usize::try_from(column).unwrap_or(usize::MAX));
        let text = match cell.get_value() {
            DataRef::Int(value) => pad(value.to_string(), padding.get(style)),
            DataRef::Float(value) => pad(number(*value), padding.get(style)),
            DataRef::SharedString(text) => (*text).to_owned(),
            DataRef::Bool(flag) => flag.to_string(),
            DataRef::DateTime(moment) => date(moment),
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
            DataRef::Error(_) | DataRef::Empty => String::new(),
        };
        put(&mut rows, line, column, text);
    }
    Ok(rows)
}

fn whole(range: &calamine::Range<Data>) -> Vec<Row> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    let mut rows = Vec::new();
    for (row, column, cell) in range.used_cells() {
        let text = match cell {
            Data::Int(value) => value.to_string(),
            Data::Float(value) => number(*value),
            Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
            Data::Bool(flag) => flag.to_string(),
            Data::DateTime(moment) => date(moment),
            Data::Error(_) | Data::Empty => String::new(),
        };
        let line = u64::try_from(row).unwrap_or(u64::MAX).saturating_add(u64::from(first_row) + 1);
        put(&mut rows, line, column.saturating_add(usize::try_from(first_column).unwrap_or(0)), text);
    }
    rows
}

/// Puts a cell at its column; rows come in order.
fn put(rows: &mut Vec<Row>, line: u64, column: usize, text: String) {
    if column >= WIDEST || text.is_empty() || text.len() > LONGEST {
        return;
    }
    if rows.last().is_none_or(|(last, _)| *last != line) {
        rows.push((line, Vec::new()));
    }
    if let Some((_, cells)) = rows.last_mut() {
        cells.resize(cells.len().max(column + 1), String::new());
        if let Some(cell) = cells.get_mut(column) {
            *cell = text;
        }
    }
}

/// The headings are the first row that a known table has; else the first with two cells.
fn table(name: Arc<str>, rows: Vec<Row>, findings: &mut Vec<Finding>) -> Option<Sheet> {
    let filled = |cells: &[String]| cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    let titles = rows.iter().take(TITLES);
    let known = titles.clone().position(|(_, cells)| is_known(cells.iter().map(String::as_str)));
    let at = known.or_else(|| titles.clone().position(|(_, cells)| filled(cells) > 1))?;
    let mut rows = rows.into_iter().skip(at);
    let (_, headings) = rows.next()?;
    let mut filling = Filling::headed(headings.iter().map(String::as_str));
    for (line, cells) in rows {
        filling.push(line, cells.iter().map(String::as_str));
    }
    Some(filling.finish(name, findings))
}

/// A number as people write it: `3`, not `3.0`; never with an exponent.
fn number(value: f64) -> String {
    format!("{value}")
}

/// Digits that a format such as `0000000` always shows.
fn zeros(format: Option<&calamine::NumberFormat>) -> usize {
    let code = format.map_or("", |format| format.format_code.as_str());
    if code.bytes().all(|byte| byte == b'0') { code.len().min(20) } else { 0 }
}

fn pad(text: String, to: Option<&usize>) -> String {
    let to = to.copied().unwrap_or(0);
    if text.len() < to && text.bytes().all(|byte| byte.is_ascii_digit()) { format!("{text:0>to$}") } else { text }
}

/// A day, or a day and time where there is a time.
fn date(moment: &ExcelDateTime) -> String {
    if !moment.is_datetime() || !(1.0..2_958_466.0).contains(&moment.as_f64()) {
        return number(moment.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date}T{hour:02}:{minute:02}:{second:02}") }
}

impl Fault {
    fn told(&self, name: &Arc<str>) -> Finding {
        let (rule, message, fix) = match self {
            Self::Large => (
                "agent-workbook-large",
                "the workbook is over 64 MiB, or over 512 MiB once unpacked; it is not read",
                "Save each of its sheets as CSV (UTF-8) and give those.",
            ),
            Self::Broken => (
                "agent-workbook",
                "the file looks like a workbook and cannot be read as one: it is damaged, has a password, or is another archive",
                "Open it, save it as XLSX without a password, or save its sheets as CSV (UTF-8).",
            ),
        };
        Finding::new(rule, Severity::Error, Place::file(name), message, fix)
    }
}

//! The borough's files as they come: any encoding, any line end, headings in any order and case.
//!
//! Tolerance lives here and nowhere else; what leaves this module is text cells with line numbers.

mod kind;
mod sheet;
mod table;
mod text;
mod value;
#[cfg(feature = "formats")]
mod workbook;
#[cfg(feature = "formats")]
mod xml;

use std::fmt;
use std::sync::Arc;

use crate::finding::{Finding, Place, Severity};
use text::NotText;

pub use kind::FileKind;
pub(crate) use kind::recognise;
pub(crate) use sheet::{Filling, Record, Sheet, canonical, show_headings};
pub(crate) use value::{Reading, boolean, date, timestamp};

/// A file as the borough handed it over.
#[derive(Clone, PartialEq, Eq)]
pub struct Input {
    /// Name to use in the report.
    pub name: String,
    /// Its bytes, untouched.
    pub bytes: Vec<u8>,
}

impl Input {
    /// Reads a file; the report will call it by its file name alone.
    pub fn read(path: &std::path::Path) -> std::io::Result<Self> {
        let bytes = std::fs::read(path)?;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { name, bytes })
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("name", &self.name).field("bytes", &self.bytes.len()).finish()
    }
}

/// The tables of a file: one of a CSV file, one for each sheet of a workbook, up to ten of the return's XML. None, and a
/// finding that says why, when it is no table at all.
pub(crate) fn read_tables(input: &Input, findings: &mut Vec<Finding>) -> Vec<Sheet> {
    let name: Arc<str> = Arc::from(input.name.as_str());
    let decoded = match text::decode(&input.bytes) {
        Ok(decoded) => decoded,
        Err(reason) => return read_other(&name, input, reason, findings),
    };
    note_encoding(&name, decoded.encoding, findings);
    vec![table::read(name, &decoded.text, findings)]
}

/// The only table of a file, or its first.
#[cfg(test)]
pub(crate) fn read_table(input: &Input, findings: &mut Vec<Finding>) -> Option<Sheet> {
    read_tables(input, findings).into_iter().next()
}

fn note_encoding(name: &Arc<str>, encoding: Option<&str>, findings: &mut Vec<Finding>) {
    if let Some(encoding) = encoding {
        let message = format!("the file is not UTF-8; it was read as {encoding}");
        let fix = "Nothing, if accented letters look right; otherwise export as UTF-8.";
        findings.push(Finding::new("agent-encoding", Severity::Note, Place::file(name), message, fix));
    }
}

#[cfg(feature = "formats")]
fn read_other(name: &Arc<str>, input: &Input, reason: NotText, findings: &mut Vec<Finding>) -> Vec<Sheet> {
    match reason {
        NotText::Workbook => workbook::read(name, &input.bytes, findings),
        NotText::Markup => match text::decode_markup(&input.bytes) {
            Ok(decoded) => xml::read(name, &decoded.text, findings),
            Err(reason) => refuse(name, reason, findings),
        },
        NotText::Binary | NotText::Empty => refuse(name, reason, findings),
    }
}

#[cfg(not(feature = "formats"))]
fn read_other(name: &Arc<str>, _: &Input, reason: NotText, findings: &mut Vec<Finding>) -> Vec<Sheet> {
    refuse(name, reason, findings)
}

fn refuse(name: &Arc<str>, reason: NotText, findings: &mut Vec<Finding>) -> Vec<Sheet> {
    let (rule, message, fix) = match reason {
        NotText::Workbook => (
            "agent-workbook",
            "the file is an Excel workbook or an archive, and this program was built to read CSV alone",
            "Save the sheet as CSV (UTF-8) and give that.",
        ),
        NotText::Markup => (
            "agent-xml",
            "the file is XML, and this program was built to read the return's CSV form alone",
            "Export header, episodes and uasc as CSV files and give those.",
        ),
        NotText::Binary => ("agent-binary", "the file is not text", "Give the CSV export itself."),
        NotText::Empty => {
            ("agent-empty", "the file is empty", "Export it again; a return with no rows still has headings.")
        }
    };
    findings.push(Finding::new(rule, Severity::Error, Place::file(name), message, fix));
    Vec::new()
}

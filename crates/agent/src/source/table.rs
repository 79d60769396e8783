//! A file of separated values as a table: comma, semicolon, tab or bar, whichever its headings use.

use std::io::Read as _;
use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord};

use super::sheet::{Filling, Sheet};
use crate::finding::Finding;

/// Parses text; its headings are the first line with anything in it.
pub(super) fn read(name: Arc<str>, text: &str, findings: &mut Vec<Finding>) -> Sheet {
    // A last line without an end is counted as one with.
    let ended = text.as_bytes().chain(if text.ends_with('\n') { b"".as_slice() } else { b"\n" });
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter(text)).from_reader(ended);
    let mut filling: Option<Filling> = None;
    let mut cells = StringRecord::new();
    // Reading from text in memory with flexible widths cannot fail; were it to, the rest is not there.
    while reader.read_record(&mut cells).unwrap_or(false) {
        let Some(filling) = &mut filling else {
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                filling = Some(Filling::headed(&cells));
            }
            continue;
        };
        // The reader's own position for a record that follows blank lines is that of the blank
        // line, so count back from where the record ended.
        let within = cells.as_slice().bytes().filter(|&byte| byte == b'\n').count();
        let after = reader.position().line();
        let line = after.saturating_sub(1).saturating_sub(u64::try_from(within).unwrap_or(0));
        filling.push(line, &cells);
    }
    filling.unwrap_or_else(|| Filling::headed([])).finish(name, findings)
}

/// The commonest separator of the heading line; a comma when there is none.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let count = |delimiter: u8| first.bytes().filter(|&byte| byte == delimiter).count();
    [b';', b'\t', b'|', b','].into_iter().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

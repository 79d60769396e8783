//! A file of separated values as a table: comma, semicolon, tab or bar, whichever its headings use.

use std::io::Read as _;
use std::sync::Arc;

use csv::{Reader, ReaderBuilder, StringRecord};

use super::kind::is_known;
use super::sheet::{Filling, Sheet};
use crate::finding::Finding;

/// Rows looked through for headings that stand below a title.
const TITLES: usize = 20;

/// Parses text. Its headings are the first line with anything in it; or, where titles stand above them, the first of twenty
/// that has a known table's.
pub(super) fn read(name: Arc<str>, text: &str, findings: &mut Vec<Finding>) -> Sheet {
    let delimiter = delimiter(text);
    let mut titles = titles(text, delimiter);
    let mut reader = open(text, delimiter);
    let mut filling: Option<Filling> = None;
    let mut cells = StringRecord::new();
    // Reading from text in memory with flexible widths cannot fail; were it to, the rest is not there.
    while reader.read_record(&mut cells).unwrap_or(false) {
        let Some(filling) = &mut filling else {
            let is_filled = cells.iter().any(|cell| !cell.trim().is_empty());
            if is_filled && titles == 0 {
                filling = Some(Filling::headed(&cells));
            }
            titles = titles.saturating_sub(usize::from(is_filled));
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

fn open(text: &str, delimiter: u8) -> Reader<impl std::io::Read> {
    // A last line without an end is counted as one with.
    let ended = text.as_bytes().chain(if text.ends_with('\n') { b"".as_slice() } else { b"\n" });
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(ended)
}

/// Filled rows above the headings.
fn titles(text: &str, delimiter: u8) -> usize {
    let mut reader = open(text, delimiter);
    let mut cells = StringRecord::new();
    let mut above = 0;
    while above < TITLES && reader.read_record(&mut cells).unwrap_or(false) {
        if is_known(cells.iter()) {
            return above;
        }
        above += usize::from(cells.iter().any(|cell| !cell.trim().is_empty()));
    }
    0
}

/// The commonest separator of the heading line, which is the first that has one; a comma when none has.
fn delimiter(text: &str) -> u8 {
    let count = |line: &str, delimiter: u8| line.bytes().filter(|&byte| byte == delimiter).count();
    let best = |line: &str| {
        let all = [b';', b'\t', b'|', b','];
        all.into_iter().max_by_key(|&delimiter| count(line, delimiter)).filter(|&delimiter| count(line, delimiter) > 0)
    };
    text.lines().take(TITLES).find_map(best).unwrap_or(b',')
}

//! Headings: which cell belongs to which column.

use super::Refusal;
use crate::cell::shape;
use crate::model::Contract;

/// The column of a `mode=changes` feed that says what to do with the row.
pub(crate) const OP: &str = "_op";

/// Where each column of the contract stands in the file.
#[derive(Debug)]
pub(crate) struct Headings {
    /// Position in the file by position in the contract.
    pub(crate) places: Vec<Option<usize>>,
    pub(crate) op: Option<usize>,
    /// How many headings there are.
    pub(crate) width: usize,
}

impl Headings {
    /// Reads the heading row, or says why it will not do.
    pub(crate) fn read(contract: &Contract, names: &[&[u8]]) -> Result<Self, Refusal> {
        let mut headings = Self { places: vec![None; contract.columns.len()], op: None, width: names.len() };
        let known = names.iter().filter(|name| is_known(contract, name)).count();
        if known == 0 {
            return Err(no_headings(contract));
        }
        for (at, name) in names.iter().enumerate() {
            headings.place(contract, at, name)?;
        }
        let missing = |(column, place): &(&crate::Column, &Option<usize>)| column.required && place.is_none();
        let absent: Vec<&str> = contract
            .columns
            .iter()
            .zip(&headings.places)
            .filter(missing)
            .map(|(column, _)| column.name.as_str())
            .collect();
        match absent.as_slice() {
            [] => Ok(headings),
            [first, ..] => Err(missing_column(first, &absent)),
        }
    }

    fn place(&mut self, contract: &Contract, at: usize, name: &[u8]) -> Result<(), Refusal> {
        let slot = if name == OP.as_bytes() {
            &mut self.op
        } else {
            let place = contract.columns.iter().position(|column| column.name.as_bytes() == name);
            match place.and_then(|place| self.places.get_mut(place)) {
                Some(slot) => slot,
                None => return Err(unknown(contract, at, name)),
            }
        };
        if slot.replace(at).is_some() {
            let heading = String::from_utf8_lossy(name).into_owned();
            let detail = format!("The heading {heading} stands twice, the second time as column {}.", at + 1);
            let fix = "Keep one of the two columns.";
            return Err(Refusal::new("duplicate-heading", "Duplicate heading", detail, fix)
                .in_column(heading)
                .on_line(1));
        }
        Ok(())
    }
}

fn is_known(contract: &Contract, name: &[u8]) -> bool {
    let is = |known: &str| known.as_bytes().eq_ignore_ascii_case(name.trim_ascii());
    is(OP) || contract.columns.iter().any(|column| is(&column.name))
}

/// A heading that no column has: in another dress, or over-collection.
pub(crate) fn unknown(contract: &Contract, at: usize, name: &[u8]) -> Refusal {
    let trimmed = name.trim_ascii();
    let meant = contract.columns.iter().find(|column| column.name.as_bytes().eq_ignore_ascii_case(trimmed));
    if let Some(column) = meant {
        let detail = format!("Column {} is headed {} in other capitals or with spaces around it.", at + 1, column.name);
        let fix = "Write headings exactly as the contract does: small letters, underscores, no spaces.";
        return Refusal::new("heading-case", "Heading in another case", detail, fix)
            .in_column(column.name.clone())
            .on_line(1);
    }
    let shown = if is_shown(trimmed) { format!(" ({})", String::from_utf8_lossy(trimmed)) } else { String::new() };
    let detail = format!(
        "Column {}{shown} is not in the {} contract. A column the contract does not name is not collected.",
        at + 1,
        contract.name
    );
    let fix = "Leave the column out of the export and send the rest.";
    Refusal::new("unknown-column", "Over-collection", detail, fix).in_column(format!("column {}", at + 1)).on_line(1)
}

/// Whether a heading may be repeated: it reads as one, and not as a person or a number.
fn is_shown(name: &[u8]) -> bool {
    let letters = name.iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    letters && (2..=40).contains(&name.len()) && shape::whole(name).is_none()
}

fn no_headings(contract: &Contract) -> Refusal {
    let first: Vec<&str> = contract.columns.iter().take(4).map(|column| column.name.as_str()).collect();
    let detail = format!(
        "The first line holds none of the headings of the {} contract ({}, …).",
        contract.name,
        first.join(", ")
    );
    let fix = "Begin the file with a heading row, separated by commas; the contract's template has it.";
    Refusal::new("no-headings", "No heading row", detail, fix).on_line(1)
}

fn missing_column(first: &str, absent: &[&str]) -> Refusal {
    let detail = format!("Required columns are missing: {}.", absent.join(", "));
    let fix = "Add the columns; every row needs a value in each.";
    Refusal::new("missing-column", "Missing column", detail, fix).in_column(first).on_line(1)
}

/// A file with nothing in it.
pub(crate) fn empty() -> Refusal {
    let detail = "The submission is empty: not even a heading row.";
    Refusal::new(
        "empty-file",
        "Empty submission",
        detail,
        "Send the export itself; an empty feed is a heading row and no rows.",
    )
}

/// Bytes that are not UTF-8.
pub(crate) fn not_utf8(line: u64) -> Refusal {
    let detail = format!("Line {line} is not UTF-8.");
    let fix = "Export as UTF-8, or declare charset=windows-1252 when you send.";
    Refusal::new("not-utf-8", "Not UTF-8", detail, fix).on_line(line)
}

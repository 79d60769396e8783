//! The pass over a submission: every row read, judged, and handed on or left out.

mod blanks;
mod door;
mod pass;
mod read;
mod settings;
mod value;

use std::io::Read;
use std::sync::mpsc;
use std::thread;

use sha2::{Digest, Sha256};

pub use door::{DoorReport, door, door_beside};
pub use settings::Settings;
pub(crate) use value::{Context, NONE, Row, hash, nation};

use crate::input::{AHEAD, Failure, Format, Lines, Parsed, Table, parse};
use crate::model::{Column, Contract};
use crate::report::Report;

/// What an accepted row asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Add the record or replace it.
    Upsert,
    /// Withdraw it.
    Delete,
}

/// A row that can be used, as the store wants it. Borrowed: the next row takes its place.
#[derive(Clone, Copy)]
pub struct Accepted<'a> {
    /// Data row, from 1.
    pub row: u64,
    /// What it asks for.
    pub op: Op,
    /// Key columns joined by `/`.
    pub key: &'a str,
    /// JSON array of the columns in contract order, trailing blanks cut.
    pub body: &'a str,
}

impl Accepted<'_> {
    /// First 16 bytes of the SHA-256 of the body: the same for the same content, whichever night sends it.
    pub fn fingerprint(&self) -> [u8; 16] {
        fingerprint(self.body)
    }
}

/// First 16 bytes of the SHA-256 of `text`: a record's body, or its key.
pub fn fingerprint(text: &str) -> [u8; 16] {
    let digest = Sha256::digest(text.as_bytes());
    let mut fingerprint = [0_u8; 16];
    fingerprint.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
    fingerprint
}

impl std::fmt::Debug for Accepted<'_> {
    /// The row's number and nothing of the row.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Accepted(row {}, {:?})", self.row, self.op)
    }
}

/// What a pass found.
#[derive(Clone, PartialEq)]
pub struct Outcome {
    /// What the sender reads.
    pub report: Report,
    /// Rows that were handed on and that a set rule then rejected, ascending: the consumer drops them.
    pub excluded: Vec<u64>,
    /// Keys of rows left out whose key could be read, sorted: what the hub believes of them should stand, not be
    /// withdrawn as if they had not been sent.
    pub rejected_keys: Vec<String>,
}

impl std::fmt::Debug for Outcome {
    /// Counts only: keys are child-level.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Outcome({:?}, {} excluded, {} rejected keys)",
            self.report.rows,
            self.excluded.len(),
            self.rejected_keys.len()
        )
    }
}

/// Reads a whole submission once, hands each usable row to `sink`, and reports what was found.
///
/// Rows with an error are left out. The bytes must already be plain UTF-8 (see [`crate::open`]); what [`door()`]
/// would refuse about headings and bytes is refused here too, over-collection inside cells is not looked for again.
pub fn validate(
    contract: &Contract,
    settings: &Settings,
    format: Format,
    input: impl Read,
    sink: &mut dyn FnMut(Accepted<'_>) -> std::io::Result<()>,
) -> Result<Outcome, Failure> {
    let pass = pass::Pass::new(contract, settings, format);
    match format {
        Format::Csv => pass.run(Table::open(contract, input)?, sink),
        Format::Ndjson => pass.run(Lines::open(contract, input), sink),
    }
}

/// As [`validate`], on two threads: a CSV is read and parsed on one of its own, and judged here. For files of many rows.
pub fn validate_beside(
    contract: &Contract,
    settings: &Settings,
    format: Format,
    input: impl Read + Send,
    sink: &mut dyn FnMut(Accepted<'_>) -> std::io::Result<()>,
) -> Result<Outcome, Failure> {
    if format == Format::Ndjson {
        return validate(contract, settings, format, input, sink);
    }
    let pass = pass::Pass::new(contract, settings, format);
    parsed_beside(contract, input, |table| pass.run(table, sink))
}

/// Whether a filled cell is of its column's form.
pub(crate) fn reads(column: &Column, cell: &[u8]) -> bool {
    read::read(column, cell, &mut Vec::new(), &mut value::Value::Blank).is_ok()
}

/// Parses a CSV on a thread of its own and hands its rows to `judge`, which runs here.
fn parsed_beside<T>(
    contract: &Contract,
    input: impl Read + Send,
    judge: impl FnOnce(Table<Parsed>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    thread::scope(|scope| {
        let (to, from) = mpsc::sync_channel(AHEAD);
        let (spent, back) = mpsc::channel();
        let parsing = scope.spawn(move || parse(contract, input, &to, &back));
        let done = Table::parsed(from, spent).and_then(judge);
        parsing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        done
    })
}

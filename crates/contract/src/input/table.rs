//! Rows of a CSV: a record's cells in the order of the contract.

use std::io::Read;
use std::sync::mpsc::{Receiver, Sender};

use csv::ByteRecord;

use super::Failure;
use super::ahead::{Message, Page, Parsed};
use super::csv::{Parser, Records};
use super::heading::Headings;
use super::rows::{Fault, Rows, bits};
use crate::model::Contract;

/// A CSV being read.
#[derive(Debug)]
pub(crate) struct Table<S> {
    records: S,
    headings: Headings,
    record: ByteRecord,
    line: u64,
    faults: Vec<Fault>,
    sent: u64,
}

impl<R: Read> Table<Parser<R>> {
    /// Reads the heading row.
    pub(crate) fn open(contract: &Contract, input: R) -> Result<Self, Failure> {
        Parser::open(contract, input).map(Self::of)
    }
}

impl Table<Parsed> {
    /// Takes records that another thread parses.
    pub(crate) fn parsed(from: Receiver<Message>, spent: Sender<Page>) -> Result<Self, Failure> {
        Parsed::open(from, spent).map(Self::of)
    }
}

impl<S> Table<S> {
    fn of((headings, records): (Headings, S)) -> Self {
        let sent = bits(headings.places.iter().map(Option::is_some));
        Self { records, headings, record: ByteRecord::new(), line: 1, faults: Vec::new(), sent }
    }
}

impl<S: Records> Rows for Table<S> {
    fn advance(&mut self) -> Result<bool, Failure> {
        self.faults.clear();
        let Some(line) = self.records.next_into(&mut self.record)? else { return Ok(false) };
        self.line = line;
        if self.record.len() != self.headings.width {
            self.faults.push(Fault::CellCount);
        }
        Ok(true)
    }

    fn cell(&self, column: usize) -> &[u8] {
        let place = self.headings.places.get(column).copied().flatten();
        place.and_then(|place| self.record.get(place)).unwrap_or(&[])
    }

    fn op(&self) -> &[u8] {
        self.headings.op.and_then(|place| self.record.get(place)).unwrap_or(&[])
    }

    fn line(&self) -> u64 {
        self.line
    }

    fn is_blank(&self) -> bool {
        self.record.as_slice().iter().all(u8::is_ascii_whitespace)
    }

    fn faults(&self) -> &[Fault] {
        &self.faults
    }

    fn strays(&self) -> Vec<&[u8]> {
        self.record.iter().skip(self.headings.width).collect()
    }

    fn has_column(&self, column: usize) -> bool {
        self.headings.places.get(column).is_some_and(Option::is_some)
    }

    fn sent(&self) -> u64 {
        self.sent
    }

    fn has_op(&self) -> bool {
        self.headings.op.is_some()
    }
}

//! Rows of a CSV: RFC 4180, quoted line ends, LF or CRLF, a byte-order mark passed over.

use std::io::Read;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::Failure;
use super::heading::{self, Headings};
use super::rows::{Fault, Rows, bits};
use super::watch::{self, Fuse, Watch};
use crate::model::Contract;

/// Bytes of a byte-order mark, which the parser passes over uncounted.
const BOM: u64 = 3;

/// A CSV being read.
#[derive(Debug)]
pub(crate) struct Table<R> {
    reader: Reader<Watch<R>>,
    headings: Headings,
    record: ByteRecord,
    faults: Vec<Fault>,
    sent: u64,
    fuse: Fuse,
}

impl<R: Read> Table<R> {
    /// Reads the heading row.
    pub(crate) fn open(contract: &Contract, input: R) -> Result<Self, Failure> {
        let fuse = Fuse::default();
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(1 << 16)
            .from_reader(Watch::csv(input, Fuse::clone(&fuse)));
        let mut record = ByteRecord::new();
        if !reader.read_byte_record(&mut record)? {
            return Err(heading::empty().into());
        }
        if record.iter().any(|name| std::str::from_utf8(name).is_err()) {
            return Err(heading::not_utf8(1).into());
        }
        fuse.held.set(0);
        let names: Vec<&[u8]> = record.iter().collect();
        let headings = Headings::read(contract, &names)?;
        let sent = bits(headings.places.iter().map(Option::is_some));
        Ok(Self { reader, headings, record, faults: Vec::new(), sent, fuse })
    }
}

impl<R: Read> Rows for Table<R> {
    fn advance(&mut self) -> Result<bool, Failure> {
        self.faults.clear();
        if !self.reader.read_byte_record(&mut self.record)? {
            return Ok(false);
        }
        self.fuse.held.set(0);
        if !self.record.as_slice().is_ascii() && self.record.iter().any(|cell| std::str::from_utf8(cell).is_err()) {
            return Err(heading::not_utf8(self.line()).into());
        }
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

    /// Reckoned back from the row's end, for blank lines before a row belong to no row. The parser counts a line at its
    /// LF: taken when a row ends in LF, not yet when it ends in CRLF or with the file.
    fn line(&self) -> u64 {
        let end = self.reader.position();
        let inner = watch::count(self.record.as_slice(), b'\n');
        let last = end.byte() + BOM >= self.fuse.total.get() && self.fuse.last.get() != b'\n';
        end.line().saturating_sub(inner + u64::from(!last && !self.fuse.crlf.get()))
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

//! Records of a CSV: RFC 4180, quoted line ends, LF or CRLF, a byte-order mark passed over.

use std::io::Read;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::Failure;
use super::heading::{self, Headings};
use super::watch::{self, Fuse, Watch};
use crate::model::Contract;

/// Bytes of a byte-order mark, which the parser passes over uncounted.
const BOM: u64 = 3;

/// Where the records of a table come from.
pub(crate) trait Records {
    /// Reads the next record into `record`: the line on which it begins, from 1; `None` after the last.
    fn next_into(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, Failure>;
}

/// A CSV being parsed.
#[derive(Debug)]
pub(crate) struct Parser<R> {
    reader: Reader<Watch<R>>,
    fuse: Fuse,
}

impl<R: Read> Parser<R> {
    /// Reads the heading row.
    pub(crate) fn open(contract: &Contract, input: R) -> Result<(Headings, Self), Failure> {
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
        Ok((headings, Self { reader, fuse }))
    }

    /// Reckoned back from the record's end, for blank lines before a record belong to none. The parser counts a line at
    /// its LF: taken when a record ends in LF, not yet when it ends in CRLF or with the file.
    fn line(&self, record: &ByteRecord) -> u64 {
        let end = self.reader.position();
        let inner = watch::count(record.as_slice(), b'\n');
        let last = end.byte() + BOM >= self.fuse.total.get() && self.fuse.last.get() != b'\n';
        end.line().saturating_sub(inner + u64::from(!last && !self.fuse.crlf.get()))
    }
}

impl<R: Read> Records for Parser<R> {
    fn next_into(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, Failure> {
        if !self.reader.read_byte_record(record)? {
            return Ok(None);
        }
        self.fuse.held.set(0);
        let line = self.line(record);
        if !record.as_slice().is_ascii() && record.iter().any(|cell| std::str::from_utf8(cell).is_err()) {
            return Err(heading::not_utf8(line).into());
        }
        Ok(Some(line))
    }
}

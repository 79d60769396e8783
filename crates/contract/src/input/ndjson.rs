//! Rows of newline-delimited JSON: one flat object a line, lists as arrays.
//!
//! Values are borrowed as they stand in the line: money keeps its decimals, and nothing is built that is not needed.

use std::borrow::Cow;
use std::fmt;
use std::io::{BufRead, BufReader, Read};

use serde::de::{DeserializeSeed, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::heading::{self, OP};
use super::rows::{Fault, Rows, bits};
use super::watch::{Fuse, Watch};
use super::{Failure, Refusal};
use crate::model::Contract;

/// NDJSON being read.
#[derive(Debug)]
pub(crate) struct Lines<'c, R> {
    contract: &'c Contract,
    reader: BufReader<Watch<R>>,
    fuse: Fuse,
    bytes: Vec<u8>,
    line: u64,
    row: u64,
    object: Object,
}

/// The cells of one object, in the text they would have in a CSV.
#[derive(Debug, Default)]
struct Object {
    text: Vec<u8>,
    /// Start and end in `text`, by column of the contract; the last is `_op`.
    spans: Vec<Option<(usize, usize)>>,
    seen: Vec<bool>,
    faults: Vec<Fault>,
    /// Why the whole submission is turned away, when a field of this object is the reason.
    refusal: Option<Refusal>,
}

impl<'c, R: Read> Lines<'c, R> {
    /// Begins to read.
    pub(crate) fn open(contract: &'c Contract, input: R) -> Self {
        let fuse = Fuse::default();
        let reader = BufReader::with_capacity(1 << 16, Watch::ndjson(input, Fuse::clone(&fuse)));
        let width = contract.columns.len() + 1;
        let object = Object { spans: vec![None; width], seen: vec![false; width], ..Object::default() };
        Self { contract, reader, fuse, bytes: Vec::new(), line: 0, row: 0, object }
    }

    /// The next line that is not blank.
    fn read_line(&mut self) -> Result<bool, Failure> {
        loop {
            self.bytes.clear();
            if self.reader.read_until(b'\n', &mut self.bytes)? == 0 {
                return Ok(false);
            }
            self.fuse.held.set(0);
            self.line += 1;
            if self.line == 1 && self.bytes.starts_with(b"\xef\xbb\xbf") {
                self.bytes.drain(..3);
            }
            if !self.bytes.iter().all(u8::is_ascii_whitespace) {
                return Ok(true);
            }
        }
    }
}

impl<R: Read> Rows for Lines<'_, R> {
    fn advance(&mut self) -> Result<bool, Failure> {
        if !self.read_line()? {
            return Ok(false);
        }
        self.row += 1;
        let (row, line) = (self.row, self.line);
        let text = std::str::from_utf8(&self.bytes).map_err(|_| heading::not_utf8(line).at(row, line))?;
        self.object.clear();
        let mut reader = serde_json::Deserializer::from_str(text);
        let seed = Fill { contract: self.contract, object: &mut self.object };
        if seed.deserialize(&mut reader).and_then(|()| reader.end()).is_err() {
            return Err(self.object.refusal.take().unwrap_or_else(not_json).at(row, line).into());
        }
        Ok(true)
    }

    fn cell(&self, column: usize) -> &[u8] {
        self.object.cell(column)
    }

    fn op(&self) -> &[u8] {
        self.object.cell(self.contract.columns.len())
    }

    fn line(&self) -> u64 {
        self.line
    }

    fn is_blank(&self) -> bool {
        self.object.text.is_empty() && self.object.faults.is_empty()
    }

    fn faults(&self) -> &[Fault] {
        &self.object.faults
    }

    fn strays(&self) -> Vec<&[u8]> {
        Vec::new()
    }

    fn has_column(&self, column: usize) -> bool {
        self.object.seen.get(column).copied().unwrap_or(false)
    }

    fn sent(&self) -> u64 {
        bits(self.object.seen.iter().copied().take(self.contract.columns.len()))
    }

    fn has_op(&self) -> bool {
        self.has_column(self.contract.columns.len())
    }
}

fn not_json() -> Refusal {
    let detail = "A line is not one whole JSON object.";
    let fix = "Write one object a line, without line breaks inside it, and send the whole file.";
    Refusal::new("not-json", "Not a JSON object", detail, fix)
}

fn nul() -> Refusal {
    Refusal::new("nul-byte", "NUL byte", "A value holds a NUL character.", "Remove it at the source and send again.")
}

impl Object {
    fn clear(&mut self) {
        self.text.clear();
        self.faults.clear();
        self.refusal = None;
        self.spans.fill(None);
    }

    fn cell(&self, place: usize) -> &[u8] {
        let span = self.spans.get(place).copied().flatten();
        span.and_then(|(from, to)| self.text.get(from..to)).unwrap_or(&[])
    }

    /// Keeps the value of column `place` as text.
    fn keep(&mut self, place: usize, list: bool, raw: &str) -> Result<(), serde_json::Error> {
        if let Some(seen) = self.seen.get_mut(place) {
            *seen = true;
        }
        let from = self.text.len();
        let fits = match raw.as_bytes().first() {
            Some(b'"') => self.keep_string(raw).map(|()| !list)?,
            Some(b'[') => list && self.keep_list(raw),
            Some(b'{') => false,
            Some(b'n') => true,
            _ => {
                self.text.extend_from_slice(raw.as_bytes());
                !list
            }
        };
        if !fits {
            self.faults.push(Fault::JsonType(place));
        }
        match self.spans.get_mut(place) {
            Some(Some(_)) => self.faults.push(Fault::FieldTwice(place)),
            Some(slot) => *slot = Some((from, self.text.len())),
            None => {}
        }
        Ok(())
    }

    fn keep_string(&mut self, raw: &str) -> Result<(), serde_json::Error> {
        match raw.get(1..raw.len().saturating_sub(1)) {
            Some(inner) if !inner.contains('\\') => self.text.extend_from_slice(inner.as_bytes()),
            _ => {
                let text = serde_json::from_str::<String>(raw)?;
                if text.contains('\0') {
                    self.refusal = Some(nul());
                    return Err(serde_json::Error::custom("NUL"));
                }
                self.text.extend_from_slice(text.as_bytes());
            }
        }
        Ok(())
    }

    /// An array of strings, joined as a CSV cell has them. Anything else in it does not fit.
    fn keep_list(&mut self, raw: &str) -> bool {
        let Ok(items) = serde_json::from_str::<Vec<Cow<'_, str>>>(raw) else { return false };
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.text.push(b';');
            }
            self.text.extend_from_slice(item.as_bytes());
        }
        items.iter().all(|item| !item.is_empty() && !item.contains(';'))
    }
}

/// Fills an [`Object`] from one JSON object.
struct Fill<'a> {
    contract: &'a Contract,
    object: &'a mut Object,
}

impl Fill<'_> {
    /// The column of a field. Fields mostly come in the contract's order, so the one after the last is tried first.
    fn place(&self, name: &str, after: usize) -> Option<usize> {
        let columns = &self.contract.columns;
        if columns.get(after).is_some_and(|column| column.name == name) {
            return Some(after);
        }
        if name == OP {
            return Some(columns.len());
        }
        columns.iter().position(|column| column.name == name)
    }
}

impl<'de> DeserializeSeed<'de> for Fill<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Fill<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let mut at = 0;
        let mut after = 0;
        while let Some(Name(name)) = fields.next_key()? {
            let Some(place) = self.place(&name, after) else {
                self.object.refusal = Some(heading::unknown(self.contract, at, name.as_bytes()));
                return Err(A::Error::custom("unknown field"));
            };
            let raw: &RawValue = fields.next_value()?;
            let list = self.contract.columns.get(place).is_some_and(|column| column.list);
            self.object.keep(place, list, raw.get()).map_err(A::Error::custom)?;
            at += 1;
            after = place + 1;
        }
        Ok(())
    }
}

/// A field's name, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

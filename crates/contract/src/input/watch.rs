//! Watches the bytes on their way to a parser: no NUL, no bare carriage return, no UTF-16, no endless row.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use super::Refusal;

/// Longest row, in bytes. A quotation mark that is never closed makes the rest of a file one row.
pub(crate) const MAX_ROW: u64 = 1 << 20;

/// What a watcher and the owner of the parser behind it tell each other.
#[derive(Debug, Default)]
pub(crate) struct Gauge {
    /// Bytes handed out since the last whole row; the parser's owner sets it back to zero.
    pub(crate) held: Cell<u64>,
    /// A line has ended in CRLF.
    pub(crate) crlf: Cell<bool>,
    /// Bytes handed out altogether, and the last of them.
    pub(crate) total: Cell<u64>,
    pub(crate) last: Cell<u8>,
}

/// A gauge in two hands.
pub(crate) type Fuse = Rc<Gauge>;

/// A reader that refuses what no feed may hold.
#[derive(Debug)]
pub(crate) struct Watch<R> {
    reader: R,
    fuse: Fuse,
    line: u64,
    /// The first bytes have been looked at.
    begun: bool,
    /// The last byte handed out was an unquoted CR.
    after_return: bool,
    quoted: bool,
    /// Rows are lines: any CR that does not end one is bare, quoted or not.
    plain: bool,
}

impl<R: Read> Watch<R> {
    /// Watches a CSV, in which a quoted cell may hold any line end.
    pub(crate) fn csv(reader: R, fuse: Fuse) -> Self {
        Self { reader, fuse, line: 1, begun: false, after_return: false, quoted: false, plain: false }
    }

    /// Watches newline-delimited JSON.
    pub(crate) fn ndjson(reader: R, fuse: Fuse) -> Self {
        Self { plain: true, ..Self::csv(reader, fuse) }
    }

    fn inspect(&mut self, chunk: &[u8]) -> Result<(), Refusal> {
        if !self.begun {
            self.begun = true;
            if chunk.starts_with(&[0xff, 0xfe]) || chunk.starts_with(&[0xfe, 0xff]) {
                return Err(utf16());
            }
        }
        if let Some(at) = chunk.iter().position(|byte| *byte == 0) {
            return Err(nul(self.line + count(chunk.get(..at).unwrap_or(&[]), b'\n')));
        }
        if self.after_return || chunk.contains(&b'\r') {
            self.find_bare_return(chunk)?;
        } else if !self.plain && count(chunk, b'"') % 2 == 1 {
            self.quoted = !self.quoted;
        }
        self.line += count(chunk, b'\n');
        Ok(())
    }

    fn find_bare_return(&mut self, chunk: &[u8]) -> Result<(), Refusal> {
        for (at, byte) in chunk.iter().enumerate() {
            if self.after_return && *byte != b'\n' {
                return Err(bare_return(self.line + count(chunk.get(..at).unwrap_or(&[]), b'\n')));
            }
            if self.after_return {
                self.fuse.crlf.set(true);
            }
            self.quoted ^= *byte == b'"' && !self.plain;
            self.after_return = *byte == b'\r' && !self.quoted;
        }
        Ok(())
    }
}

impl<R: Read> Read for Watch<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        if read == 0 && self.after_return {
            return Err(io::Error::other(bare_return(self.line)));
        }
        let count = u64::try_from(read).unwrap_or(u64::MAX);
        self.fuse.total.set(self.fuse.total.get() + count);
        if let Some(last) = buffer.get(..read).and_then(<[u8]>::last) {
            self.fuse.last.set(*last);
        }
        let held = self.fuse.held.get() + count;
        self.fuse.held.set(held);
        if held > MAX_ROW {
            return Err(io::Error::other(endless(self.line)));
        }
        self.inspect(buffer.get(..read).unwrap_or(&[])).map_err(io::Error::other)?;
        Ok(read)
    }
}

/// How often a byte occurs.
pub(super) fn count(chunk: &[u8], wanted: u8) -> u64 {
    // Counted in bytes of 255 at most, so that the compiler may count many at once.
    let block = |block: &[u8]| u64::from(block.iter().fold(0_u8, |sum, byte| sum + u8::from(*byte == wanted)));
    chunk.chunks(255).map(block).sum()
}

fn utf16() -> Refusal {
    let detail = "The file is UTF-16 (its first two bytes say so); feeds are UTF-8.";
    Refusal::new("utf-16", "Not UTF-8", detail, "Save or export it as \"CSV UTF-8\".")
}

fn nul(line: u64) -> Refusal {
    let detail = format!("Line {line} holds a NUL byte.");
    Refusal::new("nul-byte", "NUL byte", detail, "Export the file again as plain UTF-8 text.").on_line(line)
}

fn bare_return(line: u64) -> Refusal {
    let detail = format!("A line ends in a bare carriage return (after line {line}).");
    Refusal::new("bare-carriage-return", "Bare carriage return", detail, "End lines with LF or CRLF.").on_line(line)
}

fn endless(line: u64) -> Refusal {
    let detail = format!("A row is longer than {MAX_ROW} bytes (before line {line}).");
    let fix = "Look for a quotation mark that is opened and never closed.";
    Refusal::new("row-too-long", "Row too long", detail, fix).on_line(line)
}

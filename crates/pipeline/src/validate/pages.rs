//! Usable rows on their way from the thread that reads and judges them to the one that weighs them, many at a time.

use std::io;
use std::sync::mpsc;

use hub_contract::{Accepted, Op};

/// Bytes of keys and bodies handed over at once.
const FULL: usize = 512 << 10;

/// Pages under way at most: neither thread waits for the other over a row, and neither runs far ahead.
const AHEAD: usize = 4;

/// Rows in one piece of memory.
#[derive(Default)]
struct Page {
    text: String,
    rows: Vec<Held>,
}

/// A row whose key and body are the next of the page's text.
struct Held {
    row: u64,
    op: Op,
    key: usize,
    body: usize,
}

/// The end that rows are put in. Drop it after the last.
pub(super) struct Writer {
    page: Page,
    to: mpsc::SyncSender<Page>,
}

/// The end that rows come out of.
pub(super) struct Reader(mpsc::Receiver<Page>);

/// Both ends.
pub(super) fn pages() -> (Writer, Reader) {
    let (to, from) = mpsc::sync_channel(AHEAD);
    (Writer { page: Page::default(), to }, Reader(from))
}

impl Writer {
    /// Puts a row in.
    ///
    /// # Errors
    /// [`io::ErrorKind::BrokenPipe`] when nobody takes rows out any more.
    pub(super) fn push(&mut self, row: &Accepted<'_>) -> io::Result<()> {
        self.page.rows.push(Held { row: row.row, op: row.op, key: row.key.len(), body: row.body.len() });
        self.page.text.push_str(row.key);
        self.page.text.push_str(row.body);
        if self.page.text.len() < FULL { Ok(()) } else { self.turn() }
    }

    /// Hands over what is left.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.turn()
    }

    fn turn(&mut self) -> io::Result<()> {
        let fresh =
            Page { text: String::with_capacity(FULL + (FULL >> 3)), rows: Vec::with_capacity(self.page.rows.len()) };
        self.to.send(std::mem::replace(&mut self.page, fresh)).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Reader {
    /// Hands every row to `take`, until the other end is dropped.
    pub(super) fn each(self, mut take: impl FnMut(&Accepted<'_>) -> io::Result<()>) -> io::Result<()> {
        for page in self.0 {
            let mut rest = page.text.as_str();
            for held in &page.rows {
                // Lengths of what was pushed in this order.
                let (key, after) = rest.split_at_checked(held.key).unwrap_or_default();
                let (body, after) = after.split_at_checked(held.body).unwrap_or_default();
                take(&Accepted { row: held.row, op: held.op, key, body })?;
                rest = after;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn op(row: u64) -> Op {
        if row.is_multiple_of(7) { Op::Delete } else { Op::Upsert }
    }

    #[test]
    fn rows_come_out_as_they_went_in() {
        let (mut writer, reader) = pages();
        let put = std::thread::spawn(move || {
            for n in 0..5_000_u64 {
                let (key, body) = (format!("é{n}/1"), "𝛑".repeat(usize::try_from(n % 97).unwrap()));
                writer.push(&Accepted { row: n, op: op(n), key: &key, body: &body }).unwrap();
            }
            writer.finish().unwrap();
        });
        let mut next = 0;
        let taken = reader.each(|row| {
            assert_eq!((row.row, row.op), (next, op(next)));
            assert_eq!(
                (row.key, row.body.len()),
                (format!("é{next}/1").as_str(), usize::try_from(next % 97).unwrap() * 4)
            );
            next += 1;
            Ok(())
        });
        taken.unwrap();
        put.join().unwrap();
        assert_eq!(next, 5_000);
    }

    #[test]
    fn nobody_writes_for_a_reader_that_is_gone() {
        let (mut writer, reader) = pages();
        drop(reader);
        let body = "x".repeat(FULL);
        let pushed = writer.push(&Accepted { row: 1, op: Op::Upsert, key: "a/1", body: &body });
        assert_eq!(pushed.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}

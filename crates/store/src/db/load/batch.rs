//! Rows that wait to be written, held in one piece of memory.

use std::ops::Range;

/// Bytes of keys and bodies that make a batch full.
const FULL: usize = 8 << 20;

/// Rows of one batch: their text in one buffer, and where each begins.
#[derive(Default)]
pub(crate) struct Batch {
    text: String,
    rows: Vec<Entry>,
}

struct Entry {
    start: usize,
    key: usize,
    body: usize,
    fingerprint: [u8; 16],
}

/// One row of a batch.
pub(super) struct Held<'a> {
    pub(super) key: &'a str,
    pub(super) fingerprint: &'a [u8; 16],
    pub(super) body: &'a str,
}

impl Batch {
    pub(crate) fn is_full(&self) -> bool {
        self.text.len() >= FULL
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(crate) fn add(&mut self, key: &str, fingerprint: [u8; 16], body: &str) {
        self.rows.push(Entry { start: self.text.len(), key: key.len(), body: body.len(), fingerprint });
        self.text.push_str(key);
        self.text.push_str(body);
    }

    /// Puts the rows in byte order of key.
    pub(super) fn sort(&mut self) {
        let text = &self.text;
        self.rows.sort_unstable_by(|a, b| part(text, a.key_range()).cmp(part(text, b.key_range())));
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.rows.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Held<'_>> + Clone {
        self.rows.iter().map(|row| Held {
            key: part(&self.text, row.key_range()),
            fingerprint: &row.fingerprint,
            body: part(&self.text, row.body_range()),
        })
    }
}

impl Entry {
    fn key_range(&self) -> Range<usize> {
        self.start..self.start + self.key
    }

    fn body_range(&self) -> Range<usize> {
        let start = self.start + self.key;
        start..start + self.body
    }
}

/// The ranges are made when the text is, so the part is always there.
fn part(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

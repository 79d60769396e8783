//! Rows that wait to be written, held in one piece of memory.

use std::ops::Range;

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
pub(crate) struct Held<'a> {
    pub(crate) key: &'a str,
    pub(crate) fingerprint: &'a [u8; 16],
    pub(crate) body: &'a str,
}

impl Batch {
    /// Bytes of keys and bodies.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(crate) fn add(&mut self, key: &str, fingerprint: [u8; 16], body: &str) {
        self.rows.push(Entry { start: self.text.len(), key: key.len(), body: body.len(), fingerprint });
        self.text.push_str(key);
        self.text.push_str(body);
    }

    /// Whether the rows are in order of key, each once, and all come after `key`.
    pub(crate) fn follows(&self, key: &str) -> bool {
        let mut before = key;
        self.rows().all(|row| std::mem::replace(&mut before, row.key) < row.key)
    }

    /// The last row's key; empty when there is none.
    pub(crate) fn last_key(&self) -> &str {
        self.rows.last().map_or("", |row| part(&self.text, row.key_range()))
    }

    /// Puts the rows in byte order of key.
    pub(crate) fn sort(&mut self) {
        let text = &self.text;
        self.rows.sort_unstable_by(|a, b| part(text, a.key_range()).cmp(part(text, b.key_range())));
    }

    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.rows.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = Held<'_>> + Clone {
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

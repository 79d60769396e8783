//! What a submission changes, spooled between validation and the transaction that applies it.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

use tempfile::SpooledTempFile;

/// Bytes held in memory before the spool goes to an unlinked file.
const IN_MEMORY: usize = 8 << 20;

/// One changed row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// 1-based data row in the submission.
    pub row: u64,
    /// What it does.
    pub kind: ChangeKind,
    /// Key of the record.
    pub key: String,
    /// Fingerprint of the new content.
    pub fingerprint: [u8; 16],
    /// New content; empty for a deletion.
    pub body: String,
}

/// What a changed row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChangeKind {
    /// A new record.
    #[default]
    Open,
    /// New content for a believed record.
    Amend,
    /// The believed record ends.
    Close,
}

/// Changes in the order they were found.
pub struct Changes {
    file: io::BufWriter<SpooledTempFile>,
    /// Changes spooled.
    pub len: u64,
}

impl std::fmt::Debug for Changes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Changes").field("len", &self.len).finish_non_exhaustive()
    }
}

impl Default for Changes {
    fn default() -> Self {
        Self { file: io::BufWriter::new(SpooledTempFile::new(IN_MEMORY)), len: 0 }
    }
}

impl Changes {
    /// Adds a change.
    pub fn push(&mut self, kind: ChangeKind, row: u64, key: &str, fingerprint: [u8; 16], body: &str) -> io::Result<()> {
        let kind = match kind {
            ChangeKind::Open => 0_u8,
            ChangeKind::Amend => 1,
            ChangeKind::Close => 2,
        };
        self.file.write_all(&[kind])?;
        self.file.write_all(&row.to_le_bytes())?;
        self.file.write_all(&fingerprint)?;
        for text in [key, body] {
            let length = u32::try_from(text.len()).map_err(io::Error::other)?;
            self.file.write_all(&length.to_le_bytes())?;
            self.file.write_all(text.as_bytes())?;
        }
        self.len += 1;
        Ok(())
    }

    /// Reads the changes from the beginning; rows in `excluded` (sorted) are left out.
    pub fn replay<'a>(&'a mut self, excluded: &'a [u64]) -> io::Result<Replay<'a>> {
        self.file.flush()?;
        let file = self.file.get_mut();
        file.seek(SeekFrom::Start(0))?;
        Ok(Replay { file: BufReader::with_capacity(1 << 16, file), left: self.len, excluded })
    }
}

/// Changes being read back.
#[derive(Debug)]
pub struct Replay<'a> {
    file: BufReader<&'a mut SpooledTempFile>,
    left: u64,
    excluded: &'a [u64],
}

impl Replay<'_> {
    /// Reads the next change into `into`, reusing its buffers; `false` at the end.
    pub fn next_into(&mut self, into: &mut Change) -> io::Result<bool> {
        while self.left > 0 {
            self.left -= 1;
            self.read_into(into)?;
            if self.excluded.binary_search(&into.row).is_err() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn read_into(&mut self, into: &mut Change) -> io::Result<()> {
        let (mut kind, mut row) = ([0; 1], [0; 8]);
        self.file.read_exact(&mut kind)?;
        self.file.read_exact(&mut row)?;
        self.file.read_exact(&mut into.fingerprint)?;
        into.row = u64::from_le_bytes(row);
        into.kind = match kind {
            [0] => ChangeKind::Open,
            [1] => ChangeKind::Amend,
            _ => ChangeKind::Close,
        };
        self.read_text(&mut into.key)?;
        self.read_text(&mut into.body)
    }

    fn read_text(&mut self, into: &mut String) -> io::Result<()> {
        let mut length = [0; 4];
        self.file.read_exact(&mut length)?;
        let mut bytes = std::mem::take(into).into_bytes();
        bytes.resize(u32::from_le_bytes(length) as usize, 0);
        self.file.read_exact(&mut bytes)?;
        *into = String::from_utf8(bytes).map_err(io::Error::other)?;
        Ok(())
    }
}

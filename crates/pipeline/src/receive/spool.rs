//! Bytes as they arrive: held in memory while few, in an unlinked temporary file when many, digested as they pass.

use std::io::{self, Read, Seek, SeekFrom, Write};

use aws_lc_rs::digest::{Context, SHA256};
use tempfile::SpooledTempFile;

/// Bytes held in memory before they go to an unlinked file.
const IN_MEMORY: usize = 1 << 20;

/// An upload being received. Nothing of it is stored until [`super::receive`] commits.
pub struct Spool {
    file: SpooledTempFile,
    digest: Context,
    bytes: u64,
    limit: u64,
}

/// Why an upload cannot be spooled.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// More bytes than the hub takes in one submission.
    #[error("the body is longer than {limit} bytes")]
    TooLong {
        /// Bytes allowed.
        limit: u64,
    },
    /// The temporary file could not be written.
    #[error("the body could not be held")]
    Io(#[from] io::Error),
}

/// A whole upload: its bytes, length and SHA-256.
pub struct Upload {
    file: SpooledTempFile,
    /// SHA-256 of the bytes as sent.
    pub digest: [u8; 32],
    /// Bytes as sent.
    pub bytes: u64,
}

impl std::fmt::Debug for Spool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spool").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

impl Spool {
    /// An empty spool that refuses to hold more than `limit` bytes.
    pub fn new(limit: u64) -> Self {
        Self { file: SpooledTempFile::new(IN_MEMORY), digest: Context::new(&SHA256), bytes: 0, limit }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`SpoolError::TooLong`] at the first byte over the limit.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), SpoolError> {
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        if self.bytes > self.limit {
            return Err(SpoolError::TooLong { limit: self.limit });
        }
        self.digest.update(bytes);
        Ok(self.file.write_all(bytes)?)
    }

    /// Bytes taken so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Closes the spool.
    pub fn finish(self) -> Upload {
        let mut digest = [0; 32];
        for (to, from) in digest.iter_mut().zip(self.digest.finish().as_ref()) {
            *to = *from;
        }
        Upload { file: self.file, digest, bytes: self.bytes }
    }
}

impl Upload {
    /// The bytes from the beginning.
    pub fn reader(&mut self) -> io::Result<impl Read + '_> {
        self.file.seek(SeekFrom::Start(0))?;
        Ok(&mut self.file)
    }
}

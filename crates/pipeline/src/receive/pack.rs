//! The door: one pass over the upload that refuses what may not be stored and compresses what may.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use hub_contract::{Failure, Limits};
use tempfile::SpooledTempFile;

use super::{ReceiveRefusal, Request, Upload};
use crate::{Fault, Hub};

/// Bytes held in memory before the packed payload goes to an unlinked file.
const IN_MEMORY: usize = 1 << 20;
/// Bytes of one stored piece.
pub(crate) const PIECE: usize = 1 << 20;
/// Speed over size: a nightly feed is kept for weeks, not years.
const LEVEL: i32 = 1;

/// A payload that passed the door, as zstd, ready to be stored in pieces.
pub(crate) struct Packed {
    file: std::sync::Mutex<SpooledTempFile>,
    /// Bytes as sent.
    pub(crate) bytes: u64,
}

impl Packed {
    /// The payload again, decompressed.
    pub(crate) fn into_reader(self) -> io::Result<impl Read + Send> {
        let mut file = self.file.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.seek(SeekFrom::Start(0))?;
        zstd::Decoder::new(file)
    }

    /// The pieces in order.
    pub(crate) fn pieces(&self) -> io::Result<Vec<Vec<u8>>> {
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.seek(SeekFrom::Start(0))?;
        let mut pieces = Vec::new();
        loop {
            let mut piece = Vec::with_capacity(PIECE);
            if (&mut *file).take(PIECE as u64).read_to_end(&mut piece)? == 0 {
                return Ok(pieces);
            }
            pieces.push(piece);
        }
    }
}

/// Scans the upload by its contract and compresses it.
pub(crate) async fn pack(hub: &Arc<Hub>, request: &Request, mut upload: Upload) -> Result<Packed, ReceiveRefusal> {
    let contract = hub_contract::contract(request.dataset);
    let (format, compression, encoding) = (request.format, request.compression, request.encoding);
    let limits = Limits { max_bytes: hub.settings.plain_bytes, ..Limits::default() };
    let packed = hub.blocking(move || -> Result<Packed, Failure> {
        let bytes = upload.bytes;
        let plain = hub_contract::open(upload.reader()?, compression, encoding, limits)?;
        let mut through = Through { from: plain, to: zstd::Encoder::new(SpooledTempFile::new(IN_MEMORY), LEVEL)? };
        hub_contract::door(contract, format, &mut through)?;
        let file = through.to.finish()?;
        Ok(Packed { file: std::sync::Mutex::new(file), bytes })
    });
    match packed.await? {
        Ok(packed) => Ok(packed),
        Err(Failure::Refused(refusal)) => Err(ReceiveRefusal::Door(Box::new(refusal))),
        Err(Failure::Read(error) | Failure::Sink(error)) => Err(Fault::Io(error).into()),
    }
}

/// Passes bytes through to the compressor as the door reads them.
struct Through<R, W: Write> {
    from: R,
    to: W,
}

impl<R: Read, W: Write> Read for Through<R, W> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        self.to.write_all(into.get(..read).unwrap_or_default())?;
        Ok(read)
    }
}

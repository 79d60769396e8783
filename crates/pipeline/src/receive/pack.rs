//! The door: one pass over the upload that refuses what may not be stored and compresses what may.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, mpsc};
use std::thread;

use hub_contract::{Contract, Failure, Format, Limits};
use tempfile::SpooledTempFile;

use super::{ReceiveRefusal, Request, Upload};
use crate::{Fault, Hub};

/// Bytes held in memory before the packed payload goes to an unlinked file.
const IN_MEMORY: usize = 1 << 20;
/// Bytes of one stored piece.
pub(crate) const PIECE: usize = 1 << 20;
/// Bytes as sent from which a second thread is worth its while.
const LARGE: u64 = 1 << 20;
/// Reads handed to the compressor at most before it has taken them.
const AHEAD: usize = 8;
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

    /// Piece `n`, from 0; empty after the last.
    pub(crate) fn piece(&self, n: u64) -> io::Result<Vec<u8>> {
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.seek(SeekFrom::Start(n * PIECE as u64))?;
        let mut piece = Vec::with_capacity(PIECE);
        (&mut *file).take(PIECE as u64).read_to_end(&mut piece)?;
        Ok(piece)
    }
}

/// Scans the upload by its contract and compresses it.
pub(crate) async fn pack(hub: &Arc<Hub>, request: &Request, mut upload: Upload) -> Result<Packed, ReceiveRefusal> {
    let contract = hub_contract::contract(request.dataset);
    let (format, compression, encoding) = (request.format, request.compression, request.encoding);
    let limits = Limits { max_bytes: hub.settings.plain_bytes, ..Limits::default() };
    let cores = hub.cores.clone();
    let packed = hub.blocking(move || -> Result<Packed, Failure> {
        let bytes = upload.bytes;
        let plain = hub_contract::open(upload.reader()?, compression, encoding, limits)?;
        // A second core, if one is idle. Waiting for one while holding another could go on for ever.
        let file = match cores.try_acquire().ok().filter(|_| bytes >= LARGE) {
            Some(_beside) => scan_beside(contract, format, plain)?,
            None => scan(contract, format, plain)?,
        };
        Ok(Packed { file: std::sync::Mutex::new(file), bytes })
    });
    match packed.await? {
        Ok(packed) => Ok(packed),
        Err(Failure::Refused(refusal)) => Err(ReceiveRefusal::Door(Box::new(refusal))),
        Err(Failure::Read(error) | Failure::Sink(error)) => Err(Fault::Io(error).into()),
    }
}

fn scan(contract: &Contract, format: Format, plain: impl Read) -> Result<SpooledTempFile, Failure> {
    let mut encoder = zstd::Encoder::new(SpooledTempFile::new(IN_MEMORY), LEVEL)?;
    hub_contract::door(contract, format, Through { from: plain, to: &mut encoder })?;
    Ok(encoder.finish()?)
}

/// The same on three threads that keep two cores busy: one reads and parses, this one scans, one compresses.
fn scan_beside(contract: &Contract, format: Format, plain: impl Read + Send) -> Result<SpooledTempFile, Failure> {
    let (to, from) = mpsc::sync_channel::<Vec<u8>>(AHEAD);
    thread::scope(|scope| {
        let compressing = scope.spawn(move || -> io::Result<SpooledTempFile> {
            let mut encoder = zstd::Encoder::new(SpooledTempFile::new(IN_MEMORY), LEVEL)?;
            from.into_iter().try_for_each(|bytes| encoder.write_all(&bytes))?;
            encoder.finish()
        });
        let scanned = hub_contract::door_beside(contract, format, Through { from: plain, to: Beside(to) });
        // When the compressing fails, the door finds nobody to hand its bytes to: that is not the cause.
        let file = compressing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        scanned.map(|_| file)
    })
}

/// Hands bytes to another thread.
struct Beside(mpsc::SyncSender<Vec<u8>>);

impl Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send(bytes.to_vec()).map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Passes bytes through to the compressor as the door reads them.
struct Through<R, W> {
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

//! From the bytes as sent to plain UTF-8, never more of it than was agreed.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use encoding_rs::{CoderResult, Decoder, WINDOWS_1252};

use super::Refusal;

/// How the bytes were made smaller for the journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip (RFC 1952), one member or several.
    Gzip,
    /// Zstandard (RFC 8878).
    Zstd,
}

impl Compression {
    /// What the first four bytes say.
    pub fn sniff(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            _ => Self::None,
        }
    }

    /// The compression that a `Content-Encoding` names.
    pub fn named(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Some(Self::None),
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }
}

/// How the text was written. The hub takes UTF-8, or Windows-1252 where the sender declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8, with a byte-order mark or without.
    #[default]
    Utf8,
    /// Windows-1252, as older exports are.
    Windows1252,
}

impl Encoding {
    /// The encoding that a `charset` names.
    pub fn named(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" | "us-ascii" => Some(Self::Utf8),
            "windows-1252" | "cp1252" | "iso-8859-1" | "latin1" => Some(Self::Windows1252),
            _ => None,
        }
    }
}

/// How much a submission may unpack to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes after decompression.
    pub max_bytes: u64,
    /// Most bytes out for each byte in, once a mebibyte has come out (promise S5: 100).
    pub ratio: u64,
}

impl Default for Limits {
    /// 2 GiB and 100 to 1.
    fn default() -> Self {
        Self { max_bytes: 2 << 30, ratio: 100 }
    }
}

/// Below this much output the ratio says nothing.
const RATIO_FLOOR: u64 = 1 << 20;
/// Zstandard frames that need a window above 8 MiB are refused: memory is ours, the choice theirs.
const WINDOW_LOG: u32 = 23;

/// Opens a submission: decompressed (as declared, or as its first bytes say), decoded, and bounded.
///
/// Overrunning a limit, or data that does not decompress, comes out of `read` as an error that holds a
/// [`Refusal`]; `Failure::from` finds it.
pub fn open<'a>(
    reader: impl Read + Send + 'a,
    compression: Option<Compression>,
    encoding: Encoding,
    limits: Limits,
) -> io::Result<Box<dyn Read + Send + 'a>> {
    let source = Arc::new(Source::default());
    let mut counted = BufReader::with_capacity(1 << 16, Counted { reader, source: Arc::clone(&source) });
    let compression = match compression {
        Some(declared) => declared,
        None => Compression::sniff(counted.fill_buf()?),
    };
    let plain: Box<dyn Read + Send + 'a> = match compression {
        Compression::None => Box::new(counted),
        Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(counted)),
        Compression::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(counted)?;
            decoder.window_log_max(WINDOW_LOG)?;
            Box::new(decoder)
        }
    };
    let packed = compression != Compression::None;
    let bounded = Bounded { reader: plain, source, given: 0, limits, packed };
    Ok(match encoding {
        Encoding::Utf8 => Box::new(bounded),
        Encoding::Windows1252 => Box::new(Decoded::new(bounded)),
    })
}

/// What is known of the bytes as sent.
#[derive(Debug, Default)]
struct Source {
    taken: AtomicU64,
    /// Reading them failed: whatever the decompressor then says is not the sender's doing.
    failed: AtomicBool,
}

struct Counted<R> {
    reader: R,
    source: Arc<Source>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer).inspect_err(|error| {
            self.source.failed.store(error.kind() != io::ErrorKind::Interrupted, Ordering::Relaxed);
        })?;
        self.source.taken.fetch_add(u64::try_from(read).unwrap_or(u64::MAX), Ordering::Relaxed);
        Ok(read)
    }
}

struct Bounded<R> {
    reader: R,
    source: Arc<Source>,
    given: u64,
    limits: Limits,
    packed: bool,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let sound =
            |error| if self.packed && !self.source.failed.load(Ordering::Relaxed) { unpacking(error) } else { error };
        let read = self.reader.read(buffer).map_err(sound)?;
        self.given = self.given.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        let taken = self.source.taken.load(Ordering::Relaxed).max(1);
        if self.given > self.limits.max_bytes {
            return Err(io::Error::other(too_large(self.limits.max_bytes)));
        }
        if self.packed && self.given > RATIO_FLOOR && self.given / taken > self.limits.ratio {
            return Err(io::Error::other(too_dense(self.limits.ratio)));
        }
        Ok(read)
    }
}

fn too_large(most: u64) -> Refusal {
    let detail = format!("The submission unpacks to more than {most} bytes.");
    Refusal::new("too-large", "Submission too large", detail, "Send the feed in several parts, or mode=changes.")
}

fn too_dense(ratio: u64) -> Refusal {
    let detail = format!("The submission unpacks to more than {ratio} bytes for each byte sent.");
    Refusal::new("compression-ratio", "Compressed too far", detail, "Send it with less compression, or without.")
}

/// A fault while unpacking is the sender's, unless the bytes themselves stopped coming.
fn unpacking(error: io::Error) -> io::Error {
    use io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};
    if ![InvalidData, InvalidInput, UnexpectedEof, Other].contains(&error.kind()) {
        return error;
    }
    let detail = "The compressed data is damaged, cut short, or needs more memory than is allowed.";
    let fix = "Compress the file again and send the whole of it.";
    io::Error::other(Refusal::new("compressed-data-broken", "Cannot be decompressed", detail, fix))
}

/// Windows-1252 to UTF-8. A byte-order mark overrules the declaration.
struct Decoded<R> {
    reader: R,
    decoder: Decoder,
    raw: Box<[u8]>,
    raw_at: (usize, usize),
    text: Box<[u8]>,
    text_at: (usize, usize),
    ended: bool,
}

impl<R: Read> Decoded<R> {
    fn new(reader: R) -> Self {
        let (raw, text) = (vec![0; 1 << 15].into_boxed_slice(), vec![0; 1 << 16].into_boxed_slice());
        Self { reader, decoder: WINDOWS_1252.new_decoder(), raw, raw_at: (0, 0), text, text_at: (0, 0), ended: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        if self.raw_at.0 == self.raw_at.1 && !self.ended {
            let read = self.reader.read(&mut self.raw)?;
            self.raw_at = (0, read);
        }
        let last = self.raw_at.1 == 0 || self.raw_at.0 == self.raw_at.1;
        let source = self.raw.get(self.raw_at.0..self.raw_at.1).unwrap_or(&[]);
        let (result, read, written, _) = self.decoder.decode_to_utf8(source, &mut self.text, last);
        self.raw_at.0 += read;
        self.text_at = (0, written);
        self.ended = last && result == CoderResult::InputEmpty;
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.text_at.0 == self.text_at.1 && !self.ended {
            self.refill()?;
        }
        let ready = self.text.get(self.text_at.0..self.text_at.1).unwrap_or(&[]);
        let count = ready.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(ready) {
            *to = *from;
        }
        self.text_at.0 += count;
        Ok(count)
    }
}

//! The head of an age v1 file (<https://c2sp.org/age>), read as far as a keeper without keys can read it.

/// First line of every age v1 file.
const FIRST: &str = "age-encryption.org/v1";
/// Longest head that is read, bytes; ten keys need less than two thousand.
pub const LONGEST_HEAD: usize = 64 * 1024;
/// Letters of 32 bytes in base64 without padding.
const LETTERS: usize = 43;
/// Fewest bytes after the head: a nonce of 16 and the tag of an empty last piece.
const LEAST: u64 = 16 + 16;
/// Bytes of one piece of plaintext, and what sealing adds to each.
const PIECE: u64 = 64 * 1024;
const TAG: u64 = 16;

/// What an age file shows to somebody who cannot open it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// For how many X25519 keys it is sealed; for which ones, nobody but their owners can tell.
    pub recipients: usize,
    /// Bytes of the head.
    pub bytes: usize,
}

/// The bytes are no envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnEnvelope {
    /// It does not begin as an age v1 file does. An armoured file (`age -a`) begins otherwise.
    #[error("it does not begin with the line age-encryption.org/v1 (send the binary form, not age -a)")]
    Form,
    /// It is sealed by something other than X25519 keys.
    #[error("it is sealed by something other than X25519 keys (age1…), such as a passphrase or an SSH key")]
    Stanza,
    /// The head or the sealed bytes end too soon.
    #[error("it is cut short")]
    Truncated,
    /// There is no key it is sealed for.
    #[error("it is sealed for nobody")]
    Nobody,
}

impl Header {
    /// Reads the head of a file of `length` bytes that begins with `start`: all of it, or the first [`LONGEST_HEAD`].
    pub fn read(start: &[u8], length: u64) -> Result<Self, NotAnEnvelope> {
        let mut lines = Lines { rest: start, read: 0 };
        if lines.next()? != FIRST {
            return Err(NotAnEnvelope::Form);
        }
        let mut recipients = 0;
        let mut line = lines.next()?;
        while !line.starts_with("--- ") {
            recipients += usize::from(stanza(line, &mut lines)?);
            line = lines.next()?;
        }
        if !line.strip_prefix("--- ").is_some_and(|mac| mac.len() == LETTERS && is_base64(mac)) {
            return Err(NotAnEnvelope::Form);
        }
        if recipients == 0 {
            return Err(NotAnEnvelope::Nobody);
        }
        if !is_whole(length.saturating_sub(lines.read as u64)) {
            return Err(NotAnEnvelope::Truncated);
        }
        Ok(Self { recipients, bytes: lines.read })
    }
}

/// Reads past one stanza; whether it is a key's. What age itself adds so that readers stay tolerant (`…-grease`) counts
/// for nothing.
fn stanza(line: &str, lines: &mut Lines<'_>) -> Result<bool, NotAnEnvelope> {
    let mut words = line.strip_prefix("-> ").ok_or(NotAnEnvelope::Form)?.split(' ');
    let kind = words.next().unwrap_or_default();
    let is_key = kind == "X25519";
    if !is_key && !kind.ends_with("-grease") {
        return Err(NotAnEnvelope::Stanza);
    }
    let mut body = 0;
    loop {
        let part = lines.next()?;
        if part.len() > 64 || !is_base64(part) {
            return Err(NotAnEnvelope::Form);
        }
        body += part.len();
        // The last line of a body is the first that is shorter than 64.
        if part.len() < 64 {
            break;
        }
    }
    let share = words.next().unwrap_or_default();
    let right = share.len() == LETTERS && is_base64(share) && words.next().is_none() && body == LETTERS;
    if is_key && !right { Err(NotAnEnvelope::Stanza) } else { Ok(is_key) }
}

/// Whether so many bytes after the head can be a nonce and whole pieces: the last piece holds its tag at least.
fn is_whole(bytes: u64) -> bool {
    let pieces = bytes.saturating_sub(16);
    let last = pieces % (PIECE + TAG);
    bytes >= LEAST && (last == 0 || last >= TAG)
}

fn is_base64(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

struct Lines<'a> {
    rest: &'a [u8],
    read: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Result<&'a str, NotAnEnvelope> {
        let end = self.rest.iter().take(LONGEST_HEAD).position(|byte| *byte == b'\n');
        let end = end.ok_or(if self.read == 0 { NotAnEnvelope::Form } else { NotAnEnvelope::Truncated })?;
        let (line, rest) = self.rest.split_at_checked(end).ok_or(NotAnEnvelope::Truncated)?;
        self.rest = rest.get(1..).unwrap_or_default();
        self.read += end + 1;
        if self.read > LONGEST_HEAD {
            return Err(NotAnEnvelope::Form);
        }
        std::str::from_utf8(line).map_err(|_| NotAnEnvelope::Form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARE: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";

    fn read(file: &[u8]) -> Result<Header, NotAnEnvelope> {
        Header::read(&file[..file.len().min(LONGEST_HEAD)], file.len() as u64)
    }

    fn file(stanzas: &str, payload: u64) -> Vec<u8> {
        let mut file = format!("{FIRST}\n{stanzas}--- {SHARE}\n").into_bytes();
        file.extend(vec![0xff; usize::try_from(payload).unwrap()]);
        file
    }

    fn key() -> String {
        format!("-> X25519 {SHARE}\n{SHARE}\n")
    }

    #[test]
    fn keys_are_counted_and_grease_is_not() {
        let grease = format!("-> x]-grease a b\n{}\n\n", "A".repeat(64));
        let whole = file(&format!("{}{grease}{}", key(), key()), 48);
        let header = read(&whole).unwrap();
        assert_eq!(header.recipients, 2);
        assert_eq!(whole.len() - header.bytes, 48);
    }

    #[test]
    fn what_is_no_envelope_is_named() {
        let table = [
            (Vec::new(), NotAnEnvelope::Form),
            (b"a name, a date of birth, an address\n".to_vec(), NotAnEnvelope::Form),
            (b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n".to_vec(), NotAnEnvelope::Form),
            (vec![0; 100_000], NotAnEnvelope::Form),
            (file("", 48), NotAnEnvelope::Nobody),
            (file("-> scrypt AAAA 18\nAAAA\n", 48), NotAnEnvelope::Stanza),
            (file(&format!("-> ssh-ed25519 AAAA {SHARE}\n{SHARE}\n"), 48), NotAnEnvelope::Stanza),
            (file(&format!("-> X25519 {SHARE} more\n{SHARE}\n"), 48), NotAnEnvelope::Stanza),
            (file(&format!("-> X25519 {SHARE}\nAAAA\n"), 48), NotAnEnvelope::Stanza),
            (file(&format!("-> X25519 {SHARE}\nname: Ann\n"), 48), NotAnEnvelope::Form),
            (file(&key(), 31), NotAnEnvelope::Truncated),
            (file(&key(), 16 + PIECE + TAG + 15), NotAnEnvelope::Truncated),
            (file(&key(), 48)[..70].to_vec(), NotAnEnvelope::Truncated),
        ];
        for (bytes, expected) in table {
            assert_eq!(read(&bytes), Err(expected), "{}", String::from_utf8_lossy(&bytes[..bytes.len().min(80)]));
        }
        for payload in [32, 33, 16 + PIECE + TAG, 16 + PIECE + TAG + 16] {
            assert!(read(&file(&key(), payload)).is_ok(), "{payload}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_at_all_are_read_or_refused(bytes: Vec<u8>, cut in 0_usize..200) {
            let _ = read(&bytes);
            let whole = file(&key(), 48);
            let short = whole.get(..cut.min(whole.len())).unwrap_or_default();
            proptest::prop_assert_eq!(read(short).is_ok(), short.len() >= whole.len() - 16);
        }
    }
}

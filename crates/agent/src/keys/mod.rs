//! The two secrets a borough keeps: the pseudonym key and the client key. Neither leaves it.

mod client;
mod file;

pub use client::ClientKey;
pub use file::{read_secret, write_secret};

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};

use crate::pseudonym::PseudonymKey;

/// First line of a pseudonym key file, so that nobody takes it for another kind of key.
const HEAD: &str = "hub-agent pseudonym key, version 1";

/// A key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file is not there, or may not be read.
    #[error("the key file {} cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file could not be made; nothing was overwritten.
    #[error("the file {} cannot be made (it is never overwritten)", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Others on the machine could read the key.
    #[error("the key file {} can be read by others on this machine; run: chmod 600 {}", path.display(), path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
    },
    /// The file holds something else.
    #[error("the file does not hold a {0}")]
    NotAKey(&'static str),
    /// The machine gave no random bytes, or would not sign.
    #[error("the machine's cryptography failed")]
    Crypto,
}

/// A fresh pseudonym key, as the text of its file.
pub fn new_pseudonym_key() -> Result<SecretString, KeyError> {
    let mut bytes = [0_u8; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| KeyError::Crypto)?;
    Ok(SecretString::from(format!("{HEAD}\n{}\n", URL_SAFE_NO_PAD.encode(bytes))))
}

/// Reads the text of a pseudonym key file.
pub fn parse_pseudonym_key(text: &SecretString) -> Result<PseudonymKey, KeyError> {
    let not_a_key = || KeyError::NotAKey("pseudonym key");
    let mut lines = text.expose_secret().lines().map(str::trim);
    if lines.next() != Some(HEAD) {
        return Err(not_a_key());
    }
    let bytes = URL_SAFE_NO_PAD.decode(lines.next().unwrap_or("")).map_err(|_| not_a_key())?;
    Ok(PseudonymKey::from_bytes(bytes.try_into().map_err(|_| not_a_key())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_and_no_other_text_does() {
        let lewisham = "E09000023".parse().unwrap();
        let text = new_pseudonym_key().unwrap();
        let (once, again) = (parse_pseudonym_key(&text).unwrap(), parse_pseudonym_key(&text).unwrap());
        assert_eq!(once.child_ref(lewisham, "1"), again.child_ref(lewisham, "1"));
        let other = parse_pseudonym_key(&new_pseudonym_key().unwrap()).unwrap();
        assert_ne!(once.child_ref(lewisham, "1"), other.child_ref(lewisham, "1"));
        for text in ["", "secret", &format!("{HEAD}\nAAAA\n"), &format!("{HEAD}\n!!\n")] {
            assert!(matches!(parse_pseudonym_key(&text.into()), Err(KeyError::NotAKey(_))), "{text}");
        }
    }
}

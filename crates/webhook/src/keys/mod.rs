//! The keys of Standard Webhooks 1.0 and their text forms: `whsk_` (private Ed25519 seed), `whpk_`
//! (public Ed25519 key) and `whsec_` (shared secret), each followed by standard base64.

mod public;
mod shared;
mod signing;

pub use public::{Jwk, VerifyingKey};
pub use shared::SharedSecret;
pub use signing::SigningKey;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Why a key was refused. The text of the key is never part of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text lacks the prefix that says what kind of key it is.
    #[error("the key does not begin with `{0}`")]
    Prefix(&'static str),
    /// What follows the prefix is not base64.
    #[error("the key is not base64")]
    Encoding,
    /// The key has the wrong number of bytes.
    #[error("the key has the wrong length")]
    Length,
    /// The bytes are not a key of this kind.
    #[error("the bytes are not an Ed25519 key")]
    Material,
    /// The operating system gave no random bytes.
    #[error("no random bytes were to be had")]
    Random,
}

/// The bytes after `prefix`.
fn decode(text: &str, prefix: &'static str) -> Result<Vec<u8>, KeyError> {
    let encoded = text.strip_prefix(prefix).ok_or(KeyError::Prefix(prefix))?;
    STANDARD.decode(encoded).map_err(|_| KeyError::Encoding)
}

/// `prefix` and `bytes` in base64.
fn encode(prefix: &str, bytes: &[u8]) -> String {
    format!("{prefix}{}", STANDARD.encode(bytes))
}

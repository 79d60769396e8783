use aws_lc_rs::hmac;
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};

use super::{KeyError, decode, encode};

const PREFIX: &str = "whsec_";

/// A secret shared with one receiver, which makes and checks `v1` signatures (HMAC-SHA256).
/// Standard Webhooks 1.0 asks for 24 to 64 bytes.
#[derive(Debug, Clone)]
pub struct SharedSecret(SecretSlice<u8>);

impl SharedSecret {
    /// A fresh secret of 32 random bytes.
    pub fn generate() -> Result<Self, KeyError> {
        let mut bytes = vec![0; 32];
        aws_lc_rs::rand::fill(&mut bytes).map_err(|_| KeyError::Random)?;
        Self::from_bytes(bytes)
    }

    /// The secret with these bytes, 24 to 64 of them.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, KeyError> {
        if (24..=64).contains(&bytes.len()) { Ok(Self(bytes.into())) } else { Err(KeyError::Length) }
    }

    /// The secret in its text form, `whsec_` and base64.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        Self::from_bytes(decode(text, PREFIX)?)
    }

    /// The text form, to be shown to the receiver once.
    pub fn to_secret(&self) -> SecretString {
        encode(PREFIX, self.0.expose_secret()).into()
    }

    /// The 32-byte code of `content`.
    pub(crate) fn sign(&self, content: &[u8]) -> Vec<u8> {
        hmac::sign(&self.key(), content).as_ref().to_vec()
    }

    /// Whether `signature` is the code of `content`, compared in constant time.
    pub(crate) fn verifies(&self, content: &[u8], signature: &[u8]) -> bool {
        hmac::verify(&self.key(), content, signature).is_ok()
    }

    fn key(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, self.0.expose_secret())
    }
}

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::encoding::AsBigEndian as _;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use secrecy::SecretString;

use super::{KeyError, VerifyingKey, decode, encode};

const PREFIX: &str = "whsk_";

/// The hub's private Ed25519 key, which makes `v1a` signatures. Cheap to clone.
#[derive(Clone)]
pub struct SigningKey(Arc<Ed25519KeyPair>);

impl SigningKey {
    /// A fresh key from the operating system's random source.
    pub fn generate() -> Result<Self, KeyError> {
        Ed25519KeyPair::generate().map(Self::from).map_err(|_| KeyError::Random)
    }

    /// The key with this 32-byte seed (RFC 8032 section 5.1.5).
    pub fn from_seed(seed: &[u8]) -> Result<Self, KeyError> {
        if seed.len() != 32 {
            return Err(KeyError::Length);
        }
        Ed25519KeyPair::from_seed_unchecked(seed).map(Self::from).map_err(|_| KeyError::Material)
    }

    /// The key in a PKCS#8 document (DER, version 1 or 2), the form in which the hub's token keys are kept.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map(Self::from).map_err(|_| KeyError::Material)
    }

    /// The key in its text form, `whsk_` and the base64 of the seed.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        Self::from_seed(&decode(text, PREFIX)?)
    }

    /// The text form, for the place where secrets are kept.
    pub fn to_secret(&self) -> Result<SecretString, KeyError> {
        let seed = self.0.seed().map_err(|_| KeyError::Material)?;
        let bytes = seed.as_be_bytes().map_err(|_| KeyError::Material)?;
        Ok(encode(PREFIX, bytes.as_ref()).into())
    }

    /// The public half, which receivers need.
    pub fn verifying_key(&self) -> VerifyingKey {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(self.0.public_key().as_ref()) {
            *to = *from;
        }
        VerifyingKey::from_bytes(bytes)
    }

    /// The 64-byte signature of `content`.
    pub(crate) fn sign(&self, content: &[u8]) -> Vec<u8> {
        self.0.sign(content).as_ref().to_vec()
    }
}

impl From<Ed25519KeyPair> for SigningKey {
    fn from(pair: Ed25519KeyPair) -> Self {
        Self(Arc::new(pair))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.verifying_key().kid()).finish()
    }
}

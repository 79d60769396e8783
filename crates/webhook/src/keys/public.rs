use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::{KeyError, decode, encode};

const PREFIX: &str = "whpk_";

/// A public Ed25519 key, with which a receiver checks `v1a` signatures.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VerifyingKey([u8; 32]);

/// An Ed25519 key as it stands in a JWK set (RFC 8037 section 2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// Key type, always `OKP`.
    pub kty: String,
    /// Curve, always `Ed25519`.
    pub crv: String,
    /// The public key, base64url without padding.
    pub x: String,
    /// Key id: the SHA-256 thumbprint of RFC 7638, base64url without padding.
    pub kid: String,
    /// What the key is for, always `sig`.
    #[serde(rename = "use")]
    pub usage: String,
    /// Algorithm, always `EdDSA`.
    pub alg: String,
}

impl VerifyingKey {
    /// The key with these bytes (RFC 8032 section 5.1.2).
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key in its text form, `whpk_` and base64.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        Self::from_slice(&decode(text, PREFIX)?)
    }

    /// The key in a JWK; other types, curves and uses are refused.
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, KeyError> {
        if (jwk.kty.as_str(), jwk.crv.as_str(), jwk.usage.as_str()) != ("OKP", "Ed25519", "sig") {
            return Err(KeyError::Material);
        }
        Self::from_slice(&URL_SAFE_NO_PAD.decode(&jwk.x).map_err(|_| KeyError::Encoding)?)
    }

    /// The text form, `whpk_` and base64.
    pub fn to_text(&self) -> String {
        encode(PREFIX, &self.0)
    }

    /// The key as a JWK, its thumbprint as `kid`.
    pub fn to_jwk(&self) -> Jwk {
        Jwk {
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            x: self.x(),
            kid: self.kid(),
            usage: "sig".to_owned(),
            alg: "EdDSA".to_owned(),
        }
    }

    /// The SHA-256 thumbprint of RFC 7638, base64url without padding.
    pub fn kid(&self) -> String {
        let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, self.x());
        URL_SAFE_NO_PAD.encode(digest(&SHA256, canonical.as_bytes()))
    }

    /// Whether `signature` is this key's over `content`.
    pub(crate) fn verifies(&self, content: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(content, signature).is_ok()
    }

    fn from_slice(bytes: &[u8]) -> Result<Self, KeyError> {
        bytes.try_into().map(Self).map_err(|_| KeyError::Length)
    }

    fn x(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VerifyingKey").field(&self.kid()).finish()
    }
}

//! Making the three headers of Standard Webhooks 1.0.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use crate::keys::{SharedSecret, SigningKey};

/// The header that carries the event's id, the same on every attempt.
pub const ID_HEADER: &str = "webhook-id";
/// The header that carries the moment of this attempt, in Unix seconds.
pub const TIMESTAMP_HEADER: &str = "webhook-timestamp";
/// The header that carries the signatures, separated by spaces.
pub const SIGNATURE_HEADER: &str = "webhook-signature";

/// One key that signs. Two of a kind stand side by side while a key is rotated.
#[derive(Debug, Clone)]
pub enum Signer {
    /// `v1a`: the hub's own key; the receiver needs no secret.
    Ed25519(SigningKey),
    /// `v1`: a secret shared with this receiver, on request.
    Hmac(SharedSecret),
}

/// The three headers of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeaders {
    /// `webhook-id`.
    pub id: String,
    /// `webhook-timestamp`, Unix seconds.
    pub timestamp: i64,
    /// `webhook-signature`: one `v1a,…` or `v1,…` for each signer, separated by spaces.
    pub signature: String,
}

/// Signs `id.timestamp.body` with every signer, in their order.
pub fn sign(id: &str, now: Timestamp, body: &[u8], signers: &[Signer]) -> SignedHeaders {
    let timestamp = now.as_second();
    let content = signed_content(id, &timestamp.to_string(), body);
    let signatures: Vec<String> = signers.iter().map(|signer| signer.sign(&content)).collect();
    SignedHeaders { id: id.to_owned(), timestamp, signature: signatures.join(" ") }
}

impl Signer {
    fn sign(&self, content: &[u8]) -> String {
        let (version, bytes) = match self {
            Self::Ed25519(key) => ("v1a", key.sign(content)),
            Self::Hmac(secret) => ("v1", secret.sign(content)),
        };
        format!("{version},{}", STANDARD.encode(bytes))
    }
}

/// The bytes that are signed: `id.timestamp.body`.
pub(crate) fn signed_content(id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    let mut content = Vec::with_capacity(id.len() + timestamp.len() + body.len() + 2);
    content.extend_from_slice(id.as_bytes());
    content.push(b'.');
    content.extend_from_slice(timestamp.as_bytes());
    content.push(b'.');
    content.extend_from_slice(body);
    content
}

//! Checking a webhook: what a receiver does, used by the demonstration's receivers and by tests.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use crate::keys::{SharedSecret, VerifyingKey};
use crate::signature::signed_content;

/// How far the sender's clock may be from the receiver's, in seconds (Standard Webhooks 1.0: five minutes).
pub const TOLERANCE_SECONDS: i64 = 300;

/// How many signatures of one header are looked at; an honest sender has two or three.
const MOST_SIGNATURES: usize = 16;

/// One key that checks.
#[derive(Debug, Clone)]
pub enum Verifier {
    /// Checks `v1a` signatures.
    Ed25519(VerifyingKey),
    /// Checks `v1` signatures.
    Hmac(SharedSecret),
}

/// The three headers as they came.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// `webhook-id`.
    pub id: &'a str,
    /// `webhook-timestamp`.
    pub timestamp: &'a str,
    /// `webhook-signature`.
    pub signature: &'a str,
}

/// Why a webhook was not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// A header is empty or the timestamp is not a number.
    #[error("the webhook headers are missing or malformed")]
    Malformed,
    /// The timestamp is more than five minutes old: a replay, or a slow clock.
    #[error("the webhook is more than five minutes old")]
    TooOld,
    /// The timestamp is more than five minutes ahead.
    #[error("the webhook is dated more than five minutes ahead")]
    TooNew,
    /// No signature was made by a key that the receiver trusts.
    #[error("no signature matches a trusted key")]
    NoMatch,
}

/// Checks that `body` was signed by one of `verifiers` within five minutes of `now`.
/// Shared codes are compared in constant time.
pub fn verify(received: &Received<'_>, body: &[u8], verifiers: &[Verifier], now: Timestamp) -> Result<(), Unverified> {
    if received.id.is_empty() {
        return Err(Unverified::Malformed);
    }
    let sent: i64 = received.timestamp.parse().map_err(|_| Unverified::Malformed)?;
    let age = now.as_second().saturating_sub(sent);
    if age > TOLERANCE_SECONDS {
        return Err(Unverified::TooOld);
    }
    if age < -TOLERANCE_SECONDS {
        return Err(Unverified::TooNew);
    }
    let content = signed_content(received.id, received.timestamp, body);
    let believed = received
        .signature
        .split_ascii_whitespace()
        .take(MOST_SIGNATURES)
        .any(|signature| verifiers.iter().any(|verifier| verifier.matches(signature, &content)));
    if believed { Ok(()) } else { Err(Unverified::NoMatch) }
}

impl Verifier {
    fn matches(&self, signature: &str, content: &[u8]) -> bool {
        let Some((version, encoded)) = signature.split_once(',') else { return false };
        let Ok(bytes) = STANDARD.decode(encoded) else { return false };
        match self {
            Self::Ed25519(key) => version == "v1a" && key.verifies(content, &bytes),
            Self::Hmac(secret) => version == "v1" && secret.verifies(content, &bytes),
        }
    }
}

//! Codes that were given out, each good once and for a minute.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hub_domain::Timestamp;
use jiff::SignedDuration;

/// Time to exchange a code (RFC 6749 section 4.1.2 has ten minutes at most).
const GOOD_FOR: SignedDuration = SignedDuration::from_secs(60);
/// Codes out at once: more is nobody clicking.
const MOST: usize = 1_024;

/// What a code stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grant {
    /// Index of the persona.
    pub(super) persona: usize,
    pub(super) nonce: String,
    /// PKCE's challenge, method S256.
    pub(super) challenge: String,
    pub(super) redirect_uri: String,
}

/// The codes that are out.
#[derive(Debug, Default)]
pub(super) struct Codes(Mutex<HashMap<String, (Grant, Timestamp)>>);

impl Codes {
    /// Gives out a code.
    pub(super) fn give(&self, code: String, grant: Grant, now: Timestamp) {
        let mut out = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        out.retain(|_, (_, given)| now.duration_since(*given) < GOOD_FOR);
        if out.len() < MOST {
            out.insert(code, (grant, now));
        }
    }

    /// What a code stands for; it stands for nothing afterwards.
    pub(super) fn take(&self, code: &str, now: Timestamp) -> Option<Grant> {
        let (grant, given) = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(code)?;
        (now.duration_since(given) < GOOD_FOR).then_some(grant)
    }
}

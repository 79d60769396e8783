use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::digest::{SHA256, digest};
use hub_domain::Timestamp;

use super::principal::Principal;

/// As many tokens as are remembered; far more than a region has clients.
const MOST: usize = 4_096;

/// Tokens already verified, by their SHA-256, until they end or the keys are read again.
#[derive(Debug, Default)]
pub(crate) struct Cache(RwLock<HashMap<[u8; 32], Entry>>);

#[derive(Debug)]
struct Entry {
    principal: Arc<Principal>,
    keys_read_at: Timestamp,
}

/// A token's place in the cache.
pub(crate) type Place = [u8; 32];

impl Cache {
    /// Where a token would stand.
    pub(crate) fn place(token: &str) -> Place {
        let mut place = [0; 32];
        for (to, from) in place.iter_mut().zip(digest(&SHA256, token.as_bytes()).as_ref()) {
            *to = *from;
        }
        place
    }

    /// The principal remembered there, if its token still lives and was verified against the present keys.
    pub(crate) fn recall(&self, place: &Place, keys_read_at: Timestamp, now: Timestamp) -> Option<Arc<Principal>> {
        let entries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(place)?;
        (entry.keys_read_at == keys_read_at && now < entry.principal.expires_at()).then(|| Arc::clone(&entry.principal))
    }

    /// Remembers a verified token.
    pub(crate) fn remember(&self, place: Place, principal: &Arc<Principal>, keys_read_at: Timestamp, now: Timestamp) {
        let mut entries = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MOST {
            entries.retain(|_, entry| now < entry.principal.expires_at());
        }
        if entries.len() >= MOST {
            entries.clear();
        }
        entries.insert(place, Entry { principal: Arc::clone(principal), keys_read_at });
    }
}

//! What the hub believes of one feed, in a form small enough to hold for a million rows, and what each row of the next
//! submission changes about it.
//!
//! For a submission that comes in its order (`as_at`, sequence). One that comes late is weighed by [`super::fold`].

/// One believed record: its key and content by hash.
#[derive(Debug, Clone, Copy)]
struct Belief {
    key: u128,
    fingerprint: u128,
}

/// What a row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// A key not believed before.
    Open,
    /// A key believed with other content.
    Amend,
    /// Exactly what is believed.
    Unchanged,
}

/// Everything believed of one feed.
#[derive(Debug, Default)]
pub struct Beliefs {
    /// Sorted by key once settled.
    all: Vec<Belief>,
    /// A bit for each of `all`: a row has named it.
    seen: Vec<u64>,
    /// Where in `all` the keys begin that share their first bits: hashes are spread evenly, so a search that starts there
    /// is over at once.
    starts: Vec<usize>,
}

/// Bits of a key that `starts` goes by: enough that a million keys share them a dozen at a time.
const BITS: u32 = 16;

/// 128 bits of a key's SHA-256: two keys of one feed collide with probability below 1e-26 at a million rows.
pub(super) fn key_hash(key: &str) -> u128 {
    u128::from_be_bytes(hub_contract::fingerprint(key))
}

impl Beliefs {
    /// Adds a believed record; call [`Beliefs::settle`] after the last.
    pub fn add(&mut self, key: &str, fingerprint: [u8; 16]) {
        self.all.push(Belief { key: key_hash(key), fingerprint: u128::from_be_bytes(fingerprint) });
    }

    /// Makes the beliefs findable.
    pub fn settle(&mut self) {
        self.all.sort_unstable_by_key(|belief| belief.key);
        self.seen = vec![0; self.all.len().div_ceil(64)];
        self.starts = Vec::with_capacity((1 << BITS) + 1);
        for (at, belief) in self.all.iter().enumerate() {
            self.starts.resize(self.starts.len().max(first_bits(belief.key) + 1), at);
        }
    }

    /// How many records are believed.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether nothing is believed.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// What a row does; remembers that its key was present.
    pub fn meet(&mut self, key: &str, fingerprint: [u8; 16]) -> Effect {
        let Some((at, belief)) = self.find(key) else { return Effect::Open };
        self.mark(at);
        if belief.fingerprint == u128::from_be_bytes(fingerprint) { Effect::Unchanged } else { Effect::Amend }
    }

    /// Whether a `_op=delete` row closes something.
    pub fn strike(&mut self, key: &str) -> bool {
        self.find(key).is_some_and(|(at, _)| !self.mark(at))
    }

    /// Rows that named these keys but could not be used: what is believed of them stays.
    pub fn shield(&mut self, keys: &[String]) {
        for key in keys {
            if let Some((at, _)) = self.find(key) {
                self.mark(at);
            }
        }
    }

    /// Whether a believed key has not been named.
    pub fn is_absent(&self, key: &str) -> bool {
        self.find(key).and_then(|(at, _)| self.seen.get(at / 64).map(|seen| seen >> (at % 64) & 1 == 0)) == Some(true)
    }

    /// Believed keys that no row has named.
    pub fn unseen(&self) -> usize {
        self.seen.iter().fold(self.all.len(), |left, seen| left.saturating_sub(seen.count_ones() as usize))
    }

    /// Remembers that a row has named the belief; whether one had before.
    fn mark(&mut self, at: usize) -> bool {
        let bit = 1 << (at % 64);
        let Some(seen) = self.seen.get_mut(at / 64) else { return false };
        let before = *seen & bit != 0;
        *seen |= bit;
        before
    }

    fn find(&self, key: &str) -> Option<(usize, Belief)> {
        let hash = key_hash(key);
        let from = *self.starts.get(first_bits(hash))?;
        let near = self.all.get(from..)?.iter().take_while(|belief| belief.key <= hash);
        let (offset, belief) = near.enumerate().find(|(_, belief)| belief.key == hash)?;
        Some((from + offset, *belief))
    }
}

/// The first [`BITS`] bits of a hash, as a number.
fn first_bits(hash: u128) -> usize {
    usize::try_from(hash >> (u128::BITS - BITS)).unwrap_or_default()
}

#[cfg(test)]
mod tests;

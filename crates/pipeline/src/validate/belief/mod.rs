//! What the hub believes of one feed, in a form small enough to hold for a million rows, and what each row of the next
//! submission changes about it.
//!
//! For a submission that comes in its order (`as_at`, sequence). One that comes late is weighed by [`super::fold`].

/// One believed record: its key and content by hash.
#[derive(Debug, Clone, Copy)]
struct Belief {
    key: u128,
    fingerprint: u128,
    seen: bool,
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
    all: Vec<Belief>,
}

/// 128 bits of a key's SHA-256: two keys of one feed collide with probability below 1e-26 at a million rows.
pub(super) fn key_hash(key: &str) -> u128 {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, key.as_bytes());
    digest.as_ref().iter().take(16).fold(0, |sum, byte| (sum << 8) | u128::from(*byte))
}

impl Beliefs {
    /// Adds a believed record; call [`Beliefs::settle`] after the last.
    pub fn add(&mut self, key: &str, fingerprint: [u8; 16]) {
        let belief = Belief { key: key_hash(key), fingerprint: u128::from_be_bytes(fingerprint), seen: false };
        self.all.push(belief);
    }

    /// Makes the beliefs findable.
    pub fn settle(&mut self) {
        self.all.sort_unstable_by_key(|belief| belief.key);
        self.all.shrink_to_fit();
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
        let Some(belief) = self.find(key) else { return Effect::Open };
        belief.seen = true;
        if belief.fingerprint == u128::from_be_bytes(fingerprint) { Effect::Unchanged } else { Effect::Amend }
    }

    /// Whether a `_op=delete` row closes something.
    pub fn strike(&mut self, key: &str) -> bool {
        self.find(key).is_some_and(|belief| !std::mem::replace(&mut belief.seen, true))
    }

    /// Rows that named these keys but could not be used: what is believed of them stays.
    pub fn shield(&mut self, keys: &[String]) {
        for key in keys {
            if let Some(belief) = self.find(key) {
                belief.seen = true;
            }
        }
    }

    /// Whether a believed key has not been named.
    pub fn is_absent(&self, key: &str) -> bool {
        let at = self.place(key);
        at.and_then(|at| self.all.get(at)).is_some_and(|belief| !belief.seen)
    }

    /// Believed keys that no row has named.
    pub fn unseen(&self) -> usize {
        self.all.iter().filter(|belief| !belief.seen).count()
    }

    fn find(&mut self, key: &str) -> Option<&mut Belief> {
        let at = self.place(key)?;
        self.all.get_mut(at)
    }

    fn place(&self, key: &str) -> Option<usize> {
        let hash = key_hash(key);
        self.all.binary_search_by_key(&hash, |belief| belief.key).ok()
    }
}

#[cfg(test)]
mod tests;

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
    /// In the order in which they were read, which is most often that of the submission too.
    all: Vec<Belief>,
    /// A bit for each of `all`: a row has named it.
    seen: Vec<u64>,
    /// The belief after the last one found: most likely the next to be looked for.
    next: usize,
    /// Made when a key is not where it was looked for first.
    index: Option<Index>,
}

/// 128 bits of a key's SHA-256: two keys of one feed collide with probability below 1e-26 at a million rows.
pub(super) fn key_hash(key: &str) -> u128 {
    u128::from_be_bytes(hub_contract::fingerprint(key))
}

impl Beliefs {
    /// Adds a believed record.
    pub fn add(&mut self, key: &str, fingerprint: [u8; 16]) {
        self.all.push(Belief { key: key_hash(key), fingerprint: u128::from_be_bytes(fingerprint) });
        self.seen.resize(self.all.len().div_ceil(64), 0);
        self.index = None;
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
    pub fn is_absent(&mut self, key: &str) -> bool {
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

    fn find(&mut self, key: &str) -> Option<(usize, Belief)> {
        let hash = key_hash(key);
        let expected = self.all.get(self.next).filter(|belief| belief.key == hash);
        let at = match expected {
            Some(_) => self.next,
            None => self.index.get_or_insert_with(|| Index::of(&self.all)).find(&self.all, hash)?,
        };
        self.next = at + 1;
        Some((at, *self.all.get(at)?))
    }
}

/// Where each key is.
#[derive(Debug)]
struct Index {
    /// The first half of each key, and its place; sorted.
    places: Vec<(u64, u32)>,
    /// Where in `places` the keys begin that share their first bits: hashes are spread evenly, so a search that starts
    /// there is over at once.
    starts: Vec<usize>,
}

/// Bits of a key that `starts` goes by: enough that a million keys share them a dozen at a time.
const BITS: u32 = 16;

impl Index {
    fn of(all: &[Belief]) -> Self {
        let mut places: Vec<(u64, u32)> = (0..).zip(all).map(|(at, belief)| (first_half(belief.key), at)).collect();
        places.sort_unstable();
        let mut starts = Vec::with_capacity(1 << BITS);
        for (at, (half, _)) in places.iter().enumerate() {
            starts.resize(starts.len().max(first_bits(*half) + 1), at);
        }
        Self { places, starts }
    }

    fn find(&self, all: &[Belief], key: u128) -> Option<usize> {
        let half = first_half(key);
        let from = *self.starts.get(first_bits(half))?;
        let near = self.places.get(from..)?.iter().take_while(|(known, _)| *known <= half);
        let mut places = near.filter(|(known, _)| *known == half).filter_map(|(_, at)| usize::try_from(*at).ok());
        places.find(|at| all.get(*at).is_some_and(|belief| belief.key == key))
    }
}

fn first_half(key: u128) -> u64 {
    u64::try_from(key >> u64::BITS).unwrap_or_default()
}

/// The first [`BITS`] bits of half a key, as a number.
fn first_bits(half: u64) -> usize {
    usize::try_from(half >> (u64::BITS - BITS)).unwrap_or_default()
}

#[cfg(test)]
mod tests;

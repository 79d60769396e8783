//! What the hub believes of one feed, in a form small enough to hold for a million rows, and what each arriving row
//! changes about it.
//!
//! "Believed now" is the fold of a feed's submissions in the order (`as_at`, sequence), never in the order of arrival
//! (promise D4). A submission that arrives after a later one has been applied may therefore only say what no later one
//! covers: a later `full` covers everything, a later `window` everything open or ended on or after its `covers_from`, a
//! later `changes` the keys it names.

use jiff::civil::Date;

/// One believed record: its key and content by hash, and the business date of the submission that last said so.
#[derive(Debug, Clone, Copy)]
struct Belief {
    key: u128,
    fingerprint: u128,
    as_at: i32,
    seen: bool,
    /// A later window holds this very record: it was believed before and confirmed there, or said there.
    confirmed: bool,
}

/// A later submission of the same feed, already applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Later {
    /// Covers every key.
    Full,
    /// Covers what is open, or ended on or after the date.
    Window(Date),
    /// Covers the keys it names; their beliefs carry its date.
    Changes,
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
    /// Exactly what is believed, on an older date: only the date moves.
    Touch,
    /// A later submission has said otherwise.
    Overtaken,
    /// It would have become a record that a later window covers and does not hold: what is believed of it ends, if
    /// anything is, and that something was said of it is remembered.
    Bury,
}

/// What a deletion does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strike {
    /// The believed record ends.
    Closes,
    /// There is nothing to end; the deletion is remembered.
    Absent,
    /// A later submission has said otherwise.
    Overtaken,
}

/// Everything believed of one feed.
#[derive(Debug, Default)]
pub struct Beliefs {
    all: Vec<Belief>,
    later: Vec<Later>,
    as_at: i32,
}

/// Days since an arbitrary epoch; orders as dates do.
pub(super) fn day_number(date: Date) -> i32 {
    i32::from(date.year()) * 512 + i32::from(date.month()) * 32 + i32::from(date.day())
}

/// 128 bits of a key's SHA-256: two keys of one feed collide with probability below 1e-26 at a million rows.
pub(super) fn key_hash(key: &str) -> u128 {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, key.as_bytes());
    digest.as_ref().iter().take(16).fold(0, |sum, byte| (sum << 8) | u128::from(*byte))
}

impl Beliefs {
    /// Beliefs as a submission of `as_at` meets them, given the later submissions already applied.
    pub fn meeting(as_at: Date, later: Vec<Later>) -> Self {
        Self { all: Vec::new(), later, as_at: day_number(as_at) }
    }

    /// Adds a believed record; call [`Beliefs::settle`] after the last.
    pub fn add(&mut self, key: &str, fingerprint: [u8; 16], as_at: Date) {
        let belief = Belief {
            key: key_hash(key),
            fingerprint: u128::from_be_bytes(fingerprint),
            as_at: day_number(as_at),
            seen: false,
            confirmed: false,
        };
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

    /// Whether a later submission covers a row that ends on `ends` (open when `None`).
    pub fn is_covered(&self, ends: Option<Date>) -> bool {
        self.later.iter().any(|later| match later {
            Later::Full => true,
            Later::Window(from) => ends.is_none_or(|end| end >= *from),
            Later::Changes => false,
        })
    }

    /// Whether anything later has been applied.
    pub fn is_late(&self) -> bool {
        !self.later.is_empty()
    }

    /// For a late submission: says when a believed record ends, so that later windows are known to have confirmed it.
    /// Call it after [`Beliefs::settle`].
    pub fn ends(&mut self, key: &str, ends: Option<Date>) {
        let confirmed = self.is_covered(ends);
        if let Some(belief) = self.find(key) {
            belief.confirmed = confirmed;
        }
    }

    /// What a row does; remembers that its key was present.
    pub fn meet(&mut self, key: &str, fingerprint: [u8; 16], ends: Option<Date>) -> Effect {
        let (full, covered) = (self.later.contains(&Later::Full), self.is_covered(ends));
        let (as_at, late) = (self.as_at, self.is_late());
        let Some(belief) = self.find(key) else {
            return match covered {
                false => Effect::Open,
                true if full => Effect::Overtaken,
                true => Effect::Bury,
            };
        };
        belief.seen = true;
        if full || belief.confirmed || (late && belief.as_at > as_at) {
            Effect::Overtaken
        } else if covered {
            Effect::Bury
        } else if belief.fingerprint != u128::from_be_bytes(fingerprint) {
            Effect::Amend
        } else if belief.as_at < as_at {
            Effect::Touch
        } else {
            Effect::Unchanged
        }
    }

    /// What a `_op=delete` row does.
    pub fn strike(&mut self, key: &str) -> Strike {
        let full = self.later.contains(&Later::Full);
        let (as_at, late) = (self.as_at, self.is_late());
        let Some(belief) = self.find(key) else {
            return if full { Strike::Overtaken } else { Strike::Absent };
        };
        belief.seen = true;
        if belief.confirmed || (late && belief.as_at > as_at) { Strike::Overtaken } else { Strike::Closes }
    }

    /// Rows that named these keys but could not be used: what is believed of them stays.
    pub fn shield(&mut self, keys: &[String]) {
        for key in keys {
            if let Some(belief) = self.find(key) {
                belief.seen = true;
            }
        }
    }

    /// Whether a believed key that this submission does not name is closed by its absence: it was not seen, no later
    /// submission covers it, and no later submission said it.
    pub fn is_absent(&self, key: &str, ends: Option<Date>) -> bool {
        let hash = key_hash(key);
        let at = self.all.binary_search_by_key(&hash, |belief| belief.key).ok();
        let Some(belief) = at.and_then(|at| self.all.get(at)) else { return false };
        let said_later = self.is_late() && belief.as_at > self.as_at;
        !belief.seen && !said_later && !self.is_covered(ends)
    }

    /// Believed keys that no row has named.
    pub fn unseen(&self) -> usize {
        self.all.iter().filter(|belief| !belief.seen).count()
    }

    fn find(&mut self, key: &str) -> Option<&mut Belief> {
        let hash = key_hash(key);
        let at = self.all.binary_search_by_key(&hash, |belief| belief.key).ok()?;
        self.all.get_mut(at)
    }
}

#[cfg(test)]
mod tests;

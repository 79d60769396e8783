//! Who stands behind a count: how many people or homes, and whose they are.

use std::collections::BTreeMap;

use crate::policy::Policy;

/// By contributor, how many people or homes stand behind a count of something else, such as days or places. A table gives it
/// with the count: where few stand behind it, the count is theirs, however large (promise C2).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Contributors(BTreeMap<String, u64>);

impl std::fmt::Debug for Contributors {
    /// How many have any: what is theirs is exact.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contributors").field("of", &self.0.len()).finish_non_exhaustive()
    }
}

impl From<u64> for Contributors {
    /// So many, and nobody's in particular.
    fn from(many: u64) -> Self {
        Self(BTreeMap::from([(String::new(), many)]))
    }
}

impl Contributors {
    /// So many more of `owner`'s.
    pub fn add(&mut self, owner: &str, many: u64) {
        match self.0.get_mut(owner) {
            Some(sum) => *sum = sum.saturating_add(many),
            None => _ = self.0.insert(owner.to_owned(), many),
        }
    }

    /// Too few are left to somebody who takes its own away; to a reader, who has none, too few stand there at all. None is not
    /// too few: then nothing is counted.
    pub(crate) fn are_few(&self, to: Option<&str>, policy: &Policy) -> bool {
        let all: u64 = self.0.values().sum();
        let own = to.and_then(|owner| self.0.get(owner)).copied().unwrap_or(0);
        (1..policy.contributors).contains(&all.saturating_sub(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_few_to_a_reader_and_few_beside_ones_own() {
        let policy = Policy::default();
        let mut all = Contributors::default();
        assert!(!all.are_few(None, &policy), "nothing is counted");
        all.add("a", 4);
        assert!(all.are_few(None, &policy) && !all.are_few(Some("a"), &policy), "all are its own");
        all.add("b", 4);
        assert!(!all.are_few(None, &policy) && all.are_few(Some("a"), &policy) && !all.are_few(Some("c"), &policy));
        all.add("c", 1);
        assert!(!all.are_few(Some("a"), &policy) && !format!("{all:?}").contains('4'));
    }
}

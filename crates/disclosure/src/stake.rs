//! What stands behind a cost, and when too few stand behind it, or one of them stands out.

use std::collections::BTreeMap;

use crate::policy::Policy;
use crate::system::is_small;

/// How much of a cost is whose: by contributor, how many people, what they come to together, and the two largest of them. A
/// table gives it with the cost, so that the gate rules on what is there and not on what it is told of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Stake {
    by: BTreeMap<String, Part>,
}

/// One contributor's part.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Part {
    people: u64,
    total: u64,
    largest: [u64; 2],
}

impl std::fmt::Debug for Stake {
    /// How many contributors: what is theirs is exact.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stake").field("contributors", &self.by.len()).finish_non_exhaustive()
    }
}

impl Part {
    fn take(&mut self, amount: u64) {
        self.people += 1;
        self.total = self.total.saturating_add(amount);
        self.largest = two_largest(self.largest.into_iter().chain([amount]));
    }
}

impl Stake {
    /// One more person of `contributor`'s, with all that the cost has of that person: a person is added once.
    pub fn add(&mut self, contributor: &str, amount: u64) {
        if let Some(part) = self.by.get_mut(contributor) {
            part.take(amount);
        } else {
            self.by.entry(contributor.to_owned()).or_default().take(amount);
        }
    }

    /// How many people stand behind it.
    pub fn people(&self) -> u64 {
        self.by.values().map(|part| part.people).sum()
    }

    /// What they come to together.
    pub(crate) fn total(&self) -> u64 {
        self.by.values().fold(0, |sum, part| sum.saturating_add(part.total))
    }

    /// How much of that is `contributor`'s own.
    pub(crate) fn own(&self, contributor: &str) -> u64 {
        self.by.get(contributor).map_or(0, |part| part.total)
    }

    /// Who contributes.
    pub(crate) fn contributors(&self) -> impl Iterator<Item = &str> {
        self.by.keys().map(String::as_str)
    }

    /// Whether the parts' totals are, contributor by contributor, this one's.
    pub(crate) fn is_sum_of(&self, parts: &[&Self]) -> bool {
        let mut together: BTreeMap<&str, u64> = BTreeMap::new();
        for (name, part) in parts.iter().flat_map(|stake| &stake.by).filter(|(_, part)| part.total > 0) {
            let sum = together.entry(name).or_default();
            *sum = sum.saturating_add(part.total);
        }
        let own = self.by.iter().filter(|(_, part)| part.total > 0).map(|(name, part)| (name.as_str(), part.total));
        together.into_iter().eq(own)
    }

    /// The cost must not be printed: too few people or contributors; a contributor that takes its own people away is left
    /// with a small rest; or one stands out, so that the second largest, knowing its own part, could tell the largest to
    /// within the policy's percentage (the p% rule), among people and among contributors.
    pub(crate) fn is_thin(&self, policy: &Policy) -> bool {
        let rule = &policy.costs;
        let people = self.people();
        let left = |part: &Part| i64::try_from(people.saturating_sub(part.people)).unwrap_or(i64::MAX);
        let contributors = u64::try_from(self.by.len()).unwrap_or(u64::MAX);
        people < rule.people
            || contributors < rule.contributors
            || self.by.values().any(|part| part.people > 0 && is_small(left(part), policy))
            || self.is_dominated(two_largest(self.by.values().flat_map(|part| part.largest)), rule.percent)
            || self.is_dominated(two_largest(self.by.values().map(|part| part.total)), rule.percent)
    }

    /// What is left beside the two largest is less than that percentage of the largest.
    fn is_dominated(&self, [first, second]: [u64; 2], percent: u64) -> bool {
        let rest = u128::from(self.total()).saturating_sub(u128::from(first) + u128::from(second));
        rest * 100 < u128::from(first) * u128::from(percent)
    }
}

fn two_largest(amounts: impl Iterator<Item = u64>) -> [u64; 2] {
    amounts.fold(
        [0, 0],
        |[first, second], amount| {
            if amount > first { [amount, first] } else { [first, second.max(amount)] }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stake(parts: &[(&str, &[u64])]) -> Stake {
        let mut stake = Stake::default();
        for (name, amounts) in parts {
            amounts.iter().for_each(|&amount| stake.add(name, amount));
        }
        stake
    }

    #[test]
    fn few_people_or_contributors_are_too_few() {
        let policy = Policy::default();
        let even = [500; 5];
        assert!(!stake(&[("a", &even), ("b", &even), ("c", &even)]).is_thin(&policy));
        assert!(stake(&[("a", &even[..3]), ("b", &even[..3]), ("c", &even[..3])]).is_thin(&policy), "nine people");
        assert!(stake(&[("a", &even), ("b", &even)]).is_thin(&policy), "two contributors");
        assert!(stake(&[]).is_thin(&policy), "nobody");
    }

    #[test]
    fn one_that_stands_out_is_told_by_the_next() {
        let policy = Policy::default();
        // Of people: 12 at 100, one at 8,000. What is left beside the two largest, 1,100, is 13.75% of the largest.
        let (even, dear) = ([100; 4], [8_000, 100, 100, 100, 100]);
        assert!(stake(&[("a", &even), ("b", &even), ("c", &dear)]).is_thin(&policy));
        let less_dear = [7_300, 100, 100, 100, 100];
        assert!(!stake(&[("a", &even), ("b", &even), ("c", &less_dear)]).is_dominated([7_300, 100], 15));
        // Of contributors: beside 4,000 and 900 are left 500, 12.5% of the largest; no person stands out.
        let parts: [(&str, &[u64]); 3] = [("a", &[100; 40]), ("b", &[100; 9]), ("c", &[100; 5])];
        assert!(stake(&parts).is_thin(&policy));
        assert!(!stake(&[parts[0], parts[1], ("c", &[100; 6])]).is_thin(&policy), "600 are 15%");
    }

    #[test]
    fn a_contributor_is_not_left_with_a_small_rest() {
        let policy = Policy { costs: crate::CostRule { percent: 0, ..Policy::default().costs }, ..Policy::default() };
        assert!(stake(&[("a", &[100; 20]), ("b", &[100; 2]), ("c", &[100; 2])]).is_thin(&policy), "four are left");
        assert!(!stake(&[("a", &[100; 20]), ("b", &[100; 3]), ("c", &[100; 2])]).is_thin(&policy));
    }

    #[test]
    fn totals_add_up_by_contributor() {
        let (one, two) = (stake(&[("a", &[5, 6]), ("b", &[7])]), stake(&[("a", &[1])]));
        assert!(stake(&[("a", &[12]), ("b", &[7])]).is_sum_of(&[&one, &two]));
        assert!(!stake(&[("a", &[11]), ("b", &[8])]).is_sum_of(&[&one, &two]), "the sum is right, the parts are not");
    }
}

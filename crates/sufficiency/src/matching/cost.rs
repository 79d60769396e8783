//! What an offer costs: four figures, compared one after another and never weighed against each other.

use std::iter::Sum;
use std::ops::{Add, AddAssign};

/// Desirable needs not met, then tenths of a mile, then grade, then pence a week: of one offer, or of
/// many together. Fewer of the first beats any saving in the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Cost {
    pub(crate) unmet: u64,
    pub(crate) miles: u64,
    pub(crate) grade: u64,
    pub(crate) fee: u64,
}

/// Widths in bits of one offer's figures. A figure that does not fit counts as the most that does:
/// 15 needs, 819 miles (farther than any two places in the kingdom, and what an unknown distance
/// counts as), grade 7, £167,772 a week.
const UNMET: u32 = 4;
const MILES: u32 = 13;
const GRADE: u32 = 3;
const FEE: u32 = 24;
/// Bits by which each figure of a sum may be wider: 65,536 searches open at once.
const MANY: u32 = 16;

impl Cost {
    /// The most a distance can count for: what an unknown one does.
    pub(crate) const FAR: u64 = most(MILES);
    /// The most a fee can count for: what an unstated one does.
    pub(crate) const DEAR: u64 = most(FEE);

    /// One offer in 44 bits, in the same order.
    pub(crate) fn pack(self) -> u64 {
        let mut packed = self.unmet.min(most(UNMET));
        for (figure, bits) in [(self.miles, MILES), (self.grade, GRADE), (self.fee, FEE)] {
            packed = (packed << bits) | figure.min(most(bits));
        }
        packed
    }

    /// What [`Self::pack`] packed.
    pub(crate) fn unpack(packed: u64) -> Self {
        Self {
            unmet: (packed >> (MILES + GRADE + FEE)) & most(UNMET),
            miles: (packed >> (GRADE + FEE)) & most(MILES),
            grade: (packed >> FEE) & most(GRADE),
            fee: packed & most(FEE),
        }
    }

    /// One number whose sums keep the order: no sum of a lesser figure reaches one of a greater.
    pub(crate) fn weight(self) -> i128 {
        let mut weight = i128::from(self.unmet);
        for (figure, bits) in [(self.miles, MILES), (self.grade, GRADE), (self.fee, FEE)] {
            weight = (weight << (bits + MANY)) + i128::from(figure);
        }
        weight
    }
}

const fn most(bits: u32) -> u64 {
    (1 << bits) - 1
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            unmet: self.unmet + other.unmet,
            miles: self.miles + other.miles,
            grade: self.grade + other.grade,
            fee: self.fee + other.fee,
        }
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Cost {
    fn sum<I: Iterator<Item = Self>>(costs: I) -> Self {
        costs.fold(Self::default(), Self::add)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cost() -> impl Strategy<Value = Cost> {
        (0..16_u64, 0..8_192_u64, 0..8_u64, 0..16_777_216_u64).prop_map(|(unmet, miles, grade, fee)| Cost {
            unmet,
            miles,
            grade,
            fee,
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn order_is_kept_by_packing_and_by_sums_of_weights(
            a in prop::collection::vec(cost(), 1..40),
            b in prop::collection::vec(cost(), 1..40),
        ) {
            prop_assert_eq!(Cost::unpack(a[0].pack()), a[0]);
            prop_assert_eq!(a[0].pack().cmp(&b[0].pack()), a[0].cmp(&b[0]));
            let sum = |costs: &[Cost]| costs.iter().copied().sum::<Cost>();
            let weight = |costs: &[Cost]| costs.iter().map(|cost| cost.weight()).sum::<i128>();
            prop_assert_eq!(weight(&a), sum(&a).weight());
            prop_assert_eq!(weight(&a).cmp(&weight(&b)), sum(&a).cmp(&sum(&b)));
        }
    }

    #[test]
    fn what_does_not_fit_counts_as_the_most_that_does() {
        let beyond = Cost { unmet: 99, miles: u64::MAX, grade: 9, fee: u64::MAX };
        let most = Cost { unmet: 15, miles: Cost::FAR, grade: 7, fee: Cost::DEAR };
        assert_eq!(Cost::unpack(beyond.pack()), most);
    }
}

//! The costs of one kind of placement, and what is typical of them.

use std::collections::BTreeMap;

use hub_disclosure::Stake;

/// Pence a week.
#[derive(Default)]
pub(super) struct Costs {
    /// Of each child in care today.
    today: Vec<u64>,
    /// The same by authority.
    pub(super) of_today: Stake,
    /// Children in care today whose episode records none.
    pub(super) not_costed: u64,
    /// Pence by days of the twelve months, child by child, by authority.
    pub(super) of_the_year: Stake,
    /// Pence by days, and days, of the twelve months.
    weighed: u128,
    days: u128,
}

impl Costs {
    /// A child in care today.
    pub(super) fn take_today(&mut self, authority: &str, cost: Option<u64>) {
        let Some(cost) = cost else {
            self.not_costed += 1;
            return;
        };
        self.today.push(cost);
        self.of_today.add(authority, cost);
    }

    /// All that one child came to in the twelve months.
    pub(super) fn take_year(&mut self, authority: &str, pence_by_days: u64, days: u64) {
        self.weighed += u128::from(pence_by_days);
        self.days += u128::from(days);
        self.of_the_year.add(authority, pence_by_days);
    }

    /// Children in care today whose episode records a cost.
    pub(super) fn children(&self) -> u64 {
        u64::try_from(self.today.len()).unwrap_or(u64::MAX)
    }

    /// Whether that column says anything of them.
    pub(super) fn has(&self, measure: &str) -> bool {
        match measure {
            "mean" => self.days > 0,
            "children" | "not_costed" => true,
            _ => !self.today.is_empty(),
        }
    }

    pub(super) fn mean(&self) -> Option<u64> {
        let pence = (self.weighed * 2 + self.days) / (self.days * 2).max(1);
        (self.days > 0).then(|| pounds(u64::try_from(pence).unwrap_or(u64::MAX)))
    }

    /// Median, mode, p90, trimmed mean; of none, none.
    pub(super) fn typical(&self) -> [Option<u64>; 4] {
        let mut costs = self.today.clone();
        costs.sort_unstable();
        let n = costs.len();
        let rank = (n * 9).div_ceil(10);
        let cut = n / 20;
        let kept = costs.get(cut..n - cut).unwrap_or(&[]);
        let total: u64 = kept.iter().sum();
        let count = u64::try_from(kept.len()).unwrap_or(u64::MAX);
        let trimmed = (total * 2 + count).checked_div(count * 2);
        let [median, p90] = [n.saturating_sub(1) / 2, rank.saturating_sub(1)].map(|at| costs.get(at).copied());
        [median.map(pounds), self.mode().map(|(mode, _)| mode), p90.map(pounds), trimmed.map(pounds)]
    }

    /// How many children cost the mode.
    pub(super) fn at_the_mode(&self) -> u64 {
        self.mode().map_or(0, |(_, children)| children)
    }

    /// The commonest whole pound, the smallest of a tie, and how many cost it.
    fn mode(&self) -> Option<(u64, u64)> {
        let mut times: BTreeMap<u64, u64> = BTreeMap::new();
        for cost in &self.today {
            *times.entry(pounds(*cost)).or_default() += 1;
        }
        let most = times.values().copied().max()?;
        times.into_iter().find(|&(_, children)| children == most)
    }
}

/// Whole pounds, half up.
fn pounds(pence: u64) -> u64 {
    pence.saturating_add(50) / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    fn costs(today: &[u64]) -> Costs {
        let mut costs = Costs::default();
        for &cost in today {
            costs.take_today("a", Some(cost));
        }
        costs
    }

    #[test]
    fn trimming_takes_a_twentieth_from_each_end() {
        let mut of_twenty: Vec<u64> = (1..=20).map(|n| n * 100).collect();
        of_twenty.reverse();
        // 2 to 19 pounds.
        assert_eq!(costs(&of_twenty).typical(), [Some(10), Some(1), Some(18), Some(11)]);
        assert_eq!(costs(&of_twenty[1..]).typical()[3], Some(10), "of nineteen nothing is cut");
        assert_eq!(costs(&[]).typical(), [None; 4]);
    }

    #[test]
    fn a_mode_says_how_many_it_is_of() {
        let costs = costs(&[40_040, 40_000, 45_000, 45_000, 50_000]);
        assert_eq!((costs.typical()[1], costs.at_the_mode()), (Some(400), 2), "the smallest of a tie");
    }

    #[test]
    fn a_child_stands_behind_the_mean_once_with_all_its_days() {
        let mut costs = Costs::default();
        costs.take_year("a", 10_000 * 300 + 20_000 * 65, 365);
        costs.take_year("b", 30_000 * 10, 10);
        assert_eq!((costs.mean(), costs.of_the_year.people()), (Some(123), 2));
    }
}

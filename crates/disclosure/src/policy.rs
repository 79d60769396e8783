//! What may be shown.

use serde::{Deserialize, Serialize};

/// The numbers a release is judged by. Each is configuration, shown beside the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Counts from one to one below this are hidden. Zero is shown: it is a true zero, as in DfE's tables.
    pub threshold: u64,
    /// A hidden small count must be able to take values that lie further apart than this, whatever
    /// the rest of the release says.
    pub protection: u64,
    /// A cell that fewer contributors than this stand behind, or are left behind it to one who takes its own away, is hidden whatever its count, where the
    /// table says how many there are (homes of one or two places are personal data).
    pub contributors: u64,
    /// What counts are rounded to once the exact ones have passed; 1 leaves them exact.
    pub rounding: u64,
    /// What a cost must have behind it.
    #[serde(default)]
    pub costs: CostRule,
}

/// What must stand behind a cost that is printed: the minimum contributors and the p% rule of statistical offices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostRule {
    /// People, at least.
    pub people: u64,
    /// Contributors that have people among them, at least.
    pub contributors: u64,
    /// No contribution may be told to within this many hundredths of it by whoever knows the next largest.
    pub percent: u64,
}

impl Default for CostRule {
    /// Ten people of three authorities (promise C2), none told to within 15%.
    fn default() -> Self {
        Self { people: 10, contributors: 3, percent: 15 }
    }
}

impl Default for Policy {
    /// The consortium's policy: threshold five, five contributors, a range wider than one.
    fn default() -> Self {
        Self { threshold: 5, protection: 1, contributors: 5, rounding: 1, costs: CostRule::default() }
    }
}

impl Policy {
    /// The public's policy: threshold ten, five contributors, a range wider than one, rounded to five.
    pub fn public() -> Self {
        Self { threshold: 10, rounding: 5, ..Self::default() }
    }

    /// The count as it may be printed: to the nearest multiple, halves upwards.
    pub fn rounded(&self, count: u64) -> u64 {
        if self.rounding < 2 { count } else { count.saturating_add(self.rounding / 2) / self.rounding * self.rounding }
    }

    /// The largest count that is hidden for being small.
    pub(crate) fn largest_small(&self) -> u64 {
        self.threshold.saturating_sub(1)
    }
}

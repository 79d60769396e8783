//! What is kept for how long, and why.

use hub_domain::words;

words! {
    /// A rule of retention.
    Rule("rule of retention") {
        /// The bytes of a submission, as they were sent.
        Payloads = "payloads", "Payloads";
        /// Versions of records that are no longer believed.
        Rows = "rows", "Superseded rows";
        /// Notices that are over, with their history, statements, envelopes and webhooks.
        Notices = "notices", "Notices";
        /// What either side and the operator were told.
        Events = "events", "Events";
        /// Jobs that were done or given up, and the schedules' ledger.
        Jobs = "jobs", "Jobs";
        /// Webhooks that were delivered or given up, and every attempt.
        Deliveries = "deliveries", "Deliveries";
        /// Reconciliations, and what no longer disagrees.
        Discrepancies = "discrepancies", "Discrepancies";
    }
}

/// Six years: within them a decision may still be disputed (Limitation Act 1980 s 5 and s 9).
const SIX_YEARS: u32 = 2_192;
/// Two years and a quarter: the hub looks back two (replay, a reporter's past) and thirteen months (stability, flows).
const LOOKED_BACK: u32 = 822;

impl Rule {
    /// Days that it keeps unless told otherwise.
    pub const fn usual(self) -> u32 {
        match self {
            Self::Payloads | Self::Jobs => 90,
            Self::Rows | Self::Notices | Self::Events => SIX_YEARS,
            Self::Deliveries => 366,
            Self::Discrepancies => 731,
        }
    }

    /// The fewest days that it may be told to keep: what the hub itself needs, or somebody is owed.
    pub const fn least(self) -> u32 {
        match self {
            // An Idempotency-Key is answered for seven days (promise D3), and a mistake is found within a month. A delivery is
            // tried for fourteen days (promise D6) and may be sent again after.
            Self::Payloads | Self::Deliveries => 30,
            Self::Rows => LOOKED_BACK,
            // The register is asked as it was known for the last year, and the ladder must not say again what it has said.
            Self::Notices | Self::Events => 366,
            Self::Jobs => 7,
            Self::Discrepancies => 92,
        }
    }

    /// Why it is kept that long, in a sentence.
    pub const fn why(self) -> &'static str {
        match self {
            Self::Payloads => {
                "to judge a feed again when a submission is late or taken back; the receipt's digest is kept for good"
            }
            Self::Rows => {
                "to tell what was believed on a past day while a decision may be disputed (Limitation Act 1980 s 5)"
            }
            Self::Notices => {
                "to show that a host was told, and when (Care Planning Regulations 2010 regs 11 to 13), while that may be disputed"
            }
            Self::Events => "to show who was told of what is late, as long as the notices it is about",
            Self::Jobs => "to find out why something did not run",
            Self::Deliveries => "to settle with a receiver what was sent to it",
            Self::Discrepancies => "to show two statement years whether the accounts agreed",
        }
    }
}

/// Days that each rule keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Periods([u32; Rule::ALL.len()]);

impl Default for Periods {
    fn default() -> Self {
        let mut days = [0; Rule::ALL.len()];
        for (days, rule) in days.iter_mut().zip(Rule::ALL) {
            *days = rule.usual();
        }
        Self(days)
    }
}

impl Periods {
    /// Days that a rule keeps.
    pub fn of(&self, rule: Rule) -> u32 {
        Rule::ALL.iter().zip(&self.0).find(|(one, _)| **one == rule).map_or(rule.usual(), |(_, days)| *days)
    }

    /// The same with another period for one rule; no shorter than [`Rule::least`].
    #[must_use]
    pub fn with(mut self, rule: Rule, days: u32) -> Self {
        for (one, kept) in Rule::ALL.iter().zip(&mut self.0) {
            if *one == rule {
                *kept = days.max(rule.least());
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_period_is_shorter_than_what_is_needed() {
        let usual = Periods::default();
        for rule in Rule::ALL {
            assert_eq!(usual.of(*rule), rule.usual());
            assert!(rule.usual() >= rule.least(), "{rule}");
            assert_eq!(usual.with(*rule, 0).of(*rule), rule.least());
            assert_eq!(usual.with(*rule, 9_999).of(*rule), 9_999);
            assert!(!rule.why().is_empty());
        }
        assert_eq!(usual.with(Rule::Jobs, 8).of(Rule::Events), Rule::Events.usual(), "one rule, not another");
    }
}

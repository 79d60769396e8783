//! Rules against what the hub already holds: what DfE asks of two years' returns, asked of two nights' feeds. "Last year's
//! return" is what the hub believes of the authority when the submission is judged.
//!
//! Only what a submission changes is looked at: a row that says what is held cannot contradict it.

mod placements;

use hub_domain::Dataset;

use crate::engine::Settings;
use crate::model::Contract;
use crate::report::{Detail, Report, Spot, Tally};

/// A row of the submission and its content as a stored body.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// 1-based data row.
    pub row: u64,
    /// Its content.
    pub body: &'a str,
}

/// The rules of a dataset against what is held of it, and what they have found so far.
#[derive(Debug)]
pub struct Against<'c> {
    rules: &'static [&'static str],
    numbers: Vec<Option<u16>>,
    tally: Tally<'c>,
}

/// Ids of the rules of a dataset against what is held.
pub(crate) fn rules(dataset: Dataset) -> &'static [&'static str] {
    match dataset {
        Dataset::Placements => &placements::RULES,
        Dataset::Vacancies
        | Dataset::Searches
        | Dataset::Quality
        | Dataset::Admissions
        | Dataset::Regulator
        | Dataset::Fostering
        | Dataset::CareLeavers => &[],
    }
}

impl<'c> Against<'c> {
    /// The rules of a contract's dataset; `None` where it has none. `settings` are those of the submission.
    pub fn new(contract: &'c Contract, settings: &Settings) -> Option<Self> {
        let rules = contract.dataset.map_or(&[][..], rules);
        let number = |id: &&str| (0..).zip(&contract.rules).find(|(_, rule)| rule.id == **id).map(|(number, _)| number);
        let numbers = rules.iter().map(number).collect();
        (!rules.is_empty()).then(|| Self { rules, numbers, tally: Tally::new(contract, settings.finding_cap) })
    }

    /// A row that changes the record `held` under its own key.
    pub fn amends(&mut self, said: Said<'_>, held: &str) {
        placements::amends(said, held, &mut |rule, column| self.say(rule, said.row, column));
    }

    /// A row under a key that is not held; `held` are the child's records that are, and `missing` those of them that the
    /// submission covers and does not name.
    pub fn opens(&mut self, said: Said<'_>, held: &[&str], missing: &[&str]) {
        placements::opens(said, held, missing, &mut |rule, column| self.say(rule, said.row, column));
    }

    /// Adds what was found to the contract's report.
    pub fn finish(self, report: &mut Report) {
        let (rules, findings) = self.tally.finish();
        report.join(rules, findings);
    }

    fn say(&mut self, id: &str, row: u64, column: usize) {
        let at = self.rules.iter().position(|rule| *rule == id);
        let Some(number) = at.and_then(|at| self.numbers.get(at).copied().flatten()) else { return };
        self.tally.record(number, Spot { row: Some(row), column: Some(column), ..Spot::default() }, Detail::None);
    }
}

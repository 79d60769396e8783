//! Rules over the rows of a submission together. Each row leaves a few bytes; the rules run over those at the end.

mod keys;
mod placements;
mod quality;
mod searches;
mod vacancies;

use hub_domain::Dataset;

use crate::engine::{Context, Row};
use crate::model::Contract;
use crate::report::{Detail, Spot, Tally};

/// Where a row stands and what has become of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) row: u32,
    pub(crate) line: u32,
    /// It is left out for an error of its own.
    pub(crate) rejected: bool,
    /// It withdraws its key.
    pub(crate) deletes: bool,
    /// Hash of its key.
    pub(crate) key: u64,
}

/// Collects what the set rules of a dataset need.
pub(crate) trait Gather {
    /// Takes what is needed of one row.
    fn take(&mut self, row: &Row<'_>, seen: Seen);

    /// Runs the rules and returns the rows that they reject.
    fn finish(&mut self, contract: &Contract, context: &Context, tally: &mut Tally<'_>) -> Vec<u64>;
}

/// The collector for a contract's dataset.
pub(crate) fn gather(contract: &Contract) -> Box<dyn Gather> {
    match contract.dataset {
        Dataset::Placements => Box::new(placements::Episodes::default()),
        Dataset::Vacancies => Box::new(vacancies::Settings::default()),
        Dataset::Searches => Box::new(searches::Searches::default()),
        Dataset::Quality => Box::new(quality::Events::default()),
    }
}

/// Ids of the set rules of a dataset, beside the one about duplicate keys.
pub(crate) fn rules(dataset: Dataset) -> &'static [&'static str] {
    match dataset {
        Dataset::Placements => &placements::RULES,
        Dataset::Vacancies => &vacancies::RULES,
        Dataset::Searches => &searches::RULES,
        Dataset::Quality => &quality::RULES,
    }
}

/// Records findings of set rules by their ids.
pub(crate) struct Speaker<'t, 'c> {
    tally: &'t mut Tally<'c>,
    /// Position of each rule of `RULES` in the contract, if it is listed there.
    numbers: Vec<Option<u16>>,
}

impl<'t, 'c> Speaker<'t, 'c> {
    pub(crate) fn new(contract: &Contract, ids: &[&str], tally: &'t mut Tally<'c>) -> Self {
        let number = |id: &&str| contract.rules.iter().position(|rule| rule.id == **id).and_then(|at| u16::try_from(at).ok());
        Self { tally, numbers: ids.iter().map(number).collect() }
    }

    /// A finding about a row.
    pub(crate) fn say(&mut self, rule: usize, (row, line): (u32, u32), column: usize, detail: Detail) {
        let spot = Spot { row: Some(row.into()), line: Some(line.into()), column: Some(column), cell: None };
        self.record(rule, spot, detail);
    }

    /// A finding about the submission as a whole.
    pub(crate) fn say_of_all(&mut self, rule: usize) {
        self.record(rule, Spot::default(), Detail::None);
    }

    fn record(&mut self, rule: usize, spot: Spot<'_>, detail: Detail) {
        if let Some(number) = self.numbers.get(rule).copied().flatten() {
            self.tally.record(number, spot, detail);
        }
    }
}

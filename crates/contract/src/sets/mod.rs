//! Rules over the rows of a submission together. Each row leaves a few bytes; the rules run over those at the end.

mod admissions;
mod fostering;
mod keys;
mod leavers;
mod placements;
mod quality;
mod regulator;
mod searches;
mod vacancies;

use std::collections::BinaryHeap;

use hub_domain::Dataset;

use crate::engine::{Context, Row};
use crate::model::Contract;
use crate::report::{Detail, Spot, Tally};
use crate::rules::general;

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
    let Some(dataset) = contract.dataset else { return Box::new(keys::Alone::default()) };
    match dataset {
        Dataset::Placements => Box::new(placements::Episodes::default()),
        Dataset::Vacancies => Box::new(vacancies::Settings::default()),
        Dataset::Searches => Box::new(searches::Searches::default()),
        Dataset::Quality => Box::new(quality::Events::default()),
        Dataset::Admissions => Box::new(admissions::Admissions::default()),
        Dataset::Regulator => Box::new(regulator::Entries::default()),
        Dataset::Fostering => Box::new(fostering::Households::default()),
        Dataset::CareLeavers => Box::new(leavers::Leavers::default()),
    }
}

/// Ids of the set rules of a dataset, beside the one about duplicate keys.
pub(crate) fn rules(dataset: Dataset) -> &'static [&'static str] {
    match dataset {
        Dataset::Placements => &placements::RULES,
        Dataset::Vacancies => &vacancies::RULES,
        Dataset::Searches => &searches::RULES,
        Dataset::Quality => &quality::RULES,
        Dataset::Admissions => &admissions::RULES,
        Dataset::Regulator => &regulator::RULES,
        Dataset::Fostering => &fostering::RULES,
        Dataset::CareLeavers => &leavers::RULES,
    }
}

/// A breach of a set rule. Orders by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Breach {
    row: Option<u32>,
    line: u32,
    column: Option<usize>,
    detail: Detail,
}

/// Collects breaches of set rules, found child by child, and tells them in the order of rows.
pub(crate) struct Speaker<'t, 'c> {
    tally: &'t mut Tally<'c>,
    /// Position of each rule of `RULES` in the contract, if it is listed there.
    numbers: Vec<Option<u16>>,
    /// By position in the contract: how many, and the first of them by row.
    found: Vec<(u64, BinaryHeap<Breach>)>,
}

impl<'t, 'c> Speaker<'t, 'c> {
    pub(crate) fn new(contract: &Contract, ids: &[&str], tally: &'t mut Tally<'c>) -> Self {
        let number =
            |id: &&str| contract.rules.iter().position(|rule| rule.id == **id).and_then(|at| u16::try_from(at).ok());
        let found = contract.rules.iter().map(|_| (0, BinaryHeap::new())).collect();
        Self { tally, numbers: ids.iter().map(number).collect(), found }
    }

    /// A finding about a row.
    pub(crate) fn say(&mut self, rule: usize, (row, line): (u32, u32), column: usize, detail: Detail) {
        if let Some(number) = self.numbers.get(rule).copied().flatten() {
            self.hold(number, Breach { row: Some(row), line, column: Some(column), detail });
        }
    }

    /// A finding about the submission as a whole.
    pub(crate) fn say_of_all(&mut self, rule: usize) {
        if let Some(number) = self.numbers.get(rule).copied().flatten() {
            self.hold(number, Breach { row: None, line: 0, column: None, detail: Detail::None });
        }
    }

    /// A row whose key an earlier row has.
    pub(crate) fn say_duplicate(&mut self, (row, line): (u32, u32), column: Option<usize>, first: u32) {
        self.hold(general::DUPLICATE_KEY, Breach { row: Some(row), line, column, detail: Detail::Row(first) });
    }

    fn hold(&mut self, number: u16, breach: Breach) {
        let most = self.tally.most();
        let Some((count, first)) = self.found.get_mut(usize::from(number)) else { return };
        *count += 1;
        first.push(breach);
        if first.len() > most {
            first.pop();
        }
    }

    /// Tells everything that was found.
    pub(crate) fn finish(self) {
        for (number, (count, first)) in (0..).zip(self.found) {
            let held = u64::try_from(first.len()).unwrap_or(0);
            for breach in first.into_sorted_vec() {
                let row = breach.row.map(u64::from);
                let spot = Spot { row, line: row.map(|_| breach.line.into()), column: breach.column, cell: None };
                self.tally.record(number, spot, breach.detail);
            }
            self.tally.add(number, count - held);
        }
    }
}

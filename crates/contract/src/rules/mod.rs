//! The rules: one function each, small enough to read beside its source.

pub(crate) mod admissions;
pub(crate) mod fostering;
pub(crate) mod general;
pub(crate) mod leavers;
pub(crate) mod placements;
pub(crate) mod quality;
pub(crate) mod regulator;
pub(crate) mod searches;
pub(crate) mod vacancies;

use hub_domain::Dataset;

use crate::engine::Row;
use crate::model::{Contract, Kind, RuleInfo, RuleKind};
use crate::{held, sets};

/// Rules that one row breaks: each by its place among its dataset's [`row_rules`], with the column at fault.
#[derive(Debug, Default)]
pub(crate) struct Broken {
    next: usize,
    found: Vec<(usize, usize)>,
}

impl Broken {
    /// Takes what the next rule says.
    #[inline]
    pub(crate) fn take(&mut self, column: Option<usize>) {
        if let Some(column) = column {
            self.found.push((self.next, column));
        }
        self.next += 1;
    }

    /// What the rules said of the row; ready for the next row.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = (usize, usize)> {
        self.next = 0;
        self.found.drain(..)
    }
}

/// Runs every row rule of a dataset.
pub(crate) type Judge = fn(&Row<'_>, &mut Broken);

/// The row rules of a dataset by id, and what runs them.
pub(crate) fn row_rules(dataset: Dataset) -> (Vec<&'static str>, Judge) {
    match dataset {
        Dataset::Placements => (placements::ids(), placements::judge),
        Dataset::Vacancies => (vacancies::ids(), vacancies::judge),
        Dataset::Searches => (searches::ids(), searches::judge),
        Dataset::Quality => (quality::ids().to_vec(), quality::judge),
        Dataset::Admissions => (admissions::ids().to_vec(), admissions::judge),
        Dataset::Regulator => (regulator::ids().to_vec(), regulator::judge),
        Dataset::Fostering => (fostering::ids().to_vec(), fostering::judge),
        Dataset::CareLeavers => (leavers::ids().to_vec(), leavers::judge),
    }
}

/// For a dataset without row rules.
pub(crate) fn no_rules(_: &Row<'_>, _: &mut Broken) {}

/// Whether the hub has a rule of that id and kind.
pub(crate) fn is_implemented(dataset: Option<Dataset>, kind: RuleKind, id: &str) -> bool {
    let Some(dataset) = dataset else { return kind == RuleKind::Format };
    match kind {
        RuleKind::Format => true,
        RuleKind::Row => row_rules(dataset).0.contains(&id),
        RuleKind::Set => sets::rules(dataset).contains(&id),
        RuleKind::Held => held::rules(dataset).contains(&id),
    }
}

/// Rules that the hub has for a contract's dataset and the contract does not list: they never run.
pub fn unlisted_rules(contract: &Contract) -> Vec<&'static str> {
    let Some(dataset) = contract.dataset else { return Vec::new() };
    let all = row_rules(dataset).0.into_iter().chain(sets::rules(dataset).iter().copied());
    let all = all.chain(held::rules(dataset).iter().copied());
    all.filter(|id| contract.rule(id).is_none()).collect()
}

/// The rules of form that every contract has, numbered from 0, and after them those of the kinds of column it has.
pub(crate) fn general(kinds: &[Kind]) -> Vec<RuleInfo> {
    general::rules(|id| kinds.iter().any(|kind| rule_of(*kind) == id))
}

/// Whether a rule is one of form that the hub has for every feed.
pub(crate) fn is_general(id: &str) -> bool {
    general::rules(|_| true).iter().any(|rule| rule.id == id)
}

/// The rule that a cell of the wrong form breaks, unless its column names another.
pub(crate) fn rule_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Token { .. } => "token",
        Kind::Code => "code",
        Kind::Text { .. } => "text",
        Kind::Date => "date",
        Kind::Month => "month",
        Kind::Timestamp => "timestamp",
        Kind::Boolean => "boolean",
        Kind::Integer { .. } => "integer",
        Kind::Money => "money",
        Kind::Miles => "miles",
        Kind::Sector => "sector",
        Kind::Outcode => "outcode",
        Kind::Authority => "authority",
        Kind::Urn => "urn",
    }
}

/// `Some(column)` when broken.
pub(crate) fn broken(column: usize, is: bool) -> Option<usize> {
    is.then_some(column)
}

/// Row rules by id, each a function from the row to the column at fault, written out one after another in one function:
/// the compiler sees what they have in common, and a row is judged without sixty calls through pointers.
macro_rules! listed {
    ($(($id:literal, $rule:ident),)+) => {
        /// Ids of the rules here.
        pub(super) const fn ids() -> &'static [&'static str] {
            &[$( $id ),+]
        }

        /// Runs them in that order.
        #[inline]
        pub(super) fn judge(row: &crate::engine::Row<'_>, broken: &mut crate::rules::Broken) {
            $( broken.take($rule(row)); )+
        }
    };
}
pub(crate) use listed;

/// Positions of a dataset's columns, and a test that the contract has them there.
macro_rules! columns {
    ($dataset:expr; $($name:ident = $place:literal,)+) => {
        $( pub(crate) const $name: usize = $place; )+
        // Not every column has a rule, yet each has its name here.
        const _: &[usize] = &[$( $name ),+];

        #[cfg(test)]
        mod tests {
            #[test]
            fn columns_are_the_contracts() {
                let contract = crate::contract($dataset);
                let names = [$( stringify!($name).to_ascii_lowercase() ),+];
                let places = [$( $place ),+];
                let listed: Vec<&str> = contract.columns.iter().map(|column| column.name.as_str()).collect();
                assert_eq!(names.iter().map(String::as_str).collect::<Vec<_>>(), listed);
                assert!(places.iter().copied().eq(0..listed.len()));
            }
        }
    };
}
pub(crate) use columns;

//! The rules: one function each, small enough to read beside its source.

pub(crate) mod admissions;
pub(crate) mod general;
pub(crate) mod placements;
pub(crate) mod quality;
pub(crate) mod searches;
pub(crate) mod vacancies;

use hub_domain::Dataset;

use crate::engine::Row;
use crate::model::{Contract, Kind, RuleInfo, RuleKind};
use crate::sets;

/// A rule over one row: the column at fault when it is broken.
pub(crate) type RowRule = fn(&Row<'_>) -> Option<usize>;

/// The row rules of a dataset, by id.
pub(crate) fn row_rules(dataset: Dataset) -> Vec<(&'static str, RowRule)> {
    match dataset {
        Dataset::Placements => placements::rules(),
        Dataset::Vacancies => vacancies::rules(),
        Dataset::Searches => searches::rules(),
        Dataset::Quality => quality::rules(),
        Dataset::Admissions => admissions::rules(),
    }
}

/// Whether the hub has a row or set rule of that id.
pub(crate) fn is_implemented(dataset: Dataset, kind: RuleKind, id: &str) -> bool {
    match kind {
        RuleKind::Format => true,
        RuleKind::Row => row_rules(dataset).iter().any(|(known, _)| *known == id),
        RuleKind::Set => sets::rules(dataset).contains(&id),
    }
}

/// Row and set rules that the hub has for a contract's dataset and the contract does not list: they never run.
pub fn unlisted_rules(contract: &Contract) -> Vec<&'static str> {
    let rows = row_rules(contract.dataset).into_iter().map(|(id, _)| id);
    let all = rows.chain(sets::rules(contract.dataset).iter().copied());
    all.filter(|id| contract.rule(id).is_none()).collect()
}

/// The rules of form that every contract has, numbered from 0, and after them those of the kinds of column it has.
pub(crate) fn general(kinds: &[Kind]) -> Vec<RuleInfo> {
    general::rules(|id| kinds.iter().any(|kind| rule_of(*kind) == id))
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

//! What a contract says, compiled from its file.

pub(crate) mod code;
mod compile;
mod kind;
mod lists;
mod odcs;
mod rule;
mod terms;

use std::fmt;
use std::sync::LazyLock;

use hub_domain::Dataset;

pub use compile::ContractError;
pub use kind::{Column, Kind};
pub use rule::{ErrorPolicy, Frequency, RuleInfo, RuleKind, Severity, Sla};

/// A compiled contract: the single source of columns, types, codes, keys, rules and the agreed delivery time.
pub struct Contract {
    /// Which dataset it governs.
    pub dataset: Dataset,
    /// Semantic version of the contract.
    pub version: String,
    /// Title for people.
    pub title: String,
    /// What the dataset is for.
    pub purpose: String,
    /// How it is used.
    pub usage: String,
    /// What must not be sent or concluded.
    pub limitations: String,
    /// What one row is.
    pub row: String,
    /// Columns, in the order of the stored record.
    pub columns: Vec<Column>,
    /// Positions in `columns` of the key, in key order.
    pub key: Vec<usize>,
    /// When it should arrive.
    pub sla: Sla,
    /// A `full` or `window` submission that would close more than this share of records is held.
    pub shrink_share: f64,
    /// A submission in which more than this share of rows has errors is rejected whole.
    pub reject_share: f64,
    /// What becomes of a row with an error.
    pub error_policy: ErrorPolicy,
    /// Every rule, in the order findings are listed.
    pub rules: Vec<RuleInfo>,
    /// The file itself.
    pub text: &'static str,
    /// Columns that say from when to when a row's codes must hold.
    pub(crate) period: Option<(usize, usize)>,
}

impl fmt::Debug for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Contract({} {})", self.dataset, self.version)
    }
}

impl Contract {
    /// Compiles the text of a contract file.
    pub fn compile(text: &'static str) -> Result<Self, ContractError> {
        compile::compile(text)
    }

    /// The position of a column.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The rule with this id.
    pub fn rule(&self, id: &str) -> Option<&RuleInfo> {
        self.rules.iter().find(|rule| rule.id == id)
    }
}

/// The contract of a dataset: compiled on first use from the file built into the program.
///
/// The files are compiled by a test, so a broken one never ships.
#[expect(clippy::expect_used, reason = "the files are part of the program and a test compiles each")]
pub fn contract(dataset: Dataset) -> &'static Contract {
    static PLACEMENTS: LazyLock<Contract> =
        LazyLock::new(|| Contract::compile(text(Dataset::Placements)).expect("placements"));
    static VACANCIES: LazyLock<Contract> =
        LazyLock::new(|| Contract::compile(text(Dataset::Vacancies)).expect("vacancies"));
    static SEARCHES: LazyLock<Contract> =
        LazyLock::new(|| Contract::compile(text(Dataset::Searches)).expect("searches"));
    static QUALITY: LazyLock<Contract> = LazyLock::new(|| Contract::compile(text(Dataset::Quality)).expect("quality"));
    static ADMISSIONS: LazyLock<Contract> =
        LazyLock::new(|| Contract::compile(text(Dataset::Admissions)).expect("admissions"));
    static REGULATOR: LazyLock<Contract> =
        LazyLock::new(|| Contract::compile(text(Dataset::Regulator)).expect("regulator"));
    static FOSTERING: LazyLock<Contract> =
        LazyLock::new(|| Contract::compile(text(Dataset::Fostering)).expect("fostering"));
    static CARE_LEAVERS: LazyLock<Contract> =
        LazyLock::new(|| Contract::compile(text(Dataset::CareLeavers)).expect("care_leavers"));
    match dataset {
        Dataset::Placements => &PLACEMENTS,
        Dataset::Vacancies => &VACANCIES,
        Dataset::Searches => &SEARCHES,
        Dataset::Quality => &QUALITY,
        Dataset::Admissions => &ADMISSIONS,
        Dataset::Regulator => &REGULATOR,
        Dataset::Fostering => &FOSTERING,
        Dataset::CareLeavers => &CARE_LEAVERS,
    }
}

fn text(dataset: Dataset) -> &'static str {
    match dataset {
        Dataset::Placements => include_str!("../../../../contracts/placements/v1.odcs.yaml"),
        Dataset::Vacancies => include_str!("../../../../contracts/vacancies/v1.odcs.yaml"),
        Dataset::Searches => include_str!("../../../../contracts/searches/v1.odcs.yaml"),
        Dataset::Quality => include_str!("../../../../contracts/quality/v1.odcs.yaml"),
        Dataset::Admissions => include_str!("../../../../contracts/admissions/v1.odcs.yaml"),
        Dataset::Regulator => include_str!("../../../../contracts/regulator/v1.odcs.yaml"),
        Dataset::Fostering => include_str!("../../../../contracts/fostering/v1.odcs.yaml"),
        Dataset::CareLeavers => include_str!("../../../../contracts/care_leavers/v1.odcs.yaml"),
    }
}

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
    /// The dataset's name, as in paths and folders.
    pub name: String,
    /// The dataset it governs; `None` for one that this hub does not keep yet: it is judged by form alone.
    pub dataset: Option<Dataset>,
    /// Sent once for everybody by the region's own sender, and by no authority.
    pub by_region: bool,
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
    pub text: String,
    /// Columns that say from when to when a row's codes must hold.
    pub(crate) period: Option<(usize, usize)>,
}

impl fmt::Debug for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Contract({} {})", self.name, self.version)
    }
}

impl Contract {
    /// Compiles the text of a contract file.
    pub fn compile(text: &str) -> Result<Self, ContractError> {
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

/// The contracts that are part of the program, one line for each dataset; their files are compiled by a test, so a broken one
/// never ships.
macro_rules! built_in {
    ($($dataset:ident $folder:literal,)+) => {
        /// The contract of a dataset: compiled on first use from the file built into the program.
        pub fn contract(dataset: Dataset) -> &'static Contract {
            match dataset {
                $(Dataset::$dataset => {
                    static COMPILED: LazyLock<Contract> = LazyLock::new(|| {
                        let text = include_str!(concat!("../../../../contracts/", $folder, "/v1.odcs.yaml"));
                        Contract::compile(text).expect($folder)
                    });
                    &COMPILED
                })+
            }
        }
    };
}

built_in! {
    Placements "placements",
    Vacancies "vacancies",
    Searches "searches",
    Quality "quality",
    Admissions "admissions",
    Regulator "regulator",
    Fostering "fostering",
    CareLeavers "care_leavers",
}

//! One finding.

use serde::{Deserialize, Serialize};

use crate::model::Severity;

/// Something wrong or doubtful about a row or a submission. It never repeats a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Id of the rule.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// Data row, from 1; `None` for the submission as a whole.
    pub row: Option<u64>,
    /// Line of the file on which the row begins, from 1.
    pub line: Option<u64>,
    /// The other row concerned, for a rule between two rows.
    #[serde(default)]
    pub other_row: Option<u64>,
    /// Heading of the column concerned.
    pub column: Option<String>,
    /// What the cell looks like: `blank`, `date dd/mm/yyyy`, `3 letters`.
    pub value_class: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub fix: String,
}

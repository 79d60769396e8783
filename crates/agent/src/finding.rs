//! What is wrong or doubtful, in the borough's own terms: the file it handed over and the line in it.
//!
//! The report made here never leaves the borough, so it may say where in the return a fault is; even
//! so it says which line, never what the line holds.

use std::sync::Arc;

use serde::{Serialize, Serializer};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The row does not go in, or the file cannot be used.
    Error,
    /// The row goes in; somebody should look.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The word in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// Where in the borough's own files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct Place {
    /// Name of the file as it was given.
    #[serde(serialize_with = "text")]
    pub file: Arc<str>,
    /// Line in that file, the headings being line 1; `None` for the file as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Heading of the column, as the return spells it.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "text_if_any")]
    pub column: Option<Arc<str>>,
}

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable id: `903-…` where DfE numbers the rule, `agent-…` where it is ours, else the contract's.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// Where to look.
    pub place: Place,
    /// The row of the feed concerned, counted from 1, as the hub counts it; `None` where it is not about one row of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feed_row: Option<u64>,
    /// What is wrong. Never a value from a child's row.
    pub message: String,
    /// What to do.
    pub fix: String,
}

fn text<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

#[expect(clippy::ref_option, reason = "the shape serde calls with")]
fn text_if_any<S: Serializer>(text: &Option<Arc<str>>, serializer: S) -> Result<S::Ok, S::Error> {
    text.as_deref().serialize(serializer)
}

impl Place {
    /// A whole file.
    pub fn file(file: &Arc<str>) -> Self {
        Self { file: Arc::clone(file), line: None, column: None }
    }

    /// A line of a file.
    pub fn line(file: &Arc<str>, line: u64) -> Self {
        Self { file: Arc::clone(file), line: Some(line), column: None }
    }

    /// The same line, at a column.
    #[must_use]
    pub fn at(mut self, column: &str) -> Self {
        self.column = Some(Arc::from(column));
        self
    }
}

impl Finding {
    /// A finding; see the fields for what each argument says.
    pub fn new(rule: &str, severity: Severity, place: Place, message: impl Into<String>, fix: &str) -> Self {
        Self { rule: rule.to_owned(), severity, place, feed_row: None, message: message.into(), fix: fix.to_owned() }
    }
}

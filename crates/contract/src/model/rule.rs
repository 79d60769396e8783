//! A rule as people read it, and the other promises of a contract.

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// How bad a finding is. Orders most severe first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The row cannot be used and is left out.
    Error,
    /// The row is doubtful and is kept.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// The word in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleKind {
    /// One cell.
    Format,
    /// One row.
    Row,
    /// The rows of a submission together.
    Set,
}

impl RuleKind {
    /// The word in reports and contract files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Row => "row",
            Self::Set => "set",
        }
    }
}

/// A rule of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleInfo {
    /// Stable id; DfE's number (`903-501`) where DfE has one.
    pub id: String,
    /// What it looks at.
    pub kind: RuleKind,
    /// How bad a breach is.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub title: String,
    /// What to do about it.
    pub fix: String,
    /// Where the rule comes from.
    pub source: String,
}

/// What becomes of a row with an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorPolicy {
    /// It is left out; the good rows go in.
    LeaveOut,
    /// The whole submission is rejected.
    Reject,
}

/// The agreed delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sla {
    /// Time of day in London by which the night's feed should be there.
    pub deliver_by: Time,
    /// Due on Monday to Friday only, rather than every day.
    pub weekdays: bool,
    /// Minutes after `deliver_by` before it counts as missing rather than late.
    pub grace_minutes: u16,
}

//! A rule as people read it, and the other promises of a contract.

use std::fmt;

use jiff::civil::{Date, Time, Weekday};
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
    /// What a submission changes, against what the hub already holds.
    Held,
}

impl RuleKind {
    /// The word in reports and contract files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Row => "row",
            Self::Set => "set",
            Self::Held => "held",
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

/// How often a feed is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    /// Every day.
    Daily,
    /// Monday to Friday.
    Weekdays,
    /// On this day of every month, 1 to 28.
    Monthly(i8),
    /// On this day, 1 to 28, of January, April, July and October.
    Quarterly(i8),
}

impl Frequency {
    /// Whether it is due on a day.
    pub fn is_due_on(self, day: Date) -> bool {
        match self {
            Self::Daily => true,
            Self::Weekdays => !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday),
            Self::Monthly(of_month) => day.day() == of_month,
            Self::Quarterly(of_month) => day.day() == of_month && day.month() % 3 == 1,
        }
    }

    /// Whether weeks may pass between two: a sender who joins meanwhile is told of the first to come.
    pub const fn is_seldom(self) -> bool {
        matches!(self, Self::Monthly(_) | Self::Quarterly(_))
    }
}

impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Daily => f.pad("every day"),
            Self::Weekdays => f.pad("on weekdays"),
            Self::Monthly(day) => write!(f, "on day {day} of every month"),
            Self::Quarterly(day) => write!(f, "on day {day} of January, April, July and October"),
        }
    }
}

/// The agreed delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sla {
    /// Time of day in London by which the feed should be there.
    pub deliver_by: Time,
    /// On which days.
    pub frequency: Frequency,
    /// Minutes after `deliver_by` before it counts as missing rather than late.
    pub grace_minutes: u16,
}

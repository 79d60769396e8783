//! What judging a return came to.

use super::rule::ReturnRule;
use super::table::TableName;

/// A rule broken at a row.
#[derive(Debug, Clone, Copy)]
pub struct ReturnFinding {
    /// Which rule.
    pub rule: &'static ReturnRule,
    /// In which table of the year at hand.
    pub table: TableName,
    /// In which of its rows, in the order they were pushed.
    pub row: u32,
    /// Under which heading of DfE's.
    pub heading: &'static str,
}

/// A rule that could not be asked. It is not passed: nothing is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotRun {
    /// Which rule.
    pub rule: &'static ReturnRule,
    /// The table it lacks, or lacks a column of.
    pub table: TableName,
    /// The column, where the table itself is there.
    pub heading: Option<&'static str>,
    /// True when it is last year's that is lacking.
    pub last_year: bool,
}

/// What was found, and what was asked at all.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// In the order of the tables, their rows and the rules.
    pub findings: Vec<ReturnFinding>,
    /// The rules that were asked, whether broken or not.
    pub ran: Vec<&'static ReturnRule>,
    /// The rules that could not be.
    pub not_run: Vec<NotRun>,
}

impl std::fmt::Display for NotRun {
    /// Why, for the end of a sentence: `no missing file was given`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let whose = if self.last_year { " of last year's return" } else { "" };
        match self.heading {
            Some(heading) => write!(f, "the {} file{whose} has no {heading}", self.table),
            None => write!(f, "no {} file{whose} was given", self.table),
        }
    }
}

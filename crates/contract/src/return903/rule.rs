//! A rule: its number, its words, its test, and a sample either way.

use super::child::Child;
use super::table::{Row, Table, TableName};
use super::verdict::ReturnFinding;
use crate::model::Severity;

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// One row.
    Row,
    /// A child's rows of one table, or all rows of it.
    Set,
    /// Tables joined by child.
    Joined,
    /// Last year's return.
    Last,
}

impl Level {
    /// The word in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Row => "row",
            Self::Set => "set",
            Self::Joined => "file-joins",
            Self::Last => "held",
        }
    }
}

/// A rule of the return.
pub struct ReturnRule {
    /// DfE's number.
    pub id: &'static str,
    /// What it looks at.
    pub level: Level,
    /// How bad a breach is. None leaves a row out: of what is sent the contract judges that.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub title: &'static str,
    /// What to do about it.
    pub fix: &'static str,
    /// How it is read in a nightly feed, where that is otherwise than once a year.
    pub nightly: &'static str,
    /// The table its findings stand in.
    pub table: TableName,
    /// The tables besides that it cannot do without.
    pub needs: &'static [TableName],
    /// The tables of last year's return that it cannot do without.
    pub last: &'static [TableName],
    /// A return that breaks it and one that does not, in the shorthand of the tests.
    pub samples: (&'static str, &'static str),
    pub(super) column: usize,
    pub(super) check: Check,
}

/// How a rule is asked.
#[derive(Clone, Copy)]
pub(super) enum Check {
    /// Of each row of its table.
    Each(fn(Row<'_>, &Child<'_>) -> bool),
    /// Of each child.
    Child(fn(&Child<'_>, &mut Say<'_>)),
    /// Of the whole table.
    Whole(fn(&Table, &mut Say<'_>)),
}

impl ReturnRule {
    const fn new(id: &'static str, (table, column): (TableName, usize), level: Level, check: Check) -> Self {
        Self {
            id,
            level,
            severity: Severity::Warning,
            title: "",
            fix: "",
            nightly: "",
            table,
            needs: &[],
            last: &[],
            samples: ("", ""),
            column,
            check,
        }
    }

    /// A rule of each row: broken where the test says so.
    pub(super) const fn each(
        id: &'static str,
        table: TableName,
        column: usize,
        test: fn(Row<'_>, &Child<'_>) -> bool,
    ) -> Self {
        Self::new(id, (table, column), Level::Row, Check::Each(test))
    }

    /// A rule of a child's rows together.
    pub(super) const fn of_child(
        id: &'static str,
        table: TableName,
        column: usize,
        test: fn(&Child<'_>, &mut Say<'_>),
    ) -> Self {
        Self::new(id, (table, column), Level::Set, Check::Child(test))
    }

    /// A rule of all rows of a table.
    pub(super) const fn of_all(
        id: &'static str,
        table: TableName,
        column: usize,
        test: fn(&Table, &mut Say<'_>),
    ) -> Self {
        Self::new(id, (table, column), Level::Set, Check::Whole(test))
    }

    /// What is wrong, and what to do.
    pub(super) const fn says(self, title: &'static str, fix: &'static str) -> Self {
        Self { title, fix, ..self }
    }

    /// Besides its own, it needs these tables.
    pub(super) const fn with(self, needs: &'static [TableName]) -> Self {
        Self { needs, level: Level::Joined, ..self }
    }

    /// It needs these tables of last year's return.
    pub(super) const fn against(self, last: &'static [TableName]) -> Self {
        Self { last, level: Level::Last, nightly: LAST_NIGHTLY, ..self }
    }

    /// How it is read in a nightly feed.
    pub(super) const fn nightly(self, nightly: &'static str) -> Self {
        Self { nightly, ..self }
    }

    /// The row makes no sense as it stands.
    pub(super) const fn error(self) -> Self {
        Self { severity: Severity::Error, ..self }
    }

    /// Worth knowing, and often right.
    pub(super) const fn note(self) -> Self {
        Self { severity: Severity::Info, ..self }
    }

    /// A return that breaks it, and one that does not.
    pub(super) const fn samples(self, trips: &'static str, passes: &'static str) -> Self {
        Self { samples: (trips, passes), ..self }
    }

    /// The heading its findings stand under.
    pub fn heading(&self) -> &'static str {
        self.table.heading(self.column)
    }
}

/// What "last year's return" is for the rules that ask it.
const LAST_NIGHTLY: &str = "Asked where last year's files are given too; at the hub, what it holds stands for them.";

impl std::fmt::Debug for ReturnRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReturnRule({})", self.id)
    }
}

impl PartialEq for ReturnRule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for ReturnRule {}

/// Takes what a rule finds.
#[derive(Debug)]
pub(super) struct Say<'v> {
    pub(super) rule: &'static ReturnRule,
    pub(super) findings: &'v mut Vec<ReturnFinding>,
}

impl Say<'_> {
    /// A row of another table, which is as much at fault.
    pub(super) fn other(&mut self, row: Row<'_>, table: TableName, column: usize) {
        self.findings.push(ReturnFinding { rule: self.rule, table, row: row.at, heading: table.heading(column) });
    }

    /// A row of the rule's own table, under its own heading.
    pub(super) fn row(&mut self, row: Row<'_>) {
        let rule = self.rule;
        self.findings.push(ReturnFinding { rule, table: rule.table, row: row.at, heading: rule.heading() });
    }
}

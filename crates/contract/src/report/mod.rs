//! What a sender reads about a submission.

mod export;
mod finding;
pub mod layout;
mod render;
mod tally;

use hub_domain::{Date, Mode};
use serde::{Deserialize, Serialize};

use crate::engine::Settings;
use crate::input::{Format, Refusal};
use crate::model::{Contract, RuleInfo, RuleKind, Severity};

pub use export::neutral;
pub use finding::Finding;
pub(crate) use tally::{Detail, Spot, Tally};

/// Everything found in one submission. It repeats no value of any row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The dataset.
    pub dataset: String,
    /// Version of the contract it was judged by.
    pub contract_version: String,
    /// The authority whose feed it is.
    pub authority: String,
    /// The business date the extract describes.
    pub as_at: Date,
    /// How much the submission covers.
    pub mode: Mode,
    /// `csv` or `ndjson`.
    pub format: Format,
    /// Rows, counted.
    pub rows: RowCounts,
    /// Optional columns that the file does not have; what they would allow is not known.
    pub columns_absent: Vec<String>,
    /// Breaches by rule, most severe first.
    pub rules: Vec<RuleCount>,
    /// Findings kept, by row. All are counted in `rules`; beyond a cap only the first of each rule are kept here.
    pub findings: Vec<Finding>,
    /// Why the whole submission was turned away, if it was.
    pub refusal: Option<Refusal>,
}

/// Rows of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RowCounts {
    /// Data rows in the file, blank ones apart.
    pub read: u64,
    /// Rows that can be used.
    pub accepted: u64,
    /// Rows left out because of an error.
    pub rejected: u64,
    /// Rows with nothing in them.
    pub blank: u64,
    /// Accepted rows that delete their key (`mode=changes`).
    pub deletes: u64,
}

/// How often a rule was broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCount {
    /// Id of the rule.
    pub rule: String,
    /// What it looks at.
    pub kind: RuleKind,
    /// How bad a breach is.
    pub severity: Severity,
    /// Findings.
    pub count: u64,
    /// What is wrong.
    pub title: String,
    /// What to do about it.
    pub fix: String,
    /// Where the rule comes from.
    pub source: String,
    /// The first rows concerned.
    pub first_rows: Vec<u64>,
}

impl RuleCount {
    fn of(rule: &RuleInfo, count: u64, first_rows: Vec<u64>) -> Self {
        Self {
            rule: rule.id.clone(),
            kind: rule.kind,
            severity: rule.severity,
            count,
            title: rule.title.clone(),
            fix: rule.fix.clone(),
            source: rule.source.clone(),
            first_rows,
        }
    }
}

impl Report {
    /// A report with nothing in it yet.
    pub(crate) fn blank(contract: &Contract, settings: &Settings, format: Format) -> Self {
        Self {
            dataset: contract.name.clone(),
            contract_version: contract.version.clone(),
            authority: settings.authority.to_string(),
            as_at: settings.as_at,
            mode: settings.mode,
            format,
            rows: RowCounts::default(),
            columns_absent: Vec::new(),
            rules: Vec::new(),
            findings: Vec::new(),
            refusal: None,
        }
    }

    /// The report of a submission turned away at the door.
    pub fn refused(contract: &Contract, settings: &Settings, format: Format, refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), ..Self::blank(contract, settings, format) }
    }

    /// Takes what else was found, in the order that a report has.
    pub(crate) fn join(&mut self, rules: Vec<RuleCount>, findings: Vec<Finding>) {
        self.rules.extend(rules);
        self.findings.extend(findings);
        tally::sort(&mut self.rules, &mut self.findings);
    }

    /// Findings of a severity, counted.
    pub fn count(&self, severity: Severity) -> u64 {
        self.rules.iter().filter(|rule| rule.severity == severity).map(|rule| rule.count).sum()
    }

    /// Whether anything at all was found.
    pub fn has_findings(&self) -> bool {
        self.refusal.is_some() || !self.rules.is_empty()
    }

    /// Whether the submission was turned away or any row left out.
    pub fn has_errors(&self) -> bool {
        self.refusal.is_some() || self.count(Severity::Error) > 0
    }

    /// The share of rows left out, from 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "a share to a few digits; rows are far below 2^52")]
    pub fn rejected_share(&self) -> f64 {
        if self.rows.read == 0 { 0.0 } else { self.rows.rejected as f64 / self.rows.read as f64 }
    }
}

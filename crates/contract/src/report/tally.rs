//! Counts findings as they come and keeps enough of them to act on.

use super::{Finding, RuleCount};
use crate::model::{Contract, RuleInfo};

/// Row numbers kept for each rule.
const FIRST_ROWS: usize = 10;
/// A rule may keep this many findings even when the cap is reached, so that none is crowded out by another.
const EACH: u64 = 20;

/// Where and what.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spot<'a> {
    pub(crate) row: Option<u64>,
    pub(crate) line: Option<u64>,
    pub(crate) column: Option<usize>,
    /// The cell, to be classed; it is never kept.
    pub(crate) cell: Option<&'a [u8]>,
}

/// What a finding adds to its rule's title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Detail {
    /// Nothing.
    None,
    /// A fixed remark.
    Say(&'static str),
    /// The other row concerned.
    Row(u32),
    /// What the column takes.
    Form,
}

/// Findings of a submission, counted.
#[derive(Debug)]
pub(crate) struct Tally<'c> {
    contract: &'c Contract,
    cap: usize,
    counts: Vec<(u64, Vec<u64>)>,
    kept: Vec<Finding>,
}

impl<'c> Tally<'c> {
    pub(crate) fn new(contract: &'c Contract, cap: usize) -> Self {
        Self { contract, cap, counts: vec![(0, Vec::new()); contract.rules.len()], kept: Vec::new() }
    }

    /// Counts a breach of the rule at `rule`.
    pub(crate) fn record(&mut self, rule: u16, spot: Spot<'_>, detail: Detail) {
        let Some(info) = self.contract.rules.get(usize::from(rule)) else { return };
        let Some((count, rows)) = self.counts.get_mut(usize::from(rule)) else { return };
        *count += 1;
        if let Some(row) = spot.row.filter(|row| rows.len() < FIRST_ROWS && rows.last() != Some(row)) {
            rows.push(row);
        }
        if self.kept.len() < self.cap || *count <= EACH {
            self.kept.push(describe(self.contract, info, spot, detail));
        }
    }

    /// Findings of one rule that are worth describing: more would not be kept.
    pub(crate) fn most(&self) -> usize {
        self.cap.max(FIRST_ROWS).max(usize::try_from(EACH).unwrap_or(0))
    }

    /// Counts breaches that are not described.
    pub(crate) fn add(&mut self, rule: u16, more: u64) {
        if let Some((count, _)) = self.counts.get_mut(usize::from(rule)) {
            *count += more;
        }
    }

    /// The counts by rule, most severe and most frequent first, and the findings kept, by row.
    pub(crate) fn finish(self) -> (Vec<RuleCount>, Vec<Finding>) {
        let broken = self.contract.rules.iter().zip(self.counts).filter(|(_, (count, _))| *count > 0);
        let mut rules: Vec<RuleCount> = broken.map(|(info, (count, rows))| RuleCount::of(info, count, rows)).collect();
        let mut findings = self.kept;
        sort(&mut rules, &mut findings);
        (rules, findings)
    }
}

/// Rules most severe and most frequent first, findings by row.
pub(super) fn sort(rules: &mut [RuleCount], findings: &mut [Finding]) {
    rules.sort_by(|a, b| a.severity.cmp(&b.severity).then(b.count.cmp(&a.count)).then(a.rule.cmp(&b.rule)));
    findings.sort_by(|a, b| a.row.cmp(&b.row).then(a.severity.cmp(&b.severity)).then_with(|| a.rule.cmp(&b.rule)));
}

fn describe(contract: &Contract, rule: &RuleInfo, spot: Spot<'_>, detail: Detail) -> Finding {
    let column = spot.column.and_then(|column| contract.columns.get(column));
    let message = match (detail, column) {
        (Detail::Say(remark), _) => format!("{}: {remark}", rule.title),
        (Detail::Form, Some(column)) => format!("{}: {} should hold {}", rule.title, column.name, column.expects()),
        (Detail::None | Detail::Row(_) | Detail::Form, _) => rule.title.clone(),
    };
    Finding {
        rule: rule.id.clone(),
        severity: rule.severity,
        row: spot.row,
        line: spot.line,
        column: column.map(|column| column.name.clone()),
        other_row: if let Detail::Row(row) = detail { Some(row.into()) } else { None },
        value_class: spot.cell.map(crate::cell::class::class_of),
        message,
        fix: rule.fix.clone(),
    }
}

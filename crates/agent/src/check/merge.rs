//! The contract's findings in the borough's own terms, beside the agent's.

use std::collections::{HashMap, HashSet};

use hub_contract::Report;

use crate::finding::{Finding, Severity};
use crate::trace::RowMap;

/// One list: the agent's findings, then the contract's with feed rows turned into files and lines.
///
/// A fault that the agent has told in the return's terms is not told again in the contract's.
pub(crate) fn merge(report: &Report, rows: &RowMap, local: Vec<Finding>) -> Vec<Finding> {
    let lines = rows.by_line();
    let mut merged = local;
    for finding in &mut merged {
        finding.feed_row = finding.place.line.and_then(|line| lines.get(&(&*finding.place.file, line)).copied());
    }
    let mut words = Words { rows, known: HashMap::new() };
    merged.extend(report.findings.iter().filter_map(|finding| translate(finding, &mut words)));
    merged
}

/// The contract's sentences in the borough's words; a rule says the same of thousands of rows.
struct Words<'r> {
    rows: &'r RowMap,
    known: HashMap<String, String>,
}

impl Words<'_> {
    fn of(&mut self, text: &str) -> String {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let own = self.rows.in_own_words(text);
        self.known.insert(text.to_owned(), own.clone());
        own
    }
}

/// For each row with errors, the rules it breaks; `None` stands for a fault the agent has told.
pub(crate) fn errors_by_row<'r>(report: &'r Report, rows: &RowMap) -> HashMap<u64, Vec<Option<&'r str>>> {
    let mut broken: HashMap<u64, Vec<Option<&str>>> = HashMap::new();
    for finding in report.findings.iter().filter(|finding| finding.severity == hub_contract::Severity::Error) {
        let Some(row) = finding.row else { continue };
        let rule = (!is_told(finding, rows)).then_some(finding.rule.as_str());
        let rules = broken.entry(row).or_default();
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    broken
}

/// The hub's findings, as its findings route gives them, that this machine's own pass did not make: those
/// against what the hub already held.
pub(crate) fn unknown_here(answer: &serde_json::Value, report: &Report, rows: &RowMap) -> Vec<Finding> {
    let listed = answer.get("findings").and_then(serde_json::Value::as_array).map_or(&[][..], Vec::as_slice);
    let theirs = listed.iter().filter_map(|finding| serde_json::from_value(finding.clone()).ok());
    let known: HashSet<(&str, Option<u64>, Option<&str>)> = report.findings.iter().map(identity).collect();
    let mut words = Words { rows, known: HashMap::new() };
    theirs
        .filter(|finding| !known.contains(&identity(finding)))
        .filter_map(|finding| translate(&finding, &mut words))
        .collect()
}

fn identity(finding: &hub_contract::Finding) -> (&str, Option<u64>, Option<&str>) {
    (finding.rule.as_str(), finding.row, finding.column.as_deref())
}

fn is_told(finding: &hub_contract::Finding, rows: &RowMap) -> bool {
    let (Some(at), Some(column)) = (position(finding.row), finding.column.as_deref()) else { return false };
    rows.is_explained(at, column)
}

fn translate(finding: &hub_contract::Finding, words: &mut Words<'_>) -> Option<Finding> {
    let rows = words.rows;
    if is_told(finding, rows) {
        return None;
    }
    let place = position(finding.row).map(|at| rows.place(at, finding.column.as_deref())).unwrap_or_default();
    let advice = finding.column.as_deref().and_then(|column| rows.advice(column));
    Some(Finding {
        rule: finding.rule.clone(),
        severity: severity(finding.severity),
        place,
        feed_row: finding.row,
        message: in_full(&finding.message, words),
        fix: advice.map_or_else(|| words.of(&finding.fix), str::to_owned),
    })
}

/// Data rows are counted from 1, positions from 0.
fn position(row: Option<u64>) -> Option<usize> {
    usize::try_from(row?.checked_sub(1)?).ok()
}

const fn severity(severity: hub_contract::Severity) -> Severity {
    match severity {
        hub_contract::Severity::Error => Severity::Error,
        hub_contract::Severity::Warning => Severity::Warning,
        hub_contract::Severity::Info => Severity::Note,
    }
}

/// The contract points at another row of the feed; the borough has lines of a file.
fn in_full(message: &str, words: &mut Words<'_>) -> String {
    let pointed = message.strip_suffix(')').and_then(|start| start.rsplit_once(" (see also row "));
    let place = pointed.and_then(|(_, row)| position(row.parse().ok())).map(|at| words.rows.place(at, None));
    match (pointed, place.and_then(|place| place.line)) {
        (Some((start, _)), Some(line)) => format!("{} (see also line {line})", words.of(start)),
        _ => words.of(message),
    }
}

//! DfE's rules over the return as it stands, before anything of it is degraded: what they read never leaves.

use std::collections::HashSet;
use std::sync::Arc;

use hub_contract::{Frame, Return, TableName, judge};
use hub_domain::Date;
use hub_domain::codes::collection_year;
use serde::Serialize;

use crate::finding::{Finding, Place, Severity};
use crate::source::{self, Sheet};

/// DfE's rules, as far as they could be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Rules that were asked of the whole return.
    pub ran: usize,
    /// Rules that could not be, and why. None of them is passed.
    pub not_run: Vec<NotAsked>,
}

/// A rule that could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotAsked {
    /// Its id.
    pub rule: String,
    /// What it lacks.
    pub why: String,
}

/// The tables of a return, in whatever order they were given; each year's apart.
pub(super) struct Years {
    this: Return,
    last: Return,
    latest: i16,
}

impl Years {
    /// For the return of the collection year `latest`, and of the year before.
    pub(super) fn until(latest: i16) -> Self {
        Self { this: Return::default(), last: Return::default(), latest }
    }

    /// Reads tables of one kind. Of several, those in a folder, workbook or document with an episodes file are of its year;
    /// else they are taken to be as many years as there are of them, in the order of the episodes files.
    pub(super) fn add(&mut self, sheets: &[&Sheet], episodes: &[(Arc<str>, i16)]) {
        for (nth, sheet) in sheets.iter().enumerate() {
            let Some(name) = TableName::told_by(sheet.headings.iter().map(String::as_str)) else { continue };
            let beside = episodes.iter().find(|(file, _)| group(file) == group(&sheet.name) && group(file).is_some());
            let by_order = episodes.get(nth).filter(|_| sheets.len() == episodes.len());
            let year = beside.or(by_order).map_or(self.latest, |(_, year)| *year);
            let into = match self.latest.saturating_sub(year) {
                0 => &mut self.this,
                1 => &mut self.last,
                _ => continue,
            };
            let table = into.table(name);
            table.begin(&sheet.name, sheet.headings.iter().map(String::as_str));
            let mut cells = Vec::new();
            for record in &sheet.records {
                cells.clear();
                cells.extend((0..sheet.headings.len()).map(|column| sheet.at(record, column)));
                table.push(u64::from(record.line), &cells);
            }
        }
    }

    /// Asks every rule that can be asked. What `findings` tells of the same line already is not told again.
    pub(super) fn judge(&self, as_at: Date, findings: &mut Vec<Finding>) -> Asked {
        let frame = if collection_year(as_at) == self.latest { Frame::at(as_at) } else { Frame::of_year(self.latest) };
        let last = (!self.last.is_empty()).then_some(&self.last);
        let verdict = judge(&self.this, last, frame);
        let told: HashSet<(String, Arc<str>, Option<u64>)> = findings
            .iter()
            .map(|finding| (finding.rule.clone(), Arc::clone(&finding.place.file), finding.place.line))
            .collect();
        let mut file: Arc<str> = Arc::from("");
        for broken in &verdict.findings {
            let table = self.this.given(broken.table);
            let row = usize::try_from(broken.row).ok();
            let Some((name, line)) = table.zip(row).and_then(|(table, row)| table.place(row)) else { continue };
            if &*file != name {
                file = Arc::from(name);
            }
            let rule = id(broken.rule.id);
            if told.contains(&(rule.clone(), Arc::clone(&file), Some(line))) {
                continue;
            }
            let place = Place::line(&file, line).at(broken.heading);
            findings.push(Finding::new(&rule, severity(broken.rule.severity), place, broken.rule.title, broken.rule.fix));
        }
        let not_asked = |not: &hub_contract::NotRun| NotAsked { rule: id(not.rule.id), why: not.to_string() };
        Asked { ran: verdict.ran.len(), not_run: verdict.not_run.iter().map(not_asked).collect() }
    }
}

/// The latest collection year of the episodes files, by their latest day up to `as_at`, and each file's own.
pub(super) fn years(sheets: &[Sheet], as_at: Date) -> (i16, Vec<(Arc<str>, i16)>) {
    let year = |sheet: &Sheet| {
        let columns = ["DECOM", "DEC"].into_iter().filter_map(|column| sheet.position(column));
        let days = columns.flat_map(|column| {
            sheet.records.iter().filter_map(move |record| source::date(sheet.at(record, column)).value())
        });
        days.filter(|day| *day <= as_at).max().map_or_else(|| collection_year(as_at), collection_year)
    };
    let of: Vec<(Arc<str>, i16)> = sheets.iter().map(|sheet| (Arc::clone(&sheet.name), year(sheet))).collect();
    (of.iter().map(|(_, year)| *year).max().unwrap_or_else(|| collection_year(as_at)), of)
}

/// What a table's file shares with the others of its return: a folder, or the workbook or document they are sheets of.
fn group(name: &str) -> Option<&str> {
    let part = name.split_once(" [").map(|(file, _)| file);
    part.or_else(|| name.rsplit_once('/').map(|(folder, _)| folder))
}

fn id(number: &str) -> String {
    format!("903-{number}")
}

/// What a rule of the whole return finds keeps no row out: of what is sent the contract judges that.
const fn severity(severity: hub_contract::Severity) -> Severity {
    match severity {
        hub_contract::Severity::Error | hub_contract::Severity::Warning => Severity::Warning,
        hub_contract::Severity::Info => Severity::Note,
    }
}

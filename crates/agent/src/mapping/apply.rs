//! Laying a mapping over a table.

use std::collections::HashSet;
use std::sync::Arc;

use super::read::word_key;
use super::{Mapping, Rule};
use crate::finding::{Finding, Place, Severity};
use crate::postcode::{Directory, Postcode, miles_between};
use crate::pseudonym::PseudonymKey;
use crate::return903::setting_ref;
use crate::source::{Filling, Record, Sheet, show_headings};

/// What cells are worked out with.
#[derive(Clone, Copy)]
pub(crate) struct With<'w> {
    pub(crate) directory: Option<&'w Directory>,
    pub(crate) key: &'w PseudonymKey,
}

impl Mapping {
    /// Whether the table has every heading that the mapping cannot do without.
    pub(crate) fn fits(&self, sheet: &Sheet) -> bool {
        self.missing(sheet).is_empty()
    }

    /// Those it lacks.
    pub(crate) fn missing(&self, sheet: &Sheet) -> Vec<&str> {
        self.columns.iter().flat_map(|made| made.rule.needs()).filter(|heading| !sheet.has(heading)).collect()
    }

    /// Postcodes that the mapping will ask the directory about.
    pub(crate) fn postcodes(&self, sheet: &Sheet, into: &mut HashSet<Postcode>) {
        for made in &self.columns {
            let headings = match &made.rule {
                Rule::AuthorityOf(heading) => vec![heading],
                Rule::MilesBetween(first, second) => vec![first, second],
                Rule::Copy { .. } | Rule::SettingOf(..) => Vec::new(),
            };
            for heading in headings {
                into.extend(sheet.records.iter().filter_map(|record| Postcode::parse(sheet.cell(record, heading))));
            }
        }
    }

    /// The table in the contract's terms: the same rows on the same lines.
    pub(crate) fn apply(&self, sheet: &Sheet, with: With<'_>, findings: &mut Vec<Finding>) -> Sheet {
        self.note(sheet, with, findings);
        let shown = |rule: &Rule| match rule.needs().first() {
            Some(heading) => sheet.spelling(heading).to_owned(),
            None => "(the mapping)".to_owned(),
        };
        let names = self.columns.iter().map(|made| made.name.as_str());
        let mut filling = Filling::named(self.columns.iter().map(|made| shown(&made.rule)).collect(), names);
        // A row with nothing in it but what the mapping writes everywhere is no row: the table has none such.
        for record in &sheet.records {
            let cells: Vec<String> =
                self.columns.iter().map(|made| self.cell(&made.rule, sheet, record, with)).collect();
            filling.push(u64::from(record.line), cells.iter().map(String::as_str));
        }
        filling.finish(Arc::clone(&sheet.name), findings)
    }

    fn cell(&self, rule: &Rule, sheet: &Sheet, record: &Record, with: With<'_>) -> String {
        let read = |heading: &str| Postcode::parse(sheet.cell(record, heading));
        let locate = |heading: &str| with.directory.zip(read(heading)).and_then(|(all, postcode)| all.find(&postcode));
        match rule {
            Rule::Copy { from, codes, otherwise } => {
                let filled = from.iter().map(|heading| sheet.cell(record, heading)).find(|cell| !cell.is_empty());
                filled.map_or_else(|| otherwise.clone(), |cell| translate(cell, codes))
            }
            Rule::AuthorityOf(heading) => {
                locate(heading).and_then(|at| at.authority).map_or_else(String::new, |code| code.to_string())
            }
            Rule::MilesBetween(first, second) => {
                let miles = locate(first).zip(locate(second)).and_then(|(here, there)| miles_between(here, there));
                miles.map_or_else(String::new, |miles| format!("{miles:.1}"))
            }
            Rule::SettingOf(urn, postcode) => {
                let urn = sheet.cell(record, urn).to_ascii_uppercase();
                let placement = self.placement(sheet, record, with);
                setting_ref(with.key, &urn, read(postcode).as_ref(), placement).unwrap_or_default()
            }
        }
    }

    /// A placement code of the group that the row's provision belongs to.
    fn placement(&self, sheet: &Sheet, record: &Record, with: With<'_>) -> &'static str {
        let provision = self.columns.iter().find(|made| made.name == "provision");
        let word = provision.map_or_else(String::new, |made| self.cell(&made.rule, sheet, record, with));
        match crate::cell::word(&word).as_str() {
            "foster_household" | "parent_and_child" => "U6",
            "supported_accommodation" | "supported_lodgings" => "K3",
            _ => "K2",
        }
    }

    fn note(&self, sheet: &Sheet, with: With<'_>, findings: &mut Vec<Finding>) {
        let place = Place::file(&sheet.name);
        let used = |heading: &str| {
            self.columns.iter().flat_map(|made| made.rule.headings()).any(|from| sheet.spelling(from) == heading)
        };
        let unused: Vec<&str> =
            sheet.headings.iter().map(String::as_str).filter(|text| !text.is_empty() && !used(text)).collect();
        if !unused.is_empty() {
            let message = format!(
                "the mapping {} does not take these columns, which stay here: {}",
                self.name,
                show_headings(&unused)
            );
            findings.push(Finding::new("agent-unused-column", Severity::Note, place.clone(), message, "Nothing."));
        }
        let asks = self.columns.iter().any(|made| matches!(made.rule, Rule::AuthorityOf(_) | Rule::MilesBetween(..)));
        if asks && with.directory.is_none() {
            let message = "the mapping works out authorities or miles from postcodes, and no postcode directory was given: they are blank";
            let fix = "Give an ONS postcode directory with --postcodes, or name one in the settings.";
            findings.push(Finding::new("agent-no-directory", Severity::Warning, place, message, fix));
        }
    }
}

/// The contract's codes for a cell's words; a cell may hold a list of them.
fn translate(cell: &str, codes: &[(String, String)]) -> String {
    if codes.is_empty() {
        return cell.to_owned();
    }
    let of = |word: &str| {
        let key = word_key(word);
        codes.iter().find(|(known, _)| *known == key).map(|(_, code)| code.as_str())
    };
    if let Some(code) = of(cell) {
        return code.to_owned();
    }
    let separator = [';', '|', ','].into_iter().find(|&separator| cell.contains(separator));
    let Some(separator) = separator else { return cell.to_owned() };
    let items = cell.split(separator).map(str::trim).map(|item| of(item).unwrap_or(item));
    items.filter(|item| !item.is_empty()).collect::<Vec<_>>().join(";")
}

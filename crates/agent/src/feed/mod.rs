//! Files already in a contract's shape: vacancies, searches, quality, admissions, and placements made elsewhere.
//!
//! Only columns that the contract names go out. Cells are rewritten as the contract wants them; case
//! numbers, where a file has them instead of references, are pseudonymised here.

mod write;

use std::sync::Arc;

use hub_contract::{Column, Contract};
use hub_domain::AuthorityCode;

use crate::finding::{Finding, Place, Severity};
use crate::pseudonym::{Of, PseudonymKey};
use crate::return903::{Converted, child_number};
use crate::source::{Record, Sheet, show_headings};
use crate::trace::{Origin, Role, RowMap};

/// A column that may stand in the place of a reference, and what its pseudonym is of.
const NUMBERS: [(&str, &str, Of); 3] = [
    ("child_ref", "child", Of::Child),
    ("sibling_group_ref", "sibling_group", Of::Siblings),
    ("child_link", "child", Of::Link),
];
/// A column that says more than the contract may have, and the column it is cut down to.
const FINER: [(&str, &str); 2] = [("birth_month", "dob"), ("setting_sector", "postcode")];
/// The column by which `mode=changes` deletes.
const OPERATION: &str = "_op";

/// Where one cell of the feed comes from.
enum Source<'c> {
    /// The file's column of the same name.
    Plain(&'c Column),
    /// The file's column of another name, which says more than may go out.
    Finer(&'c Column, &'static str),
    /// A case number, to be hashed.
    Number(&'c Column, &'static str, Of),
    /// `_op`.
    Operation,
}

/// Writes the feed from its files.
pub(crate) fn convert(
    contract: &Contract,
    sheets: &[Sheet],
    authority: AuthorityCode,
    key: &PseudonymKey,
    findings: &mut Vec<Finding>,
) -> Result<Converted, csv::Error> {
    let sources = sources(contract, sheets);
    for sheet in sheets {
        note_unused(sheet, &sources, findings);
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut rows = RowMap::default();
    writer.write_record(sources.iter().map(Source::name))?;
    for source in &sources {
        rows.name(source.name(), Role::Main, source.heading(sheets));
    }
    for sheet in sheets {
        for record in &sheet.records {
            rows.push(Origin::of(sheet.place(record)));
            writer.write_record(sources.iter().map(|source| source.cell(sheet, record, authority, key)))?;
        }
    }
    let csv = writer.into_inner().map_err(|fault| csv::Error::from(fault.into_error()))?;
    Ok(Converted { csv, rows, children: 0 })
}

fn sources<'c>(contract: &'c Contract, sheets: &[Sheet]) -> Vec<Source<'c>> {
    let has = |name: &str| sheets.iter().any(|sheet| sheet.has(name));
    let mut sources: Vec<Source<'c>> = Vec::new();
    if has(OPERATION) {
        sources.push(Source::Operation);
    }
    for column in &contract.columns {
        let number = NUMBERS.iter().find(|(reference, number, _)| *reference == column.name && has(number));
        match number {
            Some(&(_, number, of)) => sources.push(Source::Number(column, number, of)),
            None if has(&column.name) => sources.push(Source::Plain(column)),
            None => {
                let finer = FINER.iter().find(|(coarse, finer)| *coarse == column.name && has(finer));
                sources.extend(finer.map(|(_, finer)| Source::Finer(column, finer)));
            }
        }
    }
    sources
}

impl Source<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Plain(column) | Self::Finer(column, _) | Self::Number(column, ..) => &column.name,
            Self::Operation => OPERATION,
        }
    }

    /// What the file calls the column.
    fn heading<'s>(&'s self, sheets: &'s [Sheet]) -> &'s str {
        let name = match self {
            Self::Number(_, other, _) | Self::Finer(_, other) => other,
            Self::Plain(_) | Self::Operation => self.name(),
        };
        sheets.iter().find(|sheet| sheet.has(name)).map_or(name, |sheet| sheet.spelling(name))
    }

    fn cell(&self, sheet: &Sheet, record: &Record, authority: AuthorityCode, key: &PseudonymKey) -> String {
        match *self {
            Self::Operation => sheet.cell(record, OPERATION).to_ascii_lowercase(),
            Self::Plain(column) => write::cell(column, sheet.cell(record, &column.name)),
            Self::Finer(column, finer) => write::cell(column, sheet.cell(record, finer)),
            Self::Number(column, number, of) => match sheet.cell(record, number) {
                "" => write::cell(column, sheet.cell(record, &column.name)),
                number => key.token(of, authority, &[&child_number(number)]),
            },
        }
    }
}

fn note_unused(sheet: &Sheet, sources: &[Source<'_>], findings: &mut Vec<Finding>) {
    let is_used = |heading: &str| {
        sources.iter().any(|source| {
            sheet.has(source.name()) && sheet.spelling(source.name()) == heading
                || matches!(source, Source::Number(_, other, _) | Source::Finer(_, other) if sheet.spelling(other) == heading)
        })
    };
    let unused: Vec<&str> =
        sheet.headings.iter().map(String::as_str).filter(|heading| !heading.is_empty() && !is_used(heading)).collect();
    if !unused.is_empty() {
        let message = format!("the contract does not name these columns, which stay here: {}", show_headings(&unused));
        let place = Place::file(&Arc::clone(&sheet.name));
        let fix = "Nothing, unless a heading is misspelt.";
        findings.push(Finding::new("agent-unused-column", Severity::Note, place, message, fix));
    }
}

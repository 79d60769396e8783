//! Files already in a contract's shape: every dataset but placements, and placements made elsewhere. The return's own file
//! of care leavers (OC3) is one of them but for its headings.
//!
//! Only columns that the contract names go out. Cells are rewritten as the contract wants them; case
//! numbers, where a file has them instead of references, are pseudonymised here.

mod write;

use std::sync::Arc;

use hub_contract::{Column, Contract};
use hub_domain::{AuthorityCode, Date, ages};

use crate::finding::{Finding, Place, Severity};
use crate::pseudonym::{Of, PseudonymKey};
use crate::return903::{Converted, child_number};
use crate::source::{Record, Sheet, show_headings};
use crate::trace::{Origin, Role, RowMap};

/// A column that may stand in the place of a reference, and what its pseudonym is of.
const NUMBERS: [(&str, &str, Of); 4] = [
    ("child_ref", "child", Of::Child),
    ("person_ref", "child", Of::Child),
    ("sibling_group_ref", "sibling_group", Of::Siblings),
    ("child_link", "child", Of::Link),
];
/// A column that says the same under the return's heading, or more than the contract may have, and the column it is
/// written to, cut down.
const FINER: [(&str, &str); 4] =
    [("birth_month", "dob"), ("setting_sector", "postcode"), ("accommodation", "accom"), ("activity", "activ")];
/// The column that the return leaves out, and the one it is counted from: whole years on the business date.
const YEARS: (&str, &str) = ("age", "dob");
/// The column by which `mode=changes` deletes.
const OPERATION: &str = "_op";

/// Where one cell of the feed comes from.
enum Source<'c> {
    /// The file's column of the same name.
    Plain(&'c Column),
    /// The file's column of another name, which says more than may go out.
    Finer(&'c Column, &'static str),
    /// Whole years, counted from the file's date of birth.
    Years(&'c Column),
    /// A case number, to be hashed.
    Number(&'c Column, &'static str, Of),
    /// `_op`.
    Operation,
}

/// Whose files they are, as of which day, and the key that hides whom they are about.
#[derive(Clone, Copy)]
pub(crate) struct Owner<'k> {
    /// Whose.
    pub(crate) authority: AuthorityCode,
    /// The day the files describe.
    pub(crate) as_at: Date,
    /// The borough's key.
    pub(crate) key: &'k PseudonymKey,
}

/// Writes the feed from its files.
pub(crate) fn convert(
    contract: &Contract,
    sheets: &[Sheet],
    owner: Owner<'_>,
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
            writer.write_record(sources.iter().map(|source| source.cell(sheet, record, owner)))?;
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
            None if column.name == YEARS.0 && has(YEARS.1) => sources.push(Source::Years(column)),
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
            Self::Plain(column) | Self::Finer(column, _) | Self::Years(column) | Self::Number(column, ..) => {
                &column.name
            }
            Self::Operation => OPERATION,
        }
    }

    /// What the file calls the column.
    fn heading<'s>(&'s self, sheets: &'s [Sheet]) -> &'s str {
        let name = match self {
            Self::Number(_, other, _) | Self::Finer(_, other) => other,
            Self::Years(_) => YEARS.1,
            Self::Plain(_) | Self::Operation => self.name(),
        };
        sheets.iter().find(|sheet| sheet.has(name)).map_or(name, |sheet| sheet.spelling(name))
    }

    fn cell(&self, sheet: &Sheet, record: &Record, owner: Owner<'_>) -> String {
        match *self {
            Self::Operation => sheet.cell(record, OPERATION).to_ascii_lowercase(),
            Self::Plain(column) => write::cell(column, sheet.cell(record, &column.name)),
            Self::Finer(column, finer) => write::cell(column, sheet.cell(record, finer)),
            Self::Years(column) => {
                let born = crate::cell::date(sheet.cell(record, YEARS.1));
                let age = born.get(..7).and_then(|month| ages::age_on(month, owner.as_at));
                age.map_or_else(|| write::cell(column, sheet.cell(record, &column.name)), |age| age.to_string())
            }
            Self::Number(column, number, of) => match sheet.cell(record, number) {
                "" => write::cell(column, sheet.cell(record, &column.name)),
                number => owner.key.token(of, owner.authority, &[&child_number(number)]),
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

//! `contract template`: something to fill in.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hub_contract::{Contract, csv_template, sample};

use super::{Stop, choose, give, write};
use crate::screen::Answer;

/// What `contract template` is told.
#[derive(Debug, Args)]
pub(in crate::command) struct Template {
    /// A dataset of this hub, or a contract file.
    contract: String,
    /// csv: the headings. xlsx: a workbook with a drop-down for every code, and what each column means.
    #[arg(long, value_enum, default_value_t = TemplateFormat::Csv)]
    format: TemplateFormat,
    /// With CSV: a row of made-up values under the headings.
    #[arg(long)]
    example: bool,
    /// Write it here rather than print it; a workbook is never printed.
    #[arg(long, value_name = "FILE", required_if_eq("format", "xlsx"))]
    out: Option<PathBuf>,
}

/// Forms of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TemplateFormat {
    /// Headings, separated by commas.
    Csv,
    /// A workbook.
    Xlsx,
}

pub(super) fn run(asked: &Template) -> Result<Answer, Stop> {
    let contract = choose(&asked.contract)?;
    match (asked.format, &asked.out) {
        (TemplateFormat::Csv, out) if asked.example => give(sample(&contract), out.as_deref()),
        (TemplateFormat::Csv, out) => give(csv_template(&contract), out.as_deref()),
        (TemplateFormat::Xlsx, Some(path)) => {
            write(path, &workbook(&contract)?)?;
            Ok(Answer::text(format!("{} is written.\n", path.display())))
        }
        (TemplateFormat::Xlsx, None) => Err(Stop::Usage("a workbook needs --out FILE".to_owned())),
    }
}

#[cfg(not(feature = "xlsx"))]
fn workbook(_: &Contract) -> Result<Vec<u8>, Stop> {
    let told = "this hub was built without workbooks: build it with --features xlsx, or take --format csv";
    Err(Stop::Refused(told.to_owned()))
}

#[cfg(feature = "xlsx")]
fn workbook(contract: &Contract) -> Result<Vec<u8>, Stop> {
    workbook::of(contract).map_err(|error| Stop::Fault(error.into()))
}

#[cfg(feature = "xlsx")]
mod workbook;

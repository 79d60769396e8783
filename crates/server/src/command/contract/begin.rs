//! `contract new`: a dataset begun.

use std::path::{Path, PathBuf};

use clap::Args;
use hub_contract::{Contract, DraftError, NewColumn, csv_template, draft, sample};
use serde_json::json;

use super::{Stop, write};
use crate::screen::Answer;

/// What `contract new` is told.
#[derive(Debug, Args)]
pub(in crate::command) struct Begin {
    /// The dataset's name: small letters, digits and underscores, in the plural.
    name: String,
    /// What people call it.
    #[arg(long)]
    title: Option<String>,
    /// A column, in the order of the records: NAME:KIND, then :key, :required or :child. KIND is token, reference, text, date,
    /// month, timestamp, boolean, integer, money, miles, sector, outcode, authority, urn, or code=ONE,TWO. Repeat it.
    #[arg(long = "column", value_name = "NAME:KIND", required = true)]
    columns: Vec<NewColumn>,
    /// The folder of contracts.
    #[arg(long, value_name = "FOLDER", default_value = "contracts")]
    into: PathBuf,
}

pub(super) fn run(asked: &Begin) -> Result<Answer, Stop> {
    let usage = |error: DraftError| Stop::Usage(error.to_string());
    let text = draft(&asked.name, asked.title.as_deref(), &asked.columns).map_err(usage)?;
    let contract = Contract::compile(&text).map_err(|error| Stop::Usage(error.to_string()))?;
    let folder = asked.into.join(&asked.name);
    if folder.exists() {
        return Err(Stop::Refused(format!("{} is there already, and was not touched", folder.display())));
    }
    let files = [
        (folder.join("v1.odcs.yaml"), text),
        (folder.join("samples/accepted/full.csv"), sample(&contract)),
        (folder.join("samples/rejected/required.csv"), blank_row(&contract)),
    ];
    for (path, text) in &files {
        make_folder(path)?;
        write(path, text.as_bytes())?;
    }
    let [contract, good, bad] = files.map(|(path, _)| path.display().to_string());
    let said = format!(
        "{contract}\n{good}\n{bad}\n\nWrite what stands as TO BE WRITTEN, then: hub contract lint {contract}\n"
    );
    Answer::new(said, json!({ "contract": contract, "samples": [good, bad] }))
}

/// A row whose last column alone is filled, or none: its key is missing.
fn blank_row(contract: &Contract) -> String {
    let mut cells = vec![String::new(); contract.columns.len()];
    let filled = (0..contract.columns.len()).rev().find(|at| !contract.key.contains(at));
    if let Some((at, column)) = filled.and_then(|at| Some((at, contract.columns.get(at)?)))
        && let Some(cell) = cells.get_mut(at)
    {
        cell.clone_from(&column.example);
    }
    format!("{}{}\r\n", csv_template(contract), cells.join(","))
}

fn make_folder(file: &Path) -> Result<(), Stop> {
    let Some(folder) = file.parent() else { return Ok(()) };
    std::fs::create_dir_all(folder).map_err(|error| {
        Stop::Fault(anyhow::Error::from(error).context(format!("{} cannot be made", folder.display())))
    })
}

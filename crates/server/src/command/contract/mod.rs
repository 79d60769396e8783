//! `contract`: what may be sent of each dataset. Nothing here needs a database.

mod begin;
mod look;
mod template;

use std::ops::Deref;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use hub_contract::{compare, contract, json_schema, record_type, reference, table_schema};
use hub_domain::Dataset;
use serde_json::json;

use super::Stop;
use crate::screen::Answer;

#[derive(Debug, Subcommand)]
pub(super) enum Contract {
    /// List the contracts that this hub keeps.
    List,
    /// Look at contract files and the samples beside them: exit 1 when one is not to be used.
    Lint(look::Look),
    /// Compare two versions: exit 1 when something breaks, or when the version does not say what has changed.
    Diff(Diff),
    /// Begin a dataset: its contract, and samples to go with it.
    New(begin::Begin),
    /// Write a template to be filled in: the headings as CSV, or a workbook with drop-downs.
    Template(template::Template),
    /// Print the reference page, in Markdown.
    Docs(Made),
    /// Print the columns as a schema.
    Schema(Schema),
    /// Print the record type that reads stored rows, in Rust.
    Record(Made),
}

/// What `contract diff` is told.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The older: a dataset of this hub, or a file.
    older: String,
    /// The newer.
    newer: String,
}

/// What `contract docs` and `contract record` are told.
#[derive(Debug, Args)]
pub(super) struct Made {
    /// A dataset of this hub, or a contract file.
    contract: String,
    /// Write it here rather than print it.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What `contract schema` is told.
#[derive(Debug, Args)]
pub(super) struct Schema {
    #[command(flatten)]
    made: Made,
    /// Which schema.
    #[arg(long, value_enum, default_value_t = SchemaKind::Table)]
    kind: SchemaKind,
}

/// Schemas that are made from a contract.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum SchemaKind {
    /// Frictionless Table Schema, of the CSV form.
    Table,
    /// JSON Schema 2020-12, of one row of the NDJSON form.
    Json,
}

/// A contract that was asked for by name, or by its file.
#[derive(Debug)]
pub(super) enum Chosen {
    /// One that is part of the program.
    Kept(&'static hub_contract::Contract),
    /// One from a file.
    Read(Box<hub_contract::Contract>),
}

impl Deref for Chosen {
    type Target = hub_contract::Contract;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Kept(contract) => contract,
            Self::Read(contract) => contract,
        }
    }
}

/// The contract that is meant: a dataset of this hub by its name, or the file of one.
pub(super) fn choose(named: &str) -> Result<Chosen, Stop> {
    if let Ok(dataset) = named.parse::<Dataset>() {
        return Ok(Chosen::Kept(contract(dataset)));
    }
    let path = Path::new(named);
    if !path.is_file() {
        let known: Vec<&str> = Dataset::ALL.iter().map(|dataset| dataset.as_str()).collect();
        let told = format!("there is no dataset and no file called {named}; the datasets are {}", known.join(", "));
        return Err(Stop::Usage(told));
    }
    let text = read(path)?;
    let compiled = hub_contract::Contract::compile(&text);
    let compiled = compiled.map_err(|error| Stop::Refused(format!("{named} is no contract: {error}")))?;
    Ok(Chosen::Read(Box::new(compiled)))
}

pub(super) fn run(asked: Contract) -> Result<Answer, Stop> {
    match asked {
        Contract::List => list(),
        Contract::Lint(asked) => look::run(&asked),
        Contract::Diff(asked) => {
            let found = compare(&*choose(&asked.older)?, &*choose(&asked.newer)?);
            let is_good = !found.is_breaking() && found.version_says_so;
            Ok(Answer::new(found.to_string(), &found)?.judged(is_good))
        }
        Contract::New(asked) => begin::run(&asked),
        Contract::Template(asked) => template::run(&asked),
        Contract::Docs(asked) => give(reference(&*choose(&asked.contract)?), asked.out.as_deref()),
        Contract::Schema(Schema { made, kind }) => {
            let contract = choose(&made.contract)?;
            let schema = match kind {
                SchemaKind::Table => table_schema(&contract),
                SchemaKind::Json => json_schema(&contract),
            };
            give(format!("{schema:#}\n"), made.out.as_deref())
        }
        Contract::Record(asked) => give(record_type(&*choose(&asked.contract)?), asked.out.as_deref()),
    }
}

fn list() -> Result<Answer, Stop> {
    let all: Vec<&hub_contract::Contract> = Dataset::ALL.into_iter().map(contract).collect();
    let due = |contract: &hub_contract::Contract| {
        format!("{}, by {}", contract.sla.frequency, contract.sla.deliver_by.strftime("%H:%M"))
    };
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|contract| {
            let (columns, rules) = (contract.columns.len().to_string(), contract.rules.len().to_string());
            vec![contract.name.clone(), contract.version.clone(), due(contract), columns, rules, contract.title.clone()]
        })
        .collect();
    let documents: Vec<_> = all
        .iter()
        .map(|contract| {
            json!({
                "dataset": contract.name,
                "version": contract.version,
                "title": contract.title,
                "due": due(contract),
                "columns": contract.columns.len(),
                "rules": contract.rules.len(),
            })
        })
        .collect();
    let headings = ["dataset", "version", "due (London)", "columns", "rules", "title"];
    Answer::new(crate::screen::table(&headings, &rows), documents)
}

/// Prints what was made, or writes it to a file.
fn give(text: String, out: Option<&Path>) -> Result<Answer, Stop> {
    let Some(path) = out else { return Ok(Answer::text(text)) };
    write(path, text.as_bytes())?;
    Ok(Answer::text(format!("{} is written.\n", path.display())))
}

fn read(path: &Path) -> Result<String, Stop> {
    std::fs::read_to_string(path).map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            return Stop::Usage(format!("there is no file {}", path.display()));
        }
        Stop::Fault(anyhow::Error::from(error).context(format!("{} cannot be read", path.display())))
    })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Stop> {
    let cannot = |error: std::io::Error| {
        Stop::Fault(anyhow::Error::from(error).context(format!("{} cannot be written", path.display())))
    };
    std::fs::write(path, bytes).map_err(cannot)
}

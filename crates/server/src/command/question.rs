//! `question`: what commissioners ask of the market, answered by the latest release.

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use hub_pipeline::publish::refresh;
use hub_sufficiency::{Question as Asked, question, questions, questions_page};
use serde_json::{Value, json};

use super::office::Office;
use super::{Global, Stop};
use crate::screen::{Answer, table};

#[derive(Debug, Subcommand)]
pub(super) enum Question {
    /// List the questions.
    List,
    /// Answer one from the latest release, or say what is missing to answer it.
    Show(Show),
    /// Print the reference page of the questions (Markdown).
    Page,
}

/// What `question show` is told.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// Which, from 1 to 17.
    #[arg(value_name = "N", value_parser = clap::value_parser!(u8).range(1..=17))]
    number: u8,
}

pub(super) async fn run(command: Question, global: &Global) -> Result<Answer, Stop> {
    match command {
        Question::List => Answer::list(&["number", "table", "question"], questions(), row),
        Question::Page => Ok(Answer::text(questions_page())),
        Question::Show(show) => {
            let asked =
                question(show.number).ok_or_else(|| Stop::Usage("questions are numbered 1 to 17".to_owned()))?;
            answer(asked, global).await
        }
    }
}

fn row(question: &Asked) -> Vec<String> {
    let table = question.table.map_or("-", |table| table.id);
    vec![question.number.to_string(), table.to_owned(), question.words.to_owned()]
}

async fn answer(asked: &Asked, global: &Global) -> Result<Answer, Stop> {
    let mut text = format!("{}. {}\n\n", asked.number, asked.words);
    let mut answer = Value::Null;
    if let Some(definition) = &asked.table {
        let office = Office::open(global).await?;
        refresh(&office.hub).await?;
        let published = office.hub.published.load_full();
        let table = published.as_ref().and_then(|published| published.tables.get(definition.id));
        let table = table.ok_or_else(|| {
            Stop::Refused("no release answers it yet: publish one with `hub release publish`".to_owned())
        })?;
        answer = serde_json::from_slice(&table.json).map_err(anyhow::Error::from)?;
        text += &show(&answer);
        // Writing to a string does not fail.
        let _ = writeln!(text, "\n{}", definition.words);
    }
    if !asked.missing.is_empty() {
        let _ = writeln!(text, "Missing: {}", asked.missing);
    }
    Answer::new(text, json!({ "question": asked, "answer": answer }))
}

/// The rows of a published table under its own columns.
pub(super) fn show(document: &Value) -> String {
    let columns = ["dimensions", "measures"].map(|part| document.get(part).and_then(Value::as_array));
    let names: Vec<&str> = columns.into_iter().flatten().flatten().filter_map(Value::as_str).collect();
    let rows = document.get("rows").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let cell = |row: &Value, name: &str| match row.get(name) {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let rows: Vec<Vec<String>> = rows.iter().map(|row| names.iter().map(|name| cell(row, name)).collect()).collect();
    table(&names, &rows)
}

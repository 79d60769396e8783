//! `question` and `ask`: what commissioners ask of the market, answered by the latest release.

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use hub_pipeline::publish::{Published, refresh};
use hub_sufficiency::{Answered, PrintedRow, Question as Asked, Worked, question, questions, questions_page};
use serde_json::{Value, json};

use super::office::Office;
use super::{Global, Stop};
use crate::screen::{Answer, table};

/// What `question` is told.
#[derive(Debug, Args)]
pub(super) struct Question {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the questions. This is also what `hub questions` does.
    List,
    /// Answer one from the latest release, with a word on what is missing to answer it; `hub ask` does the same.
    Show(Ask),
    /// Print the reference page of the questions (Markdown), worked from the latest release.
    Page,
}

/// Which question.
#[derive(Debug, Args)]
pub(super) struct Ask {
    /// Its name, such as recurring-gaps, or its number from 1 to 17.
    #[arg(value_name = "ID", value_parser = named)]
    question: &'static Asked,
}

fn named(text: &str) -> Result<&'static Asked, String> {
    question(text)
        .ok_or_else(|| "`hub questions` lists the questions: give a number from 1 to 17, or a name".to_owned())
}

pub(super) async fn run(command: Question, global: &Global) -> Result<Answer, Stop> {
    match command.what {
        None | Some(What::List) => Answer::list(&["number", "id", "question"], questions(), row),
        Some(What::Show(asked)) => ask(&asked, global).await,
        Some(What::Page) => page(global).await,
    }
}

fn row(question: &Asked) -> Vec<String> {
    vec![question.number.to_string(), question.id.to_owned(), question.words.to_owned()]
}

/// The latest release.
pub(super) async fn latest(global: &Global) -> Result<std::sync::Arc<Published>, Stop> {
    let office = Office::open(global).await?;
    refresh(&office.hub).await?;
    let published = office.hub.published.load_full();
    published.ok_or_else(|| Stop::Refused("there is no release yet: publish one with `hub release publish`".to_owned()))
}

pub(super) async fn ask(asked: &Ask, global: &Global) -> Result<Answer, Stop> {
    let asked = asked.question;
    let published = latest(global).await?;
    let answers = published.answer(asked)?;
    let mut text = format!("{}. {}\n{}\n", asked.number, asked.words, asked.how);
    for part in &answers {
        // Writing to a string does not fail.
        let _ = writeln!(text, "\n{} ({}, version {}):", part.tells, part.table, part.definition_version);
        text += &shown(part);
    }
    for route in asked.routes {
        let _ = writeln!(text, "\nSee also: GET {route}");
    }
    if !asked.missing.is_empty() {
        let _ = writeln!(text, "\nMissing: {}", asked.missing);
    }
    let _ = writeln!(text, "\nRelease {}, as at {}.", published.release.id, published.release.as_at);
    Answer::new(text, json!({ "question": asked, "release": published.release.id, "answers": answers }))
}

/// Rows under their columns, and how many more there are.
fn shown(part: &Answered) -> String {
    let columns: Vec<&str> = part.columns.iter().map(String::as_str).collect();
    let cells = |row: &PrintedRow| columns.iter().map(|column| cell(row.get(*column))).collect();
    let rows: Vec<Vec<String>> = part.rows.iter().map(cells).collect();
    let mut text = table(&columns, &rows);
    if part.left_out > 0 {
        let _ = writeln!(text, "… and {} more: GET /v1/tables/{}", part.left_out, part.table);
    }
    text
}

/// A figure or a label; a dash where there is none.
pub(super) fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

async fn page(global: &Global) -> Result<Answer, Stop> {
    let published = latest(global).await?;
    let worked: Result<Vec<Worked<'_>>, Stop> =
        questions().iter().map(|question| Ok((question, published.answer(question)?))).collect();
    Ok(Answer::text(questions_page(&worked?)))
}

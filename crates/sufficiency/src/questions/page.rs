//! The reference page of the questions: each in words, with the answer that a release gives.

use std::fmt::Write as _;

use hub_domain::Date;
use serde_json::Value;

use super::{Answered, Question, questions};

const HEAD: &str = "# Questions\n\n\
    Seventeen questions that commissioners ask of the market. `hub question list` lists them; `hub ask N` (or its name; \
    `--json`) and `GET /v1/questions/N` answer one from the latest release. A question is a query over published tables: \
    the rows it keeps, ranked as it asks. Every figure has passed the release gate; `c` stands where one is hidden, `–` \
    where there is none. What the figures mean stands in [definitions](definitions.md).\n";

const WORKED: &str = "The answers below are those of the region that `hub demo` makes up: `hub demo --once --folder demo`, \
    then `hub question page --database-url sqlite:demo/hub.sqlite`. It sends placements, vacancies, searches and quality; \
    tables that rest on the regulator's register, fostering households, care leavers or estimates of population are empty \
    in it, its searches name no sibling groups, and its homes do not say which children they match.\n";

/// A question and what a release answers to it.
pub type Worked<'a> = (&'a Question, Vec<Answered>);

/// The page, with the answers of a release: `docs/reference/questions.md` is this text of the demonstration's.
pub fn questions_page(worked: &[Worked<'_>]) -> String {
    let mut page = format!("{HEAD}\n{WORKED}");
    let as_at: Option<Date> = worked.iter().find_map(|(_, answered)| answered.first()).map(|first| first.as_at);
    // Writing to a string does not fail.
    if let Some(as_at) = as_at {
        let _ = writeln!(page, "\nAs at {as_at}.");
    }
    for question in questions() {
        let answered = worked.iter().find(|(asked, _)| asked.number == question.number);
        one(&mut page, question, answered.map_or(&[][..], |(_, answered)| answered));
    }
    page
}

fn one(page: &mut String, question: &Question, answered: &[Answered]) {
    let _ =
        writeln!(page, "\n## {}. {}\n\n`hub ask {}`. {}", question.number, question.words, question.id, question.how);
    for part in answered {
        let _ = writeln!(page, "\n{} (`{}`, version {}):\n", part.tells, part.table, part.definition_version);
        rows(page, part);
    }
    if !question.routes.is_empty() {
        let routes: Vec<String> = question.routes.iter().map(|route| format!("`GET {route}`")).collect();
        let _ = writeln!(page, "\nSee also {}.", routes.join(", "));
    }
    if !question.missing.is_empty() {
        let _ = writeln!(page, "\nMissing: {}", question.missing);
    }
}

fn rows(page: &mut String, part: &Answered) {
    if part.rows.is_empty() {
        let _ = writeln!(page, "No row.");
        return;
    }
    let line = |page: &mut String, cells: Vec<String>| {
        let _ = writeln!(page, "| {} |", cells.join(" | "));
    };
    line(page, part.columns.iter().map(|column| column.replace('_', " ")).collect());
    line(page, vec!["---".to_owned(); part.columns.len()]);
    for row in &part.rows {
        line(page, part.columns.iter().map(|column| cell(row.get(column))).collect());
    }
    if part.left_out > 0 {
        let _ = writeln!(page, "\n… and {} more.", part.left_out);
    }
}

/// A figure or a label; a dash where there is none.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::String(text)) => text.replace('|', "\\|"),
        Some(other) => other.to_string(),
    }
}

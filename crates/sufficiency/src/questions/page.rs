//! The reference page of the questions, checked by a test.

use std::fmt::Write as _;

use super::questions;

/// `docs/reference/questions.md` is this text.
pub fn questions_page() -> String {
    let mut page = String::from(
        "# Questions\n\nSeventeen questions that commissioners ask of the market. `hub question list` lists them, \
         `hub question show N` (`--json`) and `GET /v1/questions/N` answer from the latest release: every figure has \
         passed the release gate, and `c` stands where one is hidden.\n",
    );
    for question in questions() {
        // Writing to a string does not fail.
        let _ = write!(page, "\n## {}. {}\n\n", question.number, question.words);
        if let Some(table) = &question.table {
            let _ = writeln!(page, "Table `{}`, version {}: {}", table.id, table.version, table.words);
            let _ = writeln!(page, "Read from: {}. One is: {}. {}", table.datasets, table.unit, table.limits);
        }
        if !question.missing.is_empty() {
            let _ = writeln!(page, "\nMissing: {}", question.missing);
        }
    }
    page
}

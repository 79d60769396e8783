//! What commands print: text for people, or one JSON document.

use std::fmt::Write as _;
use std::io::Write as _;

use serde::Serialize;
use serde_json::Value;

use crate::command::Stop;

/// What a command has to say, in both forms; the caller prints one.
#[derive(Debug)]
pub(crate) struct Answer {
    text: String,
    json: Value,
    /// False when something was found that needs somebody: exit code 1.
    pub(crate) is_good: bool,
}

impl Answer {
    /// Nothing to print.
    pub(crate) fn silent() -> Self {
        Self::text("")
    }

    /// Words only, whichever form is asked for.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), json: Value::Null, is_good: true }
    }

    /// The same thing in words and as a document.
    pub(crate) fn new(text: impl Into<String>, json: impl Serialize) -> Result<Self, Stop> {
        let json = serde_json::to_value(json).map_err(anyhow::Error::from)?;
        Ok(Self { text: text.into(), json, is_good: true })
    }

    /// A list: one row a line under headings, or an array.
    pub(crate) fn list<T: Serialize>(
        headings: &[&str],
        items: &[T],
        row: impl Fn(&T) -> Vec<String>,
    ) -> Result<Self, Stop> {
        let rows: Vec<Vec<String>> = items.iter().map(row).collect();
        Self::new(table(headings, &rows), items)
    }

    /// The answer, as one that needs somebody unless `is_good`.
    pub(crate) fn judged(mut self, is_good: bool) -> Self {
        self.is_good = is_good;
        self
    }

    /// What to print.
    pub(crate) fn render(&self, as_json: bool) -> String {
        match (as_json, &self.json) {
            (true, json) if !json.is_null() => format!("{json:#}\n"),
            _ => self.text.clone(),
        }
    }
}

/// Prints to stdout, whole. A reader that has gone away (`hub … | head`) is no fault.
pub(crate) fn print(text: &str) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Stop::Fault(error.into())),
        _ => Ok(()),
    }
}

/// Rows under headings, columns aligned, two spaces between; `Nothing.` where there are no rows.
pub(crate) fn table(headings: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return "Nothing.\n".to_owned();
    }
    let width = |at: usize, heading: &str| {
        let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count());
        cells.chain([heading.chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = headings.iter().enumerate().map(|(at, heading)| width(at, heading)).collect();
    let mut text = String::new();
    let heading = headings.iter().map(|heading| heading.to_uppercase()).collect();
    for row in std::iter::once(&heading).chain(rows) {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(line, "{cell:<width$}  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// What is there, or a dash.
pub(crate) fn or_dash<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| value.to_string())
}

/// An instant as people at the hub read it: London's wall clock, to the minute.
pub(crate) fn local(at: jiff::Timestamp) -> String {
    at.to_zoned(hub_domain::clock::london()).strftime("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_aligned_and_has_no_trailing_space() {
        let rows = vec![vec!["E09000023".to_owned(), "Lewisham".to_owned()], vec!["–".to_owned(), String::new()]];
        assert_eq!(table(&["code", "name"], &rows), "CODE       NAME\nE09000023  Lewisham\n–\n");
        assert_eq!(table(&["code"], &[]), "Nothing.\n");
    }

    #[test]
    fn an_answer_is_one_form_or_the_other() {
        let answer = Answer::list(&["a"], &[1, 2], |n| vec![n.to_string()]).unwrap();
        assert_eq!(answer.render(false), "A\n1\n2\n");
        assert_eq!(answer.render(true), "[\n  1,\n  2\n]\n");
        assert_eq!(Answer::silent().render(true), "");
    }

    #[test]
    fn instants_are_londons() {
        assert_eq!(local("2026-06-30T23:30:00Z".parse().unwrap()), "2026-07-01 00:30");
    }
}

//! The rows of a published table on a page.

use super::{is_code, words};
use crate::figure::{Cell, Column, DataTable, Figure, Line, Opened, Row, heading};

/// The most rows on a page.
const MOST: usize = 200;

/// The table, and how many of its rows there was no room for.
pub(super) fn of(opened: &Opened, lines: &[Line<'_>], day: &str) -> (DataTable, usize) {
    let labels: Vec<&str> = opened.labels().filter(|column| !is_code(opened, column)).collect();
    let measures: Vec<&str> = opened.measures().collect();
    let title = opened.definition.map_or(opened.name.as_str(), |definition| definition.title);
    let unit = opened.definition.map_or("", |definition| definition.unit);
    let headings = labels.iter().map(|column| Column::text(words(column)));
    let row = |line: &Line<'_>| {
        let words = labels.iter().map(|column| Cell::Text(label(line.word(column))));
        Row::of(words.chain(measures.iter().map(|measure| Cell::Figure(line.figure(measure)))).collect())
    };
    let table = DataTable {
        id: "rows".to_owned(),
        caption: format!("{title}, {day} ({unit})"),
        columns: headings.chain(measures.iter().map(|measure| Column::figures(heading(measure)))).collect(),
        rows: lines.iter().take(MOST).map(row).collect(),
        empty: "No row: no feed that it is made of has come yet, or nothing is of the kind asked for.".to_owned(),
    };
    (table, lines.len().saturating_sub(MOST))
}

/// A label as people read it.
fn label(word: &str) -> String {
    if word == "all" { "All".to_owned() } else { word.to_owned() }
}

/// What a row is about: the labels that differ, in words.
pub(super) fn about(opened: &Opened, line: Line<'_>, is_each: impl Fn(&str) -> bool) -> String {
    let shown = opened.labels().filter(|column| !is_code(opened, column));
    let differing = shown.filter(|column| is_each(column.strip_suffix("_name").unwrap_or(column)));
    let words: Vec<String> = differing.map(|column| label(line.word(column))).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "All".to_owned() } else { words.join(", ") }
}

/// A figure that may be drawn.
pub(super) fn is_drawn(figure: &Figure) -> bool {
    !matches!(figure, Figure::Word(_))
}

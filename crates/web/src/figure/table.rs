//! A table on a page: one shape for every one of them, so that caption, scopes and hidden figures are right everywhere.

use askama::Template;
use askama::filters::HtmlSafe;

use super::Figure;

/// A table with a caption, headings and rows.
#[derive(Debug, Clone, Template)]
#[template(path = "figure/table.html")]
pub(crate) struct DataTable {
    /// Names it on the page; its caption's id begins so.
    pub(crate) id: String,
    /// What it shows, units and day included.
    pub(crate) caption: String,
    /// Its headings.
    pub(crate) columns: Vec<Column>,
    /// Its rows.
    pub(crate) rows: Vec<Row>,
    /// Why it has no rows, in a sentence.
    pub(crate) empty: String,
}

impl HtmlSafe for DataTable {}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// The words.
    pub(crate) words: String,
    /// Figures stand under it: set to the right.
    pub(crate) is_figures: bool,
}

/// A row.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Its anchor, where a picture leads to it; blank where none.
    pub(crate) id: String,
    /// Its cells; the first is its heading.
    pub(crate) cells: Vec<Cell>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// A figure.
    Figure(Figure),
    /// Words.
    Text(String),
    /// Words that lead somewhere: the words, the address.
    Link(String, String),
}

impl Column {
    /// A heading over words.
    pub(crate) fn text(words: impl Into<String>) -> Self {
        Self { words: words.into(), is_figures: false }
    }

    /// A heading over figures.
    pub(crate) fn figures(words: impl Into<String>) -> Self {
        Self { words: words.into(), is_figures: true }
    }
}

impl Row {
    /// A row that nothing leads to.
    pub(crate) fn of(cells: Vec<Cell>) -> Self {
        Self { id: String::new(), cells }
    }
}

impl Cell {
    /// Words.
    pub(crate) fn text(words: impl Into<String>) -> Self {
        Self::Text(words.into())
    }
}

impl DataTable {
    /// Whether any of its figures is hidden: then the page says why.
    pub(crate) fn hides(&self) -> bool {
        let mut cells = self.rows.iter().flat_map(|row| &row.cells);
        cells.any(|cell| matches!(cell, Cell::Figure(figure) if figure.is_hidden()))
    }

    /// Whether any is held.
    pub(crate) fn holds(&self) -> bool {
        let mut cells = self.rows.iter().flat_map(|row| &row.cells);
        cells.any(|cell| matches!(cell, Cell::Figure(Figure::Held(_))))
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a template passes what it names by reference")]
    fn is_figures(&self, at: &usize) -> bool {
        self.columns.get(*at).is_some_and(|column| column.is_figures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_figure_is_marked_and_words_are_escaped() {
        let table = DataTable {
            id: "t".into(),
            caption: "Children & homes".into(),
            columns: vec![Column::text("Area"), Column::figures("Children")],
            rows: vec![
                Row::of(vec![Cell::text("<A>"), Cell::Figure(Figure::Hidden)]),
                Row::of(vec![Cell::Link("B".into(), "/b?x=1&y=2".into()), Cell::Figure(Figure::Held(1_200))]),
            ],
            empty: "Nothing.".into(),
        };
        let html = table.to_string();
        assert!(html.contains("<caption id=\"t-caption\">Children &#38; homes"), "{html}");
        assert!(
            html.contains(
                "<th scope=\"row\">&#60;A&#62;</th><td class=\"number\"><abbr title=\"hidden\">c</abbr></td>"
            ),
            "{html}"
        );
        assert!(html.contains("1,200<abbr title=\"held as an earlier release had it\">h</abbr>"), "{html}");
        assert!(table.hides() && table.holds());
        let none = DataTable { rows: Vec::new(), ..table };
        assert!(none.to_string().contains("<td colspan=\"2\">Nothing.</td>"));
    }
}

//! A table as people read it: a caption, headings with their scope, numbers to the right, one scroll for narrow screens.

use askama::Template;

/// A table. Put it in a template with `{{ table|safe }}`: it escapes what it holds itself.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "layout/table.html")]
pub(crate) struct Table {
    /// What it shows, in words; read out before the table.
    pub(crate) caption: String,
    /// Its columns.
    pub(crate) heads: Vec<Head>,
    /// Its rows; the first cell of each is the row's heading.
    pub(crate) rows: Vec<Vec<Cell>>,
    /// What is said in place of a table without rows.
    pub(crate) empty: String,
}

/// The heading of a column.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    text: String,
    is_number: bool,
}

/// How much a tag asks for attention. Never said by colour alone: the tag's words say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing to do.
    Plain,
    /// All is well.
    Good,
    /// Soon.
    Soon,
    /// Now.
    Urgent,
}

/// One cell.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    /// Words.
    Text(String),
    /// A figure, or the mark that stands for one that is hidden.
    Number(String),
    /// A link to a page of this hub's.
    Link {
        /// Where to.
        to: String,
        /// Its words.
        text: String,
    },
    /// A state, set off.
    Tag(Tone, String),
}

impl Table {
    /// A table of those columns, without rows yet.
    pub(crate) fn new(caption: impl Into<String>, heads: impl IntoIterator<Item = Head>) -> Self {
        Self { caption: caption.into(), heads: heads.into_iter().collect(), ..Self::default() }
    }

    /// The same, with those rows.
    #[must_use]
    pub(crate) fn with(mut self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Self {
        self.rows.extend(rows);
        self
    }

    /// The same, with what is said when there are no rows.
    #[must_use]
    pub(crate) fn or_else(self, empty: impl Into<String>) -> Self {
        Self { empty: empty.into(), ..self }
    }
}

impl Head {
    /// A column of words.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_number: false }
    }

    /// A column of figures; say their unit.
    pub(crate) fn number(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_number: true }
    }
}

impl Cell {
    /// Words.
    pub(crate) fn text(text: impl std::fmt::Display) -> Self {
        Self::Text(text.to_string())
    }

    /// A figure.
    pub(crate) fn number(figure: impl std::fmt::Display) -> Self {
        Self::Number(figure.to_string())
    }

    /// A link.
    pub(crate) fn link(to: impl Into<String>, text: impl std::fmt::Display) -> Self {
        Self::Link { to: to.into(), text: text.to_string() }
    }

    /// A state.
    pub(crate) fn tag(tone: Tone, text: impl std::fmt::Display) -> Self {
        Self::Tag(tone, text.to_string())
    }

    fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }
}

impl Tone {
    /// Its class in the stylesheet.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Plain => "tag",
            Self::Good => "tag tag-good",
            Self::Soon => "tag tag-soon",
            Self::Urgent => "tag tag-urgent",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cell_holds_is_escaped_and_the_first_is_the_rows_heading() {
        let heads = [Head::text("Home"), Head::number("Places"), Head::text("State")];
        let row = vec![Cell::link("/a?b=1&c=2", "<Oak>"), Cell::number(3), Cell::tag(Tone::Urgent, "late")];
        let shown = Table::new("Homes", heads).with([row]).render().unwrap();
        assert!(shown.contains("<caption>Homes</caption>"), "{shown}");
        assert!(shown.contains(r#"<th scope="col" class="number">Places</th>"#), "{shown}");
        assert!(shown.contains(r#"<th scope="row"><a href="/a?b=1&#38;c=2">&#60;Oak&#62;</a></th>"#), "{shown}");
        assert!(
            shown.contains(r#"<td class="number">3</td>"#) && shown.contains(r#"<span class="tag tag-urgent">late"#)
        );
    }

    #[test]
    fn a_table_without_rows_says_so() {
        let shown =
            Table::new("Homes", [Head::text("Home")]).or_else("No home has told us of a place.").render().unwrap();
        assert!(shown.contains("No home has told us of a place.") && !shown.contains("<table"), "{shown}");
    }
}

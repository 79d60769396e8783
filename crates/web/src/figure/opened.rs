//! A published table, opened for a page.

use hub_pipeline::Fault;
use hub_pipeline::publish::{Field, Published, PublishedTable, Sheet};
use hub_sufficiency::{Definition, find_definition_version};

use super::Figure;

/// A published table and the definition it was computed by.
#[derive(Debug)]
pub(crate) struct Opened {
    /// Its name.
    pub(crate) name: String,
    /// What its figures mean.
    pub(crate) definition: Option<&'static Definition>,
    /// Of which date the outside denominator is, such as `mid-2024`; blank where there is none.
    pub(crate) vintage: String,
    /// Its rows.
    pub(crate) sheet: Sheet,
}

/// A row of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    sheet: &'a Sheet,
    fields: &'a [Field],
}

impl Opened {
    /// The table of that name; `None` where the release has none.
    ///
    /// # Errors
    /// When what is served does not read as a table.
    pub(crate) fn of(published: &Published, name: &str) -> Result<Option<Self>, Fault> {
        published.tables.get(name).map(|table| Self::read(name, table)).transpose()
    }

    /// A table by itself, such as an authority's own.
    ///
    /// # Errors
    /// When it does not read as one.
    pub(crate) fn read(name: &str, table: &PublishedTable) -> Result<Self, Fault> {
        let mut opened =
            Self { name: name.to_owned(), definition: None, vintage: String::new(), sheet: table.sheet()? };
        let first = opened.lines().next();
        let version = first.and_then(|line| line.figure("definition_version").number());
        let version = version.and_then(|version| u32::try_from(version).ok());
        let vintage = first.map_or(Figure::Blank, |line| line.figure("denominator_vintage"));
        opened.definition = match version {
            Some(version) => find_definition_version(name, version),
            None => hub_sufficiency::find_definition(name),
        };
        if let Figure::Word(vintage) = vintage {
            opened.vintage = vintage;
        }
        Ok(opened)
    }

    /// The rows of several releases of a table, under the columns of today's definition.
    pub(crate) fn over(name: &str, sheet: Sheet) -> Self {
        let definition = hub_sufficiency::find_definition(name);
        Self { name: name.to_owned(), definition, vintage: String::new(), sheet }
    }

    /// Its rows, in the order of the table.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.sheet.rows.iter().map(|fields| Line { sheet: &self.sheet, fields })
    }

    /// The rows whose labels are these, each by its column.
    pub(crate) fn where_all<'a>(&'a self, labels: &'a [(&'a str, &'a str)]) -> impl Iterator<Item = Line<'a>> {
        self.lines().filter(move |line| labels.iter().all(|(column, word)| line.word(column) == *word))
    }

    /// Names of its label columns.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &str> {
        self.sheet.columns.iter().take(self.sheet.labels).map(|column| column.name.as_str())
    }

    /// Names of its measures.
    pub(crate) fn measures(&self) -> impl Iterator<Item = &str> {
        let after = self.sheet.columns.iter().skip(self.sheet.labels).take(self.sheet.measures);
        after.map(|column| column.name.as_str())
    }
}

impl<'a> Line<'a> {
    /// What a label column says; blank where there is no such column.
    pub(crate) fn word(self, column: &str) -> &'a str {
        match self.field(column) {
            Some(Field::Text(words)) => words,
            _ => "",
        }
    }

    /// What a measure says.
    pub(crate) fn figure(self, column: &str) -> Figure {
        let is_held = match self.fields.last() {
            Some(Field::Text(held)) => held.split(' ').any(|name| name == column),
            _ => false,
        };
        Figure::of(self.field(column), is_held)
    }

    fn field(self, column: &str) -> Option<&'a Field> {
        let at = self.sheet.columns.iter().position(|named| named.name == column)?;
        self.fields.get(at)
    }
}

//! Published documents read back as rows under typed columns: what Parquet, ranges of releases and pages are made of.

use std::borrow::Cow;
use std::collections::BTreeMap;

use hub_disclosure::{HELD, MARKER, PROVENANCE};
use hub_sufficiency::{Layout, Values, layout, values_of};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::Fault;

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Words.
    Text,
    /// Whole numbers that may be hidden.
    Measure,
    /// Whole numbers.
    Number,
    /// Days.
    Date,
    /// Instants.
    Instant,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub kind: Kind,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// Nothing.
    Blank,
    /// A number that is hidden.
    Hidden,
    /// A number.
    Number(i64),
    /// Words, a day or an instant.
    Text(String),
}

/// Rows under columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The columns: labels, measures, and what every row says of its release.
    pub columns: Vec<Column>,
    /// How many of them are labels.
    pub labels: usize,
    /// How many after those are measures.
    pub measures: usize,
    /// Rows, each with a field for every column.
    pub rows: Vec<Vec<Field>>,
}

/// A published document, as far as it is read back.
#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    table: Cow<'a, str>,
    dimensions: Vec<String>,
    measures: Vec<String>,
    #[serde(borrow)]
    rows: Vec<Written<'a>>,
}

/// A row as it was written, by column.
type Written<'a> = BTreeMap<String, &'a RawValue>;

const BROKEN: Fault = Fault::Inconsistent("a published table");

impl Sheet {
    /// No rows, under the columns that the table has in every release of today's definition; `None` where no such table is
    /// published.
    pub(super) fn empty(table: &str) -> Option<Self> {
        let Layout { dimensions, measures, .. } = layout(table)?;
        let measures = measures.iter().map(|(name, values)| (name.clone(), *values)).collect();
        Some(Self::under(dimensions.clone(), measures))
    }

    /// One document, under its own columns.
    ///
    /// # Errors
    /// When the bytes are no published table.
    pub fn read(json: &[u8]) -> Result<Self, Fault> {
        let document: Document<'_> = serde_json::from_slice(json).map_err(|_| BROKEN)?;
        let measures = document.measures.iter().map(|name| (name.clone(), values_of(&document.table, name))).collect();
        let mut sheet = Self::under(document.dimensions.clone(), measures);
        sheet.take(&document)?;
        Ok(sheet)
    }

    /// No rows, under these labels and measures.
    fn under(dimensions: Vec<String>, named: Vec<(String, Values)>) -> Self {
        let (labels, measures) = (dimensions.len(), named.len());
        Self { columns: columns(dimensions, named), labels, measures, rows: Vec::new() }
    }

    /// Adds the rows of a document. What it has no column for is left out, what it lacks is blank: a table of years ago stands
    /// under today's columns.
    pub(super) fn append(&mut self, json: &[u8]) -> Result<(), Fault> {
        self.take(&serde_json::from_slice(json).map_err(|_| BROKEN)?)
    }

    fn take(&mut self, document: &Document<'_>) -> Result<(), Fault> {
        for row in &document.rows {
            let fields = self
                .columns
                .iter()
                .map(|column| row.get(&column.name).map_or(Ok(Field::Blank), |value| field(column.kind, value)));
            let fields = fields.collect::<Result<Vec<_>, _>>()?;
            self.rows.push(fields);
        }
        Ok(())
    }
}

/// Labels, measures, then what every row says of its release.
fn columns(dimensions: Vec<String>, measures: Vec<(String, Values)>) -> Vec<Column> {
    let column = |name: &str, kind| Column { name: name.to_owned(), kind };
    let [definition, version, release, as_at, as_known, vintage] = PROVENANCE;
    let labels = dimensions.into_iter().map(|name| Column { name, kind: Kind::Text });
    let measures = measures.into_iter().map(|(name, values)| {
        let kind = match values {
            Values::Number => Kind::Measure,
            Values::Text => Kind::Text,
            Values::Day => Kind::Date,
        };
        Column { name, kind }
    });
    let provenance = [
        column(definition, Kind::Text),
        column(version, Kind::Number),
        column(release, Kind::Text),
        column(as_at, Kind::Date),
        column(as_known, Kind::Instant),
        column(vintage, Kind::Text),
        column(HELD, Kind::Text),
    ];
    labels.chain(measures).chain(provenance).collect()
}

fn field(kind: Kind, value: &RawValue) -> Result<Field, Fault> {
    let text = value.get();
    if text == "null" {
        return Ok(Field::Blank);
    }
    if let Ok(number) = text.parse() {
        return Ok(Field::Number(number));
    }
    let words: String = serde_json::from_str(text).map_err(|_| BROKEN)?;
    let is_hidden = kind == Kind::Measure && words == MARKER;
    Ok(if is_hidden { Field::Hidden } else { Field::Text(words) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"{"table":"provider_scores","title":"t","dimensions":["urn"],"measures":["overall","safety"],"rows":[
        {"urn":"1","overall":"c","safety":"c","definition":"provider_scores","definition_version":1,"release":"r","as_at":"2026-03-01","as_known":"2026-03-02T06:00:00Z","denominator_vintage":null,"held":""},
        {"urn":"2 \"b\"","overall":null,"safety":-3,"definition":"provider_scores","definition_version":1,"release":"r","as_at":"2026-03-01","as_known":"2026-03-02T06:00:00Z","denominator_vintage":null,"held":"safety"}]}"#;

    fn text(text: &str) -> Field {
        Field::Text(text.to_owned())
    }

    #[test]
    fn a_document_is_read_back_and_only_a_number_can_be_hidden() {
        let sheet = Sheet::read(DOCUMENT.as_bytes()).unwrap();
        let names: Vec<_> = sheet.columns.iter().map(|column| (column.name.as_str(), column.kind)).take(3).collect();
        assert_eq!(names, [("urn", Kind::Text), ("overall", Kind::Text), ("safety", Kind::Measure)]);
        assert_eq!(sheet.rows[0][..3], [text("1"), text("c"), Field::Hidden]);
        assert_eq!(sheet.rows[1][..3], [text("2 \"b\""), Field::Blank, Field::Number(-3)]);
        assert_eq!(sheet.rows[1].last(), Some(&text("safety")));
        assert!(Sheet::read(b"{}").is_err());
    }

    #[test]
    fn an_older_document_stands_under_todays_columns() {
        let mut sheet = Sheet::empty("provider_scores").unwrap();
        let width = sheet.columns.len();
        sheet.append(DOCUMENT.as_bytes()).unwrap();
        assert!(sheet.rows.iter().all(|row| row.len() == width));
        let at = |name: &str| sheet.columns.iter().position(|column| column.name == name).unwrap();
        assert_eq!(sheet.rows[1][at("safety")], Field::Number(-3));
        assert_eq!(sheet.rows[1][at("care")], Field::Blank, "a column that it lacks");
        assert_eq!(Sheet::empty("nothing"), None);
    }
}

//! A published table as its readers have it: read back from the bytes that were served, so that what is made of it can
//! hold nothing that the release gate did not let out.

use hub_domain::{Date, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};

/// A row: labels and figures by column. A hidden figure is a letter, not a number.
pub type PrintedRow = Map<String, Value>;

/// A published table, read back.
#[derive(Debug, Clone, Deserialize)]
pub struct Printed {
    /// Its name.
    pub table: String,
    /// What it is called.
    pub title: String,
    /// The definition every row is computed by.
    pub definition: String,
    /// Its version.
    pub definition_version: u32,
    /// The release it is of.
    pub release: String,
    /// The day it is true of.
    pub as_at: Date,
    /// The moment as of which its records were known.
    pub as_known: Timestamp,
    /// Of which date the outside denominator is; `None` where there is none.
    pub denominator_vintage: Option<String>,
    /// Its label columns.
    pub dimensions: Vec<String>,
    /// Its value columns.
    pub measures: Vec<String>,
    /// Its rows, in the order of the table.
    pub rows: Vec<PrintedRow>,
}

impl Printed {
    /// Reads the JSON document of a published table.
    ///
    /// # Errors
    /// When the bytes are no such document.
    pub fn read(json: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(json)
    }
}

/// What a label column says.
pub(crate) fn text<'a>(row: &'a PrintedRow, column: &str) -> Option<&'a str> {
    row.get(column).and_then(Value::as_str)
}

/// A count that is shown; `None` where it is hidden or blank.
pub(crate) fn count(row: &PrintedRow, column: &str) -> Option<u64> {
    row.get(column).and_then(Value::as_u64)
}

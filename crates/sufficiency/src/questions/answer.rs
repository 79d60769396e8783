//! A question's named query, put to a release: the rows it keeps, as they were published.

use std::cmp::Reverse;

use hub_domain::{Date, Timestamp};
use serde::Serialize;
use serde_json::Value;

use super::{Question, Reading};
use crate::printed::{Printed, PrintedRow, text};

/// Names of the measures that a row has as an earlier release had them.
const HELD: &str = "held";

/// What one table of a release says to a question.
#[derive(Debug, Clone, Serialize)]
pub struct Answered {
    /// The table.
    pub table: &'static str,
    /// What it tells of the question.
    pub tells: &'static str,
    /// What the table is called.
    pub title: String,
    /// By which definition its figures were computed.
    pub definition: String,
    /// In which version.
    pub definition_version: u32,
    /// Of which date the outside denominator is; `None` where there is none.
    pub denominator_vintage: Option<String>,
    /// The release.
    pub release: String,
    /// The day it is true of.
    pub as_at: Date,
    /// The moment as of which its records were known.
    pub as_known: Timestamp,
    /// Columns of the rows, in order.
    pub columns: Vec<String>,
    /// Rows that the query keeps, ranked; a hidden figure is the letter `c`, and `held` names those held as they were.
    pub rows: Vec<PrintedRow>,
    /// Rows that it keeps and that are not among these: see the table itself.
    pub left_out: usize,
}

impl Question {
    /// Answers from the tables of a release; a table that the release does not have is left out.
    ///
    /// # Errors
    /// When a table does not read as one.
    pub fn answer<'a>(&self, served: impl Fn(&str) -> Option<&'a [u8]>) -> Result<Vec<Answered>, serde_json::Error> {
        let read = |reading: &Reading| Some(Printed::read(served(reading.table)?).map(|table| reading.of(table)));
        self.readings.iter().filter_map(read).collect()
    }
}

impl Reading {
    /// What the table says to the question.
    fn of(&self, printed: Printed) -> Answered {
        let mut rows: Vec<PrintedRow> = printed.rows.into_iter().filter(|row| self.keeps(row)).collect();
        if !self.rank.is_empty() {
            // Rows come in a fixed order and the sort keeps it among equals; what is hidden or blank stands last.
            rows.sort_by_key(|row| Reverse(row.get(self.rank).and_then(Value::as_i64)));
        }
        let left_out = rows.len().saturating_sub(self.most);
        rows.truncate(self.most);
        let all = || printed.dimensions.iter().chain(&printed.measures).cloned().collect();
        let columns: Vec<String> = if self.columns.is_empty() {
            all()
        } else {
            self.columns.iter().map(|&column| column.to_owned()).collect()
        };
        for row in &mut rows {
            row.retain(|name, value| {
                columns.contains(name) || (name == HELD && value.as_str().is_some_and(|held| !held.is_empty()))
            });
        }
        Answered {
            table: self.table,
            tells: self.tells,
            title: printed.title,
            definition: printed.definition,
            definition_version: printed.definition_version,
            denominator_vintage: printed.denominator_vintage,
            release: printed.release,
            as_at: printed.as_at,
            as_known: printed.as_known,
            columns,
            rows,
            left_out,
        }
    }

    fn keeps(&self, row: &PrintedRow) -> bool {
        self.keep.iter().all(|(column, words)| text(row, column).is_some_and(|word| words.contains(&word)))
    }
}

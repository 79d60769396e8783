//! Naming cells that are not safe: where they stand, never what is in them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::check::Exposed;
use crate::system::System;
use crate::table::{Cell, Table};

/// A cell that somebody could work out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Exposure {
    /// The cell's id.
    pub cell: String,
    /// The first table it stands in.
    pub table: String,
    /// The labels of its row there.
    pub row: Vec<String>,
    /// Its column there.
    pub column: String,
    /// The contributor that could, of its own rows; none where any reader could.
    pub by: Option<String>,
}

impl fmt::Display for Exposure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {} / {}", self.table, self.row.join(", "), self.column)?;
        self.by.as_ref().map_or(Ok(()), |by| write!(f, " (to {by})"))
    }
}

/// The cells by their names, in order.
pub(crate) fn name_cells(system: &System, tables: &[Table], cells: BTreeSet<Exposed>) -> Vec<Exposure> {
    let places = places(tables);
    let name = |exposed: Exposed| {
        let count = system.counts.get(exposed.cell)?;
        let by = system.views.get(exposed.view).and_then(|view| view.name.clone());
        let (table, row, column) = places.get(count.id.as_str())?;
        Some(Exposure {
            cell: count.id.clone(),
            table: (*table).to_owned(),
            row: row.to_vec(),
            column: (*column).to_owned(),
            by,
        })
    };
    let mut named: Vec<Exposure> = cells.into_iter().filter_map(name).collect();
    named.sort_unstable();
    named
}

/// Where each count first stands: its table, the labels of its row, its column.
pub(crate) fn places(tables: &[Table]) -> BTreeMap<&str, (&str, &[String], &str)> {
    let mut places = BTreeMap::new();
    for table in tables {
        let cells = table.rows.iter().flat_map(|row| {
            row.cells.iter().zip(&table.measures).map(|(cell, column)| (cell, (row.labels.as_slice(), column.as_str())))
        });
        for (cell, (row, column)) in cells {
            let Cell::Count { id, .. } = cell else { continue };
            places.entry(id.as_str()).or_insert((table.name.as_str(), row, column));
        }
    }
    places
}

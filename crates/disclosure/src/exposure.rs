//! Naming cells that are not safe: where they stand, never what is in them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::check::Exposed;
use crate::costs::{Costs, Told};
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

/// The counts by their names, in order.
pub(crate) fn name_cells(system: &System, tables: &[Table], cells: BTreeSet<Exposed>) -> Vec<Exposure> {
    let places = places(tables);
    let name = |exposed: Exposed| {
        let count = system.counts.get(exposed.cell)?;
        let by = system.views.get(exposed.view).and_then(|view| view.name.clone());
        places.name(&count.id, by)
    };
    sorted(cells.into_iter().filter_map(name))
}

/// Counts and costs by their names, in order.
pub(crate) fn name_all(
    system: &System,
    costs: &Costs,
    tables: &[Table],
    (counts, told): (BTreeSet<Exposed>, Vec<Told>),
) -> Vec<Exposure> {
    let places = places(tables);
    let name = |told: Told| places.name(&costs.cells.get(told.cell)?.id, costs.lookers.get(told.looker)?.clone());
    sorted(name_cells(system, tables, counts).into_iter().chain(told.into_iter().filter_map(name)))
}

fn sorted(named: impl Iterator<Item = Exposure>) -> Vec<Exposure> {
    let mut named: Vec<Exposure> = named.collect();
    named.sort_unstable();
    named
}

/// Where each count and cost first stands: its table, the labels of its row, its column.
pub(crate) struct Places<'a>(BTreeMap<&'a str, (&'a str, &'a [String], &'a str)>);

impl Places<'_> {
    pub(crate) fn name(&self, cell: &str, by: Option<String>) -> Option<Exposure> {
        let (table, row, column) = self.0.get(cell)?;
        let (table, row, column) = ((*table).to_owned(), row.to_vec(), (*column).to_owned());
        Some(Exposure { cell: cell.to_owned(), table, row, column, by })
    }
}

/// Where each count and cost first stands.
pub(crate) fn places(tables: &[Table]) -> Places<'_> {
    let mut places = BTreeMap::new();
    for table in tables {
        let cells = table.rows.iter().flat_map(|row| {
            row.cells.iter().zip(&table.measures).map(|(cell, column)| (cell, (row.labels.as_slice(), column.as_str())))
        });
        for (cell, (row, column)) in cells {
            let (Cell::Count { id, .. } | Cell::Cost { id, .. }) = cell else { continue };
            places.entry(id.as_str()).or_insert((table.name.as_str(), row, column));
        }
    }
    Places(places)
}

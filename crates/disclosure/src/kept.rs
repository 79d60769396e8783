//! Rows that must not vanish: a table that shows only what there is says, by leaving out a row that was hidden yesterday, that
//! it is nought today.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::cube::{Dimension, Node};
use crate::gate::{Shown, ShownRow};
use crate::known::Memory;
use crate::table::{Cell, Row, Table};

/// A row of which a release hid something, as later releases must know it: no number is in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct KeptRow {
    table: String,
    labels: Vec<String>,
    cells: Vec<KeptCell>,
}

/// What stood in one of its cells.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum KeptCell {
    /// The count of that id.
    Count(String),
    /// Something else, hidden.
    Hidden,
    /// Something else.
    Other,
}

impl KeptRow {
    /// A row of a table as it was shown.
    pub(crate) fn of(table: &Table, row: &Row, shown: &ShownRow) -> Self {
        let cell = |(cell, shown): (&Cell, &Shown)| match (cell, shown) {
            (Cell::Count { id, .. }, _) => KeptCell::Count(id.clone()),
            (_, Shown::Hidden) => KeptCell::Hidden,
            _ => KeptCell::Other,
        };
        let cells = row.cells.iter().zip(&shown.cells).map(cell).collect();
        Self { table: table.name.clone(), labels: row.labels.clone(), cells }
    }

    /// The row with nothing in it, unless a count of another row has its name. What was hidden and no count stays so.
    fn empty(&self, counts: &HashMap<String, u64>) -> Row {
        let cell = |cell: &KeptCell| match cell {
            KeptCell::Count(id) => {
                let value = counts.get(id).copied().unwrap_or(0);
                Cell::Count { id: id.clone(), value, contributors: None }
            }
            KeptCell::Hidden => Cell::Typical { value: 0, of: Vec::new(), people: None },
            KeptCell::Other => Cell::Blank,
        };
        Row { labels: self.labels.clone(), cells: self.cells.iter().map(cell).collect() }
    }
}

impl Memory {
    /// The tables with every row put back of which one of the releases hid something and which these do not have: at its place,
    /// holding nothing, to be hidden once more. Tables that no [`crate::Cube`] laid out are left as they are: their rows are not
    /// of fixed places.
    #[must_use]
    pub fn restored(&self, mut tables: Vec<Table>) -> Vec<Table> {
        let kept: BTreeSet<&KeptRow> = self.kept_rows().collect();
        if kept.is_empty() {
            return tables;
        }
        let cells = tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
        let count =
            |cell: &Cell| if let Cell::Count { id, value, .. } = cell { Some((id.clone(), *value)) } else { None };
        let counts: HashMap<String, u64> = cells.filter_map(count).collect();
        for table in &mut tables {
            let there: BTreeSet<Vec<String>> = table.rows.iter().map(|row| row.labels.clone()).collect();
            let fits = |kept: &&&KeptRow| {
                kept.table == table.name
                    && kept.labels.len() == table.dimensions.len()
                    && kept.cells.len() == table.measures.len()
                    && !there.contains(&kept.labels)
            };
            let rows: Vec<Row> = kept.iter().filter(fits).map(|kept| kept.empty(&counts)).collect();
            for row in rows {
                put_back(table, row);
            }
        }
        tables
    }
}

fn put_back(table: &mut Table, row: Row) {
    let Some(place) = place_of(&table.frames, &row.labels) else { return };
    let is_later = |other: &Row| place_of(&table.frames, &other.labels).is_some_and(|other| other > place);
    let at = table.rows.iter().position(is_later).unwrap_or(table.rows.len());
    table.rows.insert(at, row);
}

/// Where a row of these labels stands: its block, and its place on each dimension of it.
fn place_of(frames: &[Vec<Dimension>], labels: &[String]) -> Option<(usize, Vec<usize>)> {
    let all = |exact: bool| {
        let mut blocks = frames.iter().enumerate();
        blocks.find_map(|(block, frame)| Some((block, places(frame, labels, exact)?)))
    };
    all(true).or_else(|| all(false))
}

fn places(frame: &[Dimension], labels: &[String], exact: bool) -> Option<Vec<usize>> {
    let mut rest = labels;
    let mut found = Vec::new();
    for dimension in frame {
        let (own, others) = rest.split_at_checked(dimension.columns.len())?;
        rest = others;
        let there = dimension.nodes.iter().position(|node| node.labels == own).map(|at| at * 2 + 1);
        found.push(if exact { there? } else { there.or_else(|| between(dimension, own))? });
    }
    rest.is_empty().then_some(found)
}

/// A place that the dimension no longer has stands among those of its level, in the order of their names.
fn between(dimension: &Dimension, labels: &[String]) -> Option<usize> {
    let of_level = |node: &Node| labels.len() > 1 && node.labels.last() == labels.last();
    let level = || dimension.nodes.iter().enumerate().filter(|(_, node)| of_level(node));
    let before = level().filter(|(_, node)| node.labels.first() < labels.first()).max_by_key(|(at, _)| *at);
    before.map(|(at, _)| at * 2 + 2).or_else(|| level().next().map(|(at, _)| at * 2))
}

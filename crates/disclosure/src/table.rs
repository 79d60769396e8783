//! Tables as they stand before the gate: labels, cells, and which cells add up to which.

use serde::{Deserialize, Serialize};

use crate::behind::Contributors;
use crate::cube::Dimension;
use crate::stake::Stake;

/// Which definition, in which version, a figure was computed by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DefinitionRef {
    /// The definition's stable id.
    pub id: String,
    /// Its version; a changed definition is a new one.
    pub version: u32,
    /// Of which date the outside denominator is, such as a population estimate; `None` where there is none.
    pub vintage: Option<String>,
}

/// A table that has not been through the gate. It cannot be rendered.
#[derive(Clone, PartialEq, Eq)]
pub struct Table {
    /// Stable name, used in addresses.
    pub name: String,
    /// Plain words.
    pub title: String,
    /// The definition every row is computed by.
    pub definition: DefinitionRef,
    /// Names of the label columns.
    pub dimensions: Vec<String>,
    /// Names of the value columns.
    pub measures: Vec<String>,
    /// Rows, in the order they are shown.
    pub rows: Vec<Row>,
    /// Every sum a reader could form: declared, because an undeclared one is an unguarded door.
    pub lines: Vec<Line>,
    /// How its rows are laid out, block after block, where they are those of cubes: by the places on each dimension. Where a row may
    /// come and go, it says where a hidden one has to stand though nothing is left in it.
    pub frames: Vec<Vec<Dimension>>,
}

/// One row: as many labels as the table has dimensions, as many cells as it has measures.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// What the row is about.
    pub labels: Vec<String>,
    /// What it says.
    pub cells: Vec<Cell>,
}

/// One value.
#[derive(Clone, PartialEq, Eq)]
pub enum Cell {
    /// A count of people or places, to be protected.
    Count {
        /// The cell's own name. Cells of one name, in whichever tables of a release, hold one count
        /// and share one fate.
        id: String,
        /// The count.
        value: u64,
        /// Who stands behind it, where that matters.
        contributors: Option<Contributors>,
    },
    /// A rate, ratio, mean or median over counts that other cells hold. It is shown only where every one of them is shown: of
    /// two, the ratio gives back whichever is hidden. And only where the first is at least the threshold: of fewer it
    /// would say what each of them is (promise C2).
    Typical {
        /// The rate, ratio, mean or median.
        value: i64,
        /// Ids of the cells it is made of, first the one that counts whom it is of.
        of: Vec<String>,
        /// How many people it is of, where that is not the first count itself: these must reach the threshold too.
        people: Option<u64>,
    },
    /// What something costs over the people behind it. Ruled by what stands behind it (minimum contributors and dominance,
    /// promise C2), hidden with others beside it where sums of costs would give it back, and shown only where the count it
    /// is of is. Sums of costs are declared as [`Line`]s of their ids: they are of the stakes' totals, which a mean times
    /// its weight gives back.
    Cost {
        /// The cell's own name, as a count's.
        id: String,
        /// The mean, median or the like, as it is printed.
        value: i64,
        /// Id of the cell that counts whom it is of.
        of: String,
        /// What stands behind it.
        stake: Stake,
        /// How many cost this very amount, where it is one person's or many people's alike, as a mode is: of too few it is hidden.
        alike: Option<u64>,
    },
    /// A number that counts no person and may be shown.
    Figure(i64),
    /// A fact in words that may be shown.
    Text(String),
    /// Nothing to say here.
    Blank,
}

/// A sum: the total, and what stands with it, equal the parts together. Cells are named by their ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line {
    /// The cell that holds the sum.
    pub total: String,
    /// Cells that hold the sum together with it: where two tables cut the same people differently, neither holds it alone.
    pub also: Vec<String>,
    /// The cells summed.
    pub parts: Vec<String>,
}

impl Line {
    /// The total is the parts together.
    pub fn of(total: String, parts: Vec<String>) -> Self {
        Self { total, also: Vec::new(), parts }
    }

    /// These cells together are those cells together; `None` where one side has no cell: then nothing is left to hide on the other,
    /// all of it being nought.
    pub fn between(these: Vec<String>, parts: Vec<String>) -> Option<Self> {
        let mut these = these.into_iter();
        let total = these.next()?;
        (!parts.is_empty()).then(|| Self { total, also: these.collect(), parts })
    }
}

impl std::fmt::Debug for Table {
    /// Name and size only: the counts have not been through the gate.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("name", &self.name).field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Row").field("labels", &self.labels).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Count { .. } => "Count",
            Self::Typical { .. } => "Typical",
            Self::Cost { .. } => "Cost",
            Self::Figure(_) => "Figure",
            Self::Text(_) => "Text",
            Self::Blank => "Blank",
        })
    }
}

impl Cell {
    /// A rate, mean or median of those whom the cell `of` counts, and of nothing else.
    pub fn typical(value: i64, of: &str) -> Self {
        Self::Typical { value, of: vec![of.to_owned()], people: None }
    }
}

impl Table {
    /// What a figure that has no id of its own goes by in a report: the table, its row and its column.
    pub fn figure_id(&self, row: &Row, column: &str) -> String {
        format!("{}|{}|{column}", self.name, row.labels.join("|"))
    }

    /// Ids of its counts, row by row.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let cells = self.rows.iter().flat_map(|row| &row.cells);
        cells.filter_map(|cell| if let Cell::Count { id, .. } = cell { Some(id.as_str()) } else { None })
    }

    /// Adds the rows and lines of `other` that are not here yet; rows are told apart by their labels.
    ///
    /// For tables made of several blocks that share margins.
    pub fn absorb(&mut self, other: Self) {
        let known: std::collections::HashSet<Vec<String>> = self.rows.iter().map(|row| row.labels.clone()).collect();
        self.rows.extend(other.rows.into_iter().filter(|row| !known.contains(&row.labels)));
        self.lines.extend(other.lines);
        self.frames.extend(other.frames);
    }
}

//! The gate, and the only types that have passed it.

use std::collections::{BTreeSet, HashMap};

use crate::check;
use crate::hide::{Exposed, Pattern, suppress};
use crate::policy::Policy;
use crate::system::{System, signed};
use crate::table::{Cell, DefinitionRef, Table};

/// Why a release may not leave. Names cells, never what is in them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Two tables of one release share a name.
    #[error("two tables are named {table}")]
    SameName {
        /// The name.
        table: String,
    },
    /// A row has not as many labels or cells as its table has columns.
    #[error("a row of {table} does not fit its columns")]
    Shape {
        /// The table.
        table: String,
    },
    /// Two cells of one id hold different counts.
    #[error("{cell} is given two different counts")]
    Contradiction {
        /// The cell's id.
        cell: String,
    },
    /// A line names a cell that is in no table.
    #[error("a line names {cell}, which is in no table")]
    UnknownCell {
        /// The id.
        cell: String,
    },
    /// A declared total is not its parts.
    #[error("the parts of {total} do not add up to it")]
    DoesNotAddUp {
        /// The total's id.
        total: String,
    },
    /// Cells that could be worked out, or that could not be shown to be safe. Nothing leaves.
    #[error("{} cells could be worked out from the rest: {}", cells.len(), cells.join(", "))]
    Exposed {
        /// Ids of the cells, in order.
        cells: Vec<String>,
    },
}

/// What a reader sees in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// A count.
    Count(u64),
    /// A count that is hidden, whether for itself or for a neighbour's sake: nobody is told which.
    Hidden,
    /// A number that counts no person.
    Figure(i64),
    /// A fact in words.
    Text(String),
    /// Nothing.
    Blank,
}

/// A row that has passed the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRow {
    pub(crate) labels: Vec<String>,
    pub(crate) cells: Vec<Shown>,
}

/// A table that has passed the gate: the only kind that can be rendered. Holds no hidden value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatedTable {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) definition: DefinitionRef,
    pub(crate) dimensions: Vec<String>,
    pub(crate) measures: Vec<String>,
    pub(crate) rows: Vec<ShownRow>,
    pub(crate) threshold: u64,
}

/// A whole release that has passed the gate together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gated {
    tables: Vec<GatedTable>,
    utility: Utility,
}

/// What protection cost. For the operator: it tells how many cells were small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Utility {
    /// Counts in the release, each once.
    pub cells: usize,
    /// Counts hidden on their own account.
    pub small: usize,
    /// Counts hidden for a neighbour's sake.
    pub beside: usize,
}

impl Utility {
    /// Counts that could have been shown.
    pub fn safe(&self) -> usize {
        self.cells.saturating_sub(self.small)
    }

    /// Safe counts shown, in thousandths of all safe counts; 1,000 where there were none.
    pub fn shown_per_mille(&self) -> usize {
        let shown = self.safe().saturating_sub(self.beside);
        shown.saturating_mul(1_000).checked_div(self.safe()).unwrap_or(1_000)
    }
}

/// Protects `tables` together, attacks the result, and passes it only when the attack fails.
pub fn gate(tables: Vec<Table>, policy: &Policy) -> Result<Gated, Refused> {
    require_distinct_names(&tables)?;
    let system = System::read(&tables, policy)?;
    let pattern = suppress(&system, policy).map_err(|Exposed(cells)| name_cells(&system, cells))?;
    let exposed = check::exposed(&system, &pattern, policy);
    if !exposed.is_empty() {
        return Err(name_cells(&system, exposed));
    }
    let shown: HashMap<&str, i64> = system
        .counts
        .iter()
        .zip(&pattern.hidden)
        .filter(|&(_, &is_hidden)| !is_hidden)
        .map(|(count, _)| (count.id.as_str(), count.value))
        .collect();
    let tables = tables.into_iter().map(|table| mask(table, &shown, policy)).collect();
    Ok(Gated { tables, utility: weigh(&pattern) })
}

impl Gated {
    /// The tables, in the order given.
    pub fn tables(&self) -> &[GatedTable] {
        &self.tables
    }

    /// The table of that name.
    pub fn table(&self, name: &str) -> Option<&GatedTable> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// What protection cost.
    pub fn utility(&self) -> Utility {
        self.utility
    }
}

impl GatedTable {
    /// Stable name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Plain words.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The definition of every row.
    pub fn definition(&self) -> &DefinitionRef {
        &self.definition
    }

    /// Names of the label columns.
    pub fn dimensions(&self) -> &[String] {
        &self.dimensions
    }

    /// Names of the value columns.
    pub fn measures(&self) -> &[String] {
        &self.measures
    }

    /// Rows in order.
    pub fn rows(&self) -> &[ShownRow] {
        &self.rows
    }
}

impl ShownRow {
    /// What the row is about, one label per dimension.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// What it says, one cell per measure.
    pub fn cells(&self) -> &[Shown] {
        &self.cells
    }
}

fn require_distinct_names(tables: &[Table]) -> Result<(), Refused> {
    let mut seen = BTreeSet::new();
    match tables.iter().find(|table| !seen.insert(table.name.as_str())) {
        None => Ok(()),
        Some(table) => Err(Refused::SameName { table: table.name.clone() }),
    }
}

fn name_cells(system: &System, cells: impl IntoIterator<Item = usize>) -> Refused {
    let mut cells: Vec<String> =
        cells.into_iter().filter_map(|cell| system.counts.get(cell)).map(|count| count.id.clone()).collect();
    cells.sort_unstable();
    Refused::Exposed { cells }
}

fn weigh(pattern: &Pattern) -> Utility {
    let count = |flags: &[bool]| flags.iter().filter(|&&is| is).count();
    let small = count(&pattern.primary);
    Utility { cells: pattern.primary.len(), small, beside: count(&pattern.hidden).saturating_sub(small) }
}

/// `shown` holds the counts that may be.
fn mask(table: Table, shown: &HashMap<&str, i64>, policy: &Policy) -> GatedTable {
    let Table { name, title, definition, dimensions, measures, rows, lines: _ } = table;
    // A cell the gate did not judge is not shown.
    let show = |cell| match cell {
        Cell::Count { id, value, .. } if shown.contains_key(id.as_str()) => Shown::Count(value),
        Cell::Typical { value, of } if shown.get(of.as_str()).is_some_and(|&of| of >= signed(policy.threshold)) => {
            Shown::Figure(value)
        }
        Cell::Count { .. } | Cell::Typical { .. } => Shown::Hidden,
        Cell::Figure(number) => Shown::Figure(number),
        Cell::Text(text) => Shown::Text(text),
        Cell::Blank => Shown::Blank,
    };
    let rows = rows
        .into_iter()
        .map(|row| ShownRow { labels: row.labels, cells: row.cells.into_iter().map(show).collect() })
        .collect();
    GatedTable { name, title, definition, dimensions, measures, rows, threshold: policy.threshold }
}

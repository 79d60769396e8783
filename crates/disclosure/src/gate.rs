//! The gate, and the only types that have passed it.

use std::collections::BTreeSet;

use crate::check::{self, Exposed};
use crate::costs::{self, Cost, Costs};
use crate::exposure::{Exposure, name_all};
use crate::fate::{Fate, Fates};
use crate::hide::{Pattern, Unprotected, suppress};
use crate::kept::KeptRow;
use crate::known::{Known, Remembered};
use crate::linear;
use crate::policy::Policy;
use crate::render::Stamp;
use crate::system::System;
use crate::table::{Cell, DefinitionRef, Row, Table};

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
    /// Two columns of a table share a name, those that every table ends with among them: a row would be read wrong.
    #[error("two columns of {table} are named {column}")]
    SameColumn {
        /// The table.
        table: String,
        /// The name.
        column: String,
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
    #[error("{} cells could be worked out from the rest: {}", cells.len(), list(cells))]
    Exposed {
        /// The cells, in order of their ids.
        cells: Vec<Exposure>,
    },
}

/// What a reader sees in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// A count.
    Count(u64),
    /// A count that is hidden, whether for itself or for a neighbour's sake: nobody is told which.
    Hidden,
    /// A count or cost as the release before had it: it has moved since, by too little to be told, or what stands beside it has.
    Held(u64),
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

/// A table of one authority's own records, for that authority alone: exact, and no [`GatedTable`], so that it cannot be
/// published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnTable(pub(crate) GatedTable);

impl OwnTable {
    /// The table as it is. The caller sees to it that every record behind it is the reader's own.
    pub fn of(table: Table) -> Self {
        let show = |cell| match cell {
            Cell::Count { value, .. } => Shown::Count(value),
            Cell::Typical { value, .. } | Cell::Cost { value, .. } | Cell::Figure(value) => Shown::Figure(value),
            Cell::Text(text) => Shown::Text(text),
            Cell::Blank => Shown::Blank,
        };
        let Table { name, title, definition, dimensions, measures, rows, lines: _, frames: _ } = table;
        let rows = rows
            .into_iter()
            .map(|row| ShownRow { labels: row.labels, cells: row.cells.into_iter().map(show).collect() })
            .collect();
        Self(GatedTable { name, title, definition, dimensions, measures, rows, threshold: 0 })
    }

    /// Stable name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The JSON document, as of a published table.
    pub fn to_json(&self, stamp: &Stamp) -> Vec<u8> {
        self.0.to_json(stamp)
    }

    /// The CSV file, likewise.
    pub fn to_csv(&self, stamp: &Stamp) -> Vec<u8> {
        self.0.to_csv(stamp)
    }
}

/// A whole release that has passed the gate together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gated {
    tables: Vec<GatedTable>,
    utility: Utility,
    remembered: Remembered,
}

/// What protection cost. For the operator: it tells how many cells were small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Utility {
    /// Counts in the release, each once.
    pub cells: usize,
    /// Counts hidden on their own account.
    pub small: usize,
    /// Counts hidden for a neighbour's sake, or because they were hidden of late.
    pub beside: usize,
    /// Counts printed as the release before had them.
    pub held: usize,
    /// Costs in the release, each once.
    pub costs: usize,
    /// Costs printed, as they are or as the release before had them.
    pub costs_shown: usize,
}

impl Utility {
    /// Counts that could have been shown: large enough to readers and to each contributor, with enough behind them.
    pub fn safe(&self) -> usize {
        self.cells.saturating_sub(self.small)
    }

    /// Safe counts shown as they are now.
    pub fn shown(&self) -> usize {
        self.safe().saturating_sub(self.beside).saturating_sub(self.held)
    }

    /// Safe counts shown as they are now, in thousandths of all safe counts; 1,000 where there were none.
    pub fn shown_per_mille(&self) -> usize {
        self.shown().saturating_mul(1_000).checked_div(self.safe()).unwrap_or(1_000)
    }

    /// Safe counts printed as an earlier release had them, in thousandths of all safe counts.
    pub fn held_per_mille(&self) -> usize {
        self.held.saturating_mul(1_000).checked_div(self.safe()).unwrap_or(0)
    }
}

/// Protects `tables` together, attacks the result, and passes it only when the attack fails: as the first release of all,
/// to readers who have no rows of their own.
pub fn gate(tables: Vec<Table>, policy: &Policy) -> Result<Gated, Refused> {
    gate_knowing(tables, policy, &Known::default())
}

/// The same against attackers who bring what they know: each contributor its own rows, everybody the last releases.
pub fn gate_knowing(tables: Vec<Table>, policy: &Policy, known: &Known) -> Result<Gated, Refused> {
    require_distinct_names(&tables)?;
    let tables = known.memory.restored(tables);
    let system = System::read(&tables, policy, known)?;
    let costs = Costs::read(&tables, policy, &known.memory)?;
    let judged = judge(&system, &costs, policy);
    let (fates, utility) =
        judged.map_err(|told| Refused::Exposed { cells: name_all(&system, &costs, &tables, told) })?;
    let mut remembered = fates.remembered();
    let mut masked = Vec::new();
    for table in tables {
        let shown = mask(table.clone(), &fates, policy);
        if !table.frames.is_empty() {
            let rows = table.rows.iter().zip(&shown.rows).filter(|(row, _)| fates.hides(row));
            remembered.rows.extend(rows.map(|(row, shown)| KeptRow::of(&table, row, shown)));
        }
        masked.push(shown);
    }
    let tables = masked;
    Ok(Gated { tables, utility, remembered })
}

/// What somebody could work out: counts and costs.
type Told = (BTreeSet<Exposed>, Vec<costs::Told>);

/// What becomes of every count and cost; or what nothing could protect.
fn judge<'a>(system: &'a System, costs: &'a Costs, policy: &Policy) -> Result<(Fates<'a>, Utility), Told> {
    let pattern = suppress(system, policy).map_err(|Unprotected(cells)| (cells.into_iter().collect(), Vec::new()))?;
    let mut exposed = check::exposed(system, &pattern, policy);
    exposed.extend(linear::exposed(system, &pattern, policy));
    let mut fates = Fates::of_counts(system, &pattern);
    let hidden = costs.hide_beside(fates.withheld(costs, system, policy), policy);
    let told = costs.told(&hidden, policy);
    if !exposed.is_empty() || !told.is_empty() {
        return Err((exposed, told));
    }
    fates.take_costs(costs, &hidden, (system, policy));
    let utility = weigh((system, &pattern), costs, &fates, policy);
    Ok((fates, utility))
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

    /// What the releases after this one must remember of it.
    pub fn remembered(&self) -> &Remembered {
        &self.remembered
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

impl Shown {
    /// The number of people or places printed, fresh or held.
    pub fn count(&self) -> Option<u64> {
        if let Self::Count(count) | Self::Held(count) = self { Some(*count) } else { None }
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

/// Of a long list, the first so many.
const LISTED: usize = 40;

fn list(cells: &[Exposure]) -> String {
    let named: Vec<String> = cells.iter().take(LISTED).map(ToString::to_string).collect();
    let more = cells.len().saturating_sub(LISTED);
    if more == 0 { named.join("; ") } else { format!("{}; and {more} more", named.join("; ")) }
}

fn weigh((system, pattern): (&System, &Pattern), costs: &Costs, fates: &Fates<'_>, policy: &Policy) -> Utility {
    let primary = system.primary(policy);
    let count = |flags: &[bool]| flags.iter().filter(|&&is| is).count();
    let held = system.counts.iter().filter(|count| matches!(fates.get(&count.id), Some(Fate::Held(_)))).count();
    let small = count(&primary);
    let is_printed = |cost: &&Cost| matches!(fates.get(&cost.id), Some(Fate::Shown(_) | Fate::Held(_)));
    Utility {
        cells: primary.len(),
        small,
        beside: count(&pattern.hidden).saturating_sub(small).saturating_sub(held),
        held,
        costs: costs.cells.len(),
        costs_shown: costs.cells.iter().filter(is_printed).count(),
    }
}

fn mask(table: Table, fates: &Fates<'_>, policy: &Policy) -> GatedTable {
    let Table { name, title, definition, dimensions, measures, rows, lines: _, frames: _ } = table;
    let show = |row: Row| ShownRow {
        labels: row.labels,
        cells: row.cells.into_iter().map(|cell| fates.show(cell, policy)).collect(),
    };
    let rows = rows.into_iter().map(show).collect();
    GatedTable { name, title, definition, dimensions, measures, rows, threshold: policy.threshold }
}

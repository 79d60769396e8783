//! The columns of every published table, whatever is in it: what reporting tools rely on when a table is empty.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use hub_disclosure::Table;
use jiff::civil::date;

use crate::region::Region;

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// Whole numbers: counts, pence, miles, per mille.
    Number,
    /// Words.
    Text,
    /// Days.
    Day,
}

/// A table's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// What it is called.
    pub title: String,
    /// The version of the definition in force.
    pub version: u32,
    /// Names of the label columns, whose values are words.
    pub dimensions: Vec<String>,
    /// The value columns.
    pub measures: Vec<(String, Values)>,
}

/// Measures whose values are no numbers, by table; a test finds any that is missing.
const NOT_NUMBERS: [(&str, &str, Values); 5] = [
    ("provider_quality", "last_visit", Values::Day),
    ("provider_quality", "next_due", Values::Day),
    ("provider_scores", "occurred_on", Values::Day),
    ("provider_scores", "overall", Values::Text),
    ("market_gaps", "nearest_usable_miles", Values::Text),
];

/// Read off the tables of a region without a record: they have the same columns as any other's.
static LAYOUTS: LazyLock<BTreeMap<String, Layout>> = LazyLock::new(|| {
    let empty = Region::new(date(2026, 1, 1), []).finish();
    empty.tables().into_iter().map(|table| (table.name.clone(), Layout::of(table))).collect()
});

impl Layout {
    fn of(table: Table) -> Self {
        let Table { name, title, definition, dimensions, measures, .. } = table;
        let measures = measures.into_iter().map(|measure| {
            let values = values_of(&name, &measure);
            (measure, values)
        });
        Self { title, version: definition.version, dimensions, measures: measures.collect() }
    }
}

/// The columns of a published table; `None` where none is published by that name.
pub fn layout(table: &str) -> Option<&'static Layout> {
    LAYOUTS.get(table)
}

/// What the values of a measure are, in whichever version of its table.
pub fn values_of(table: &str, measure: &str) -> Values {
    let listed = NOT_NUMBERS.iter().find(|(of, name, _)| *of == table && *name == measure);
    listed.map_or(Values::Number, |(_, _, values)| *values)
}

//! Two versions of one table side by side, by what both of them have.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::area::ALL;
use crate::printed::{Printed, PrintedRow, text};

/// Two tables set beside each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    /// Label columns that both have.
    pub dimensions: Vec<String>,
    /// Measures that both have.
    pub measures: Vec<String>,
    /// Columns that only one of them has: of a label column, its totals are compared.
    pub alone: Vec<String>,
    /// Rows of either, in the order of the later.
    pub rows: Vec<ComparedRow>,
}

/// A row of either table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparedRow {
    /// What it is about, by the columns both have.
    pub labels: Vec<String>,
    /// Each measure, and what the earlier and the later table say; null where one has no such row.
    pub figures: Vec<(String, Value, Value)>,
}

/// Sets two versions of one table beside each other.
pub fn compare(before: &Printed, after: &Printed) -> Compared {
    let both = |ours: &[String], theirs: &[String]| -> Vec<String> {
        ours.iter().filter(|name| theirs.contains(name)).cloned().collect()
    };
    let dimensions = both(&after.dimensions, &before.dimensions);
    let measures = both(&after.measures, &before.measures);
    let all = [before, after].into_iter().flat_map(|table| table.dimensions.iter().chain(&table.measures));
    let is_alone = |name: &&String| !dimensions.contains(name) && !measures.contains(name);
    let alone = all.filter(is_alone).cloned().collect();
    let (early, late) = (totals(before, &dimensions), totals(after, &dimensions));
    let mut found: BTreeMap<&[String], [Option<&PrintedRow>; 2]> = BTreeMap::new();
    for (side, rows) in [&early, &late].into_iter().enumerate() {
        for (labels, row) in rows {
            if let Some(slot) = found.entry(labels.as_slice()).or_default().get_mut(side) {
                *slot = Some(row);
            }
        }
    }
    let mut order: Vec<&[String]> = late.iter().map(|(labels, _)| labels.as_slice()).collect();
    order.extend(
        early
            .iter()
            .map(|(labels, _)| labels.as_slice())
            .filter(|labels| found.get(labels).is_some_and(|[_, late]| late.is_none())),
    );
    let figure =
        |row: Option<&PrintedRow>, name: &str| row.and_then(|row| row.get(name)).cloned().unwrap_or(Value::Null);
    let row = |labels: &[String]| {
        let [early, late] = found.get(labels).copied().unwrap_or_default();
        let figures = measures.iter().map(|name| (name.clone(), figure(early, name), figure(late, name)));
        ComparedRow { labels: labels.to_vec(), figures: figures.collect() }
    };
    let rows = order.into_iter().map(row).collect();
    Compared { dimensions, measures, alone, rows }
}

/// Rows by their labels in these columns; of any other label column, the totals alone.
fn totals<'a>(table: &'a Printed, dimensions: &[String]) -> Vec<(Vec<String>, &'a PrintedRow)> {
    let others: Vec<&String> = table.dimensions.iter().filter(|name| !dimensions.contains(name)).collect();
    // A name stands beside its key: where the key is the total's, the name is the total's name.
    let is_total = |row: &&PrintedRow| {
        others.iter().filter(|name| !name.ends_with("_name")).all(|name| text(row, name) == Some(ALL))
    };
    let labels =
        |row: &PrintedRow| dimensions.iter().map(|name| text(row, name).unwrap_or_default().to_owned()).collect();
    table.rows.iter().filter(is_total).map(|row| (labels(row), row)).collect()
}

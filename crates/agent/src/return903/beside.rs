//! The files beside header and episodes: that they are about the same children, and say the same of them.
//!
//! DfE's INT01 to INT09, INT11 to INT18, INT21 and INT31 to INT36, by the file each number is about.

use std::collections::{HashMap, HashSet};

use hub_domain::Date;

use super::child_number;
use super::children::Children;
use crate::finding::{Finding, Severity};
use crate::source::{self, Reading, Sheet};

/// A table, and the rules that bind it to the header.
struct Bound {
    table: &'static str,
    /// A child that the header does not have.
    unknown: &'static str,
    /// A date of birth that is not the header's.
    born: &'static str,
    /// A child who is there twice, where one row is right.
    twice: Option<&'static str>,
}

const fn bound(table: &'static str, unknown: &'static str, born: &'static str, twice: Option<&'static str>) -> Bound {
    Bound { table, unknown, born, twice }
}

const BOUND: &[Bound] = &[
    bound("ad1", "903-INT01", "903-INT11", Some("903-INT31")),
    bound("placed_adoption", "903-INT02", "903-INT12", None),
    bound("missing", "903-INT04", "903-INT13", None),
    bound("oc2", "903-INT05", "903-INT14", Some("903-INT33")),
    bound("oc3", "903-INT06", "903-INT15", Some("903-INT34")),
    bound("prev_perm", "903-INT07", "903-INT16", Some("903-INT35")),
    bound("reviews", "903-INT08", "903-INT17", None),
    // DfE numbers none for these two.
    bound("social_worker", "agent-sw-child", "agent-sw-dob", None),
    bound("dolo", "agent-dolo-child", "agent-dolo-dob", None),
];

/// Compares every other file with the header; says nothing when there is no header to compare with.
pub(super) fn compare<'s>(
    others: impl Iterator<Item = (&'static str, &'s Sheet)>,
    children: &Children,
    findings: &mut Vec<Finding>,
) {
    if !children.has_header {
        return;
    }
    for (table, sheet) in others {
        if let Some(bound) = BOUND.iter().find(|bound| bound.table == table) {
            bound.compare(sheet, children, findings);
        }
    }
}

impl Bound {
    fn compare(&self, sheet: &Sheet, children: &Children, findings: &mut Vec<Finding>) {
        let (child, dob) = (sheet.position("CHILD"), sheet.position("DOB"));
        let mut seen: HashSet<&str> = HashSet::new();
        for record in &sheet.records {
            let cell = |column: Option<usize>| column.map_or("", |column| sheet.at(record, column));
            let mut tell = |rule: &str, column: &str, message: String, fix: &str| {
                findings.push(Finding::new(rule, Severity::Warning, sheet.place(record).at(column), message, fix));
            };
            let number = child_number(cell(child));
            let Some(known) = children.find(&number) else {
                let message = format!("the {} file has a child that the header does not", self.table);
                tell(self.unknown, "CHILD", message, "Add the child to the header, or take the row out.");
                continue;
            };
            let born = source::date(cell(dob));
            if born != Reading::Blank && born != known.born {
                tell(self.born, "DOB", "DOB disagrees with the header".to_owned(), "Make the two files agree.");
            }
            if let Some(rule) = self.twice.filter(|_| !seen.insert(cell(child))) {
                let message = format!("the child is in the {} file more than once", self.table);
                tell(rule, "CHILD", message, "Keep the row that is right.");
            }
        }
    }
}

/// Deprivation of liberty orders: from when to when, by child.
#[derive(Debug, Default)]
pub(super) struct Orders(HashMap<String, Vec<(Date, Option<Date>)>>);

impl Orders {
    /// Reads the `DoLo` files, if there are any.
    pub(super) fn read(others: &[(&'static str, Sheet)]) -> Option<Self> {
        let sheets: Vec<&Sheet> = others.iter().filter(|(table, _)| *table == "dolo").map(|(_, sheet)| sheet).collect();
        if sheets.is_empty() {
            return None;
        }
        let mut orders = Self::default();
        for sheet in sheets {
            for record in &sheet.records {
                let day = |column| source::date(sheet.cell(record, column)).value();
                let child = child_number(sheet.cell(record, "CHILD"));
                let start = day("DOLO_START");
                orders.0.entry(child).or_default().extend(start.map(|start| (start, day("DOLO_END"))));
            }
        }
        Some(orders)
    }

    /// Whether an order was in force during an episode.
    pub(super) fn cover(&self, child: &str, start: Option<Date>, end: Option<Date>) -> bool {
        let (Some(orders), Some(start)) = (self.0.get(child), start) else { return false };
        orders.iter().any(|&(from, to)| end.is_none_or(|end| from < end) && to.is_none_or(|to| to >= start))
    }
}

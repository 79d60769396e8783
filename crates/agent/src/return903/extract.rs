//! The borough's own extract: what the return does not carry and commissioning needs.

use std::collections::HashMap;

use hub_domain::Date;

use super::child_number;
use super::episodes::Episodes;
use crate::finding::{Finding, Place, Severity};
use crate::source::{self, Reading, Record, Sheet, canonical, show_headings};

/// Extract columns and the other names they go by.
const ALIASES: &[(&str, &[&str])] = &[
    ("placement_la", &["placement_la", "host_la", "host_authority", "pl_la"]),
    ("distance_miles", &["distance_miles", "distance", "pl_distance"]),
    ("boundary_miles", &["boundary_miles", "boundary_distance"]),
    ("setting_ref", &["setting_ref"]),
    ("sibling_group_ref", &["sibling_group_ref"]),
    ("sibling_group", &["sibling_group"]),
    ("weekly_cost", &["weekly_cost", "cost"]),
    ("health_share", &["health_share", "health_contribution"]),
    ("education_share", &["education_share", "education_contribution"]),
    ("route", &["route"]),
    ("framework_ref", &["framework_ref", "framework"]),
    ("distance_reason", &["distance_reason"]),
    ("registration", &["registration"]),
    ("provision", &["provision"]),
    ("planned", &["planned"]),
    ("emergency", &["emergency"]),
    ("approver_role", &["approver_role", "approver"]),
    ("approved_on", &["approved_on", "approved"]),
    ("deprivation_of_liberty", &["deprivation_of_liberty", "dols", "dolo"]),
    ("solo", &["solo"]),
];

/// One file of the extract, and where each of [`ALIASES`] stands in it.
struct Source<'a> {
    sheet: &'a Sheet,
    columns: Vec<Option<usize>>,
}

/// One row of the extract.
#[derive(Clone, Copy)]
pub(crate) struct Detail<'e> {
    source: &'e Source<'e>,
    record: &'e Record,
}

/// The extract, by child and episode start.
pub(crate) struct Extract<'a> {
    sources: Vec<Source<'a>>,
    /// By child and start: the file and the row.
    rows: HashMap<(String, Date), (usize, usize)>,
}

impl<'a> Extract<'a> {
    /// Reads the extracts; a later file's row replaces an earlier file's.
    pub(crate) fn read(sheets: &'a [Sheet], findings: &mut Vec<Finding>) -> Self {
        let columns = |sheet: &Sheet| {
            ALIASES.iter().map(|(_, names)| names.iter().find_map(|name| sheet.position(name))).collect()
        };
        let sources = sheets.iter().map(|sheet| Source { sheet, columns: columns(sheet) }).collect();
        let mut extract = Self { sources, rows: HashMap::new() };
        for (at, sheet) in sheets.iter().enumerate() {
            note_unused_columns(sheet, findings);
            extract.add(at, sheet, findings);
        }
        extract
    }

    fn add(&mut self, at: usize, sheet: &Sheet, findings: &mut Vec<Finding>) {
        let (child, start) = (sheet.position("CHILD"), sheet.position("START").or_else(|| sheet.position("DECOM")));
        for (row, record) in sheet.records.iter().enumerate() {
            let cell = |column: Option<usize>| column.map_or("", |column| sheet.at(record, column));
            let Reading::Is(start) = source::date(cell(start)) else {
                let fix = "Fill in the day the episode began (DECOM), as dd/mm/yyyy.";
                let message = "the row has no start date that can be read, so it joins no episode";
                let place = sheet.place(record).at("START");
                findings.push(Finding::new("agent-extract-start", Severity::Warning, place, message, fix));
                continue;
            };
            let earlier = self.rows.insert((child_number(cell(child)), start), (at, row));
            if earlier.is_some_and(|(file, _)| file == at) {
                let message = "the extract has this child and start more than once; the last row is used";
                let fix = "Keep one row per episode.";
                let place = sheet.place(record);
                findings.push(Finding::new("agent-extract-twice", Severity::Warning, place, message, fix));
            }
        }
    }

    /// What the extract says about an episode.
    pub(crate) fn find(&self, child: &str, start: Option<Date>) -> Option<Detail<'_>> {
        if self.rows.is_empty() {
            return None;
        }
        let (file, row) = *self.rows.get(&(child.to_owned(), start?))?;
        let source = self.sources.get(file)?;
        Some(Detail { source, record: source.sheet.records.get(row)? })
    }

    /// True when any extract has this column under any of its names.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.sources.iter().any(|source| source.position(column).is_some())
    }

    /// Rows that belong to no episode of the return.
    pub(crate) fn note_unmatched(&self, episodes: &Episodes<'_>, findings: &mut Vec<Finding>) {
        if self.rows.is_empty() {
            return;
        }
        let mut left = self.rows.clone();
        for episode in episodes.iter() {
            if let Reading::Is(start) = episode.start {
                left.remove(&(episode.child.clone(), start));
            }
        }
        let place = |(file, row): (usize, usize)| {
            let sheet = self.sources.get(file)?.sheet;
            sheet.records.get(row).map(|record| sheet.place(record))
        };
        let mut places: Vec<Place> = left.into_values().filter_map(place).collect();
        places.sort_unstable();
        let fix = "Check CHILD and the start date against DECOM, or take the row out.";
        let message = "the extract row matches no episode of the return";
        findings.extend(
            places
                .into_iter()
                .map(|place| Finding::new("agent-extract-unmatched", Severity::Warning, place, message, fix)),
        );
    }
}

impl Source<'_> {
    fn position(&self, column: &str) -> Option<usize> {
        let known = ALIASES.iter().position(|(name, _)| *name == column)?;
        self.columns.get(known).copied().flatten()
    }
}

impl Detail<'_> {
    /// The cell under a column's name or any alias, trimmed.
    pub(crate) fn cell(&self, column: &str) -> &str {
        self.source.position(column).map_or("", |at| self.source.sheet.at(self.record, at))
    }

    /// Where it stands.
    pub(crate) fn place(self) -> Place {
        self.source.sheet.place(self.record)
    }
}

fn note_unused_columns(sheet: &Sheet, findings: &mut Vec<Finding>) {
    let used = |heading: &str| {
        let heading = canonical(heading);
        let known = ALIASES.iter().flat_map(|(_, names)| names.iter()).chain(&["child", "start", "decom"]);
        known.into_iter().any(|name| canonical(name) == heading)
    };
    let unused: Vec<&str> = sheet.headings.iter().map(String::as_str).filter(|heading| !used(heading)).collect();
    if !unused.is_empty() {
        let message = format!("the hub does not ask for these columns, which stay here: {}", show_headings(&unused));
        let place = Place::file(&sheet.name);
        findings.push(Finding::new("agent-extract-unused", Severity::Note, place, message, "Nothing."));
    }
}

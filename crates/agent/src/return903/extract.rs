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

/// One row of the extract.
#[derive(Clone, Copy)]
pub(crate) struct Detail<'a> {
    sheet: &'a Sheet,
    record: &'a Record,
}

/// The extract, by child and episode start.
pub(crate) struct Extract<'a> {
    sheets: &'a [Sheet],
    rows: HashMap<(String, Date), Detail<'a>>,
}

impl<'a> Extract<'a> {
    /// Reads the extracts; a later file's row replaces an earlier file's.
    pub(crate) fn read(sheets: &'a [Sheet], findings: &mut Vec<Finding>) -> Self {
        let mut extract = Self { sheets, rows: HashMap::new() };
        for sheet in sheets {
            note_unused_columns(sheet, findings);
            for record in &sheet.records {
                extract.add(Detail { sheet, record }, findings);
            }
        }
        extract
    }

    fn add(&mut self, detail: Detail<'a>, findings: &mut Vec<Finding>) {
        let child = child_number(detail.sheet.cell(detail.record, "CHILD"));
        let Reading::Is(start) = source::date(start_of(detail)) else {
            let fix = "Fill in the day the episode began (DECOM), as dd/mm/yyyy.";
            let message = "the row has no start date that can be read, so it joins no episode";
            findings.push(Finding::new(
                "agent-extract-start",
                Severity::Warning,
                detail.place().at("START"),
                message,
                fix,
            ));
            return;
        };
        let earlier = self.rows.insert((child, start), detail);
        if earlier.is_some_and(|earlier| earlier.sheet.name == detail.sheet.name) {
            let message = "the extract has this child and start more than once; the last row is used";
            let fix = "Keep one row per episode.";
            findings.push(Finding::new("agent-extract-twice", Severity::Warning, detail.place(), message, fix));
        }
    }

    /// What the extract says about an episode.
    pub(crate) fn find(&self, child: &str, start: Option<Date>) -> Option<Detail<'a>> {
        self.rows.get(&(child.to_owned(), start?)).copied()
    }

    /// True when any extract has this column under any of its names.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.sheets.iter().any(|sheet| sheet.first_of(aliases(column)).is_some())
    }

    /// Rows that belong to no episode of the return.
    pub(crate) fn note_unmatched(&self, episodes: &Episodes<'_>, findings: &mut Vec<Finding>) {
        let mut left = self.rows.clone();
        for episode in episodes.iter() {
            if let Reading::Is(start) = episode.start {
                left.remove(&(episode.child.clone(), start));
            }
        }
        let mut places: Vec<Place> = left.into_values().map(Detail::place).collect();
        places.sort_unstable();
        let fix = "Check CHILD and the start date against DECOM, or take the row out.";
        findings.extend(places.into_iter().map(|place| {
            Finding::new(
                "agent-extract-unmatched",
                Severity::Warning,
                place,
                "the extract row matches no episode of the return",
                fix,
            )
        }));
    }
}

impl Detail<'_> {
    /// The cell under a column's name or any alias, trimmed.
    pub(crate) fn cell(&self, column: &str) -> &str {
        self.sheet.first_of(aliases(column)).map_or("", |name| self.sheet.cell(self.record, name))
    }

    /// Where it stands.
    pub(crate) fn place(self) -> Place {
        self.sheet.place(self.record)
    }
}

fn start_of(detail: Detail<'_>) -> &str {
    let name = detail.sheet.first_of(&["START", "DECOM"]).unwrap_or("START");
    detail.sheet.cell(detail.record, name)
}

fn aliases(column: &str) -> &'static [&'static str] {
    ALIASES.iter().find(|(name, _)| *name == column).map_or(&[], |(_, names)| names)
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

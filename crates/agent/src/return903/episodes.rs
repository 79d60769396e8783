//! Episodes, in file order, with what is wrong about their keys.

use std::collections::{HashMap, HashSet};

use hub_domain::Date;

use super::{child_number, postcodes_of};
use crate::finding::{Finding, Place, Severity};
use crate::postcode::Postcode;
use crate::source::{self, Reading, Record, Sheet};

/// Columns of the episodes file that the feed has a use for, and the rule DfE gives a blank one.
const COLUMNS: &[&str] =
    &["CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN"];

/// One row of the episodes file.
pub(crate) struct Episode<'a> {
    sheet: &'a Sheet,
    record: &'a Record,
    /// Case number, as compared.
    pub(crate) child: String,
    /// DECOM.
    pub(crate) start: Reading<Date>,
    /// DEC.
    pub(crate) end: Reading<Date>,
}

/// Every episode of the return.
pub(crate) struct Episodes<'a> {
    sheets: &'a [Sheet],
    rows: Vec<Episode<'a>>,
}

impl<'a> Episodes<'a> {
    /// Reads the files; an episode that a later file gives again replaces the earlier one's.
    pub(crate) fn read(sheets: &'a [Sheet], findings: &mut Vec<Finding>) -> Self {
        let mut gathered = Gathered::default();
        for sheet in sheets {
            note_missing_columns(sheet, findings);
            let replaced: usize =
                sheet.records.iter().map(|record| gathered.add(Episode::read(sheet, record, findings))).sum();
            if replaced > 0 {
                let message = format!("{replaced} episodes are also in a file given earlier; this file's are used");
                let fix = "Nothing, if the files were given oldest first.";
                findings.push(Finding::new(
                    "agent-episode-again",
                    Severity::Note,
                    Place::file(&sheet.name),
                    message,
                    fix,
                ));
            }
        }
        Self { sheets, rows: gathered.rows }
    }

    /// The episodes.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Episode<'a>> {
        self.rows.iter()
    }

    /// The first episodes file, for findings about the return as a whole.
    pub(crate) fn file(&self) -> Option<Place> {
        self.sheets.first().map(|sheet| Place::file(&sheet.name))
    }

    /// Every postcode that a directory will be asked for.
    pub(crate) fn postcodes(&self) -> HashSet<Postcode> {
        let mut wanted = HashSet::new();
        for sheet in self.sheets {
            postcodes_of(sheet, "HOME_POST", &mut wanted);
            postcodes_of(sheet, "PL_POST", &mut wanted);
        }
        wanted
    }
}

/// Episodes so far, and where each child and start stands among them.
#[derive(Default)]
struct Gathered<'a> {
    rows: Vec<Episode<'a>>,
    known: HashMap<(String, Date), usize>,
}

impl<'a> Gathered<'a> {
    /// Adds an episode, or puts it in the place of an earlier file's; says how many were replaced. Two
    /// in one file both stay, for the contract to find.
    fn add(&mut self, episode: Episode<'a>) -> usize {
        if let Reading::Is(start) = episode.start {
            let at = *self.known.entry((episode.child.clone(), start)).or_insert(self.rows.len());
            if let Some(earlier) = self.rows.get_mut(at).filter(|earlier| earlier.sheet.name != episode.sheet.name) {
                *earlier = episode;
                return 1;
            }
        }
        self.rows.push(episode);
        0
    }
}

impl<'a> Episode<'a> {
    fn read(sheet: &'a Sheet, record: &'a Record, findings: &mut Vec<Finding>) -> Self {
        let episode = Self {
            sheet,
            record,
            child: child_number(sheet.cell(record, "CHILD")),
            start: source::date(sheet.cell(record, "DECOM")),
            end: source::date(sheet.cell(record, "DEC")),
        };
        let mut tell = |rule, column, message, fix| {
            findings.push(Finding::new(rule, Severity::Error, episode.place().at(column), message, fix));
        };
        if episode.child.is_empty() {
            tell("agent-no-child", "CHILD", "CHILD is blank", "Fill in the case number, or take the row out.");
        }
        if episode.start == Reading::Unreadable {
            tell("903-141", "DECOM", "DECOM cannot be read as a date", "Write it as dd/mm/yyyy.");
        }
        if episode.end == Reading::Unreadable {
            tell(
                "903-147",
                "DEC",
                "DEC cannot be read as a date",
                "Write it as dd/mm/yyyy, or leave it blank while the episode is open.",
            );
        }
        episode
    }

    /// A cell of the row, trimmed. The XML form's `PL` answers for `PLACE`.
    pub(crate) fn cell(&self, column: &str) -> &str {
        match self.sheet.cell(self.record, column) {
            "" if column == "PLACE" => self.sheet.cell(self.record, "PL"),
            text => text,
        }
    }

    /// Where it stands.
    pub(crate) fn place(&self) -> Place {
        self.sheet.place(self.record)
    }
}

fn note_missing_columns(sheet: &Sheet, findings: &mut Vec<Finding>) {
    let has = |column: &str| sheet.has(column) || (column == "PLACE" && sheet.has("PL"));
    for column in COLUMNS.iter().filter(|column| !has(column)) {
        let place = Place::file(&sheet.name).at(column);
        let fix = "Export the file again with all thirteen columns of the return.";
        findings.push(Finding::new(
            "agent-no-column",
            Severity::Warning,
            place,
            format!("the file has no {column} column"),
            fix,
        ));
    }
}

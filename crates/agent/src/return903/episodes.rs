//! Episodes, in file order, with what is wrong about their keys.

use std::collections::HashMap;

use hub_domain::Date;
use hub_domain::codes::{collection_year, year_label};

use super::{child_number, stitch};
use crate::finding::{Finding, Place, Severity};
use crate::source::{self, Reading, Record, Sheet};

/// Columns of the episodes file that are read.
const COLUMNS: [&str; 13] = [
    "CHILD",
    "DECOM",
    "RNE",
    "LS",
    "CIN",
    "PLACE",
    "PLACE_PROVIDER",
    "DEC",
    "REC",
    "REASON_PLACE_CHANGE",
    "HOME_POST",
    "PL_POST",
    "URN",
];
/// Those that tell an episodes file; the lack of any other is told.
const SIGNS: usize = 4;

/// One year's file.
struct File<'a> {
    sheet: &'a Sheet,
    columns: [Option<usize>; COLUMNS.len()],
    /// The collection year that its latest day falls in.
    year: i16,
}

/// One row of an episodes file.
pub(crate) struct Episode<'a> {
    sheet: &'a Sheet,
    columns: [Option<usize>; COLUMNS.len()],
    record: &'a Record,
    file: usize,
    /// The collection year of its return.
    pub(super) year: i16,
    /// Case number, as compared.
    pub(crate) child: String,
    /// DECOM.
    pub(crate) start: Reading<Date>,
    /// DEC.
    pub(crate) end: Reading<Date>,
    /// REC of an episode that this return left open and a later year's closes.
    pub(super) ceased: Option<&'static str>,
}

/// Every episode of the returns.
pub(crate) struct Episodes<'a> {
    sheets: &'a [Sheet],
    rows: Vec<Episode<'a>>,
}

impl<'a> Episodes<'a> {
    /// Reads the files, oldest collection year first and otherwise as they were given; an episode that a later file gives
    /// again replaces the earlier one's, and one that a later year shows to have ended is ended.
    pub(crate) fn read(sheets: &'a [Sheet], as_at: Date, findings: &mut Vec<Finding>) -> Self {
        let mut files: Vec<File<'a>> = sheets.iter().map(|sheet| File::open(sheet, as_at)).collect();
        files.sort_by_key(|file| file.year);
        note_years(&files, findings);
        let mut gathered = Gathered::default();
        for (at, file) in files.iter().enumerate() {
            note_missing_columns(file.sheet, findings);
            let records = file.sheet.records.iter();
            let replaced: usize = records.map(|record| gathered.add(Episode::read(file, at, record, findings))).sum();
            if replaced > 0 {
                let message = format!("{replaced} episodes are also in an earlier file; this file's are used");
                let fix = "Nothing: the return of the later year counts, and of one year the file that was given last.";
                let place = Place::file(&file.sheet.name);
                findings.push(Finding::new("agent-episode-again", Severity::Note, place, message, fix));
            }
        }
        let mut rows = gathered.rows;
        stitch::close(&mut rows, findings);
        Self { sheets, rows }
    }

    /// The episodes.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Episode<'a>> {
        self.rows.iter()
    }

    /// The first episodes file, for findings about the return as a whole.
    pub(crate) fn file(&self) -> Option<Place> {
        self.sheets.first().map(|sheet| Place::file(&sheet.name))
    }
}

impl<'a> File<'a> {
    fn open(sheet: &'a Sheet, as_at: Date) -> Self {
        // The XML form's PL answers for PLACE.
        let columns = COLUMNS.map(|column| {
            let other = (column == "PLACE").then(|| sheet.position("PL")).flatten();
            sheet.position(column).or(other)
        });
        let days = [sheet.position("DECOM"), sheet.position("DEC")].into_iter().flatten();
        let latest = days.flat_map(|column| {
            sheet.records.iter().filter_map(move |record| source::date(sheet.at(record, column)).value())
        });
        let year = latest.filter(|day| *day <= as_at).max().map_or_else(|| collection_year(as_at), collection_year);
        Self { sheet, columns, year }
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
            if let Some(earlier) = self.rows.get_mut(at).filter(|earlier| earlier.file != episode.file) {
                *earlier = episode;
                return 1;
            }
        }
        self.rows.push(episode);
        0
    }
}

impl<'a> Episode<'a> {
    fn read(file: &File<'a>, at: usize, record: &'a Record, findings: &mut Vec<Finding>) -> Self {
        let mut episode = Self {
            sheet: file.sheet,
            columns: file.columns,
            record,
            file: at,
            year: file.year,
            child: String::new(),
            start: Reading::Blank,
            end: Reading::Blank,
            ceased: None,
        };
        episode.child = child_number(episode.cell("CHILD"));
        episode.start = source::date(episode.cell("DECOM"));
        episode.end = source::date(episode.cell("DEC"));
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

    /// A cell of the row, trimmed.
    pub(crate) fn cell(&self, column: &str) -> &str {
        if let Some(ceased) = self.ceased.filter(|_| column == "REC") {
            return ceased;
        }
        let known = COLUMNS.iter().position(|known| *known == column);
        let at = known.and_then(|known| self.columns.get(known).copied().flatten());
        at.map_or("", |at| self.sheet.at(self.record, at))
    }

    /// Where it stands.
    pub(crate) fn place(&self) -> Place {
        self.sheet.place(self.record)
    }
}

fn note_years(files: &[File<'_>], findings: &mut Vec<Finding>) {
    let (Some(first), Some(last)) = (files.first(), files.last()) else { return };
    if first.year == last.year {
        return;
    }
    for file in files {
        let message = format!("read as the return of {}, by its latest day", year_label(file.year));
        let fix = "Nothing, if that is right; otherwise look for a date that is mistyped.";
        findings.push(Finding::new("agent-year", Severity::Note, Place::file(&file.sheet.name), message, fix));
    }
}

fn note_missing_columns(sheet: &Sheet, findings: &mut Vec<Finding>) {
    let has = |column: &str| sheet.has(column) || (column == "PLACE" && sheet.has("PL"));
    for column in COLUMNS.iter().skip(SIGNS).filter(|column| !has(column)) {
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

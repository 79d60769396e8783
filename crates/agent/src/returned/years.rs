//! Which of the files are the year's that is judged, and which the year's before.

use hub_contract::{Return, TableName};
use hub_domain::Date;
use hub_domain::codes::collection_year;

use crate::return903::Files;
use crate::source::{Sheet, date};

/// The files by collection year.
pub(super) struct Years {
    pub(super) this: Return,
    /// The year before, where any of its files was given.
    pub(super) last: Option<Return>,
    /// The year they are of, by the year it ends in.
    pub(super) year: i16,
    /// True when it had ended by the day that the files are said to describe.
    pub(super) is_past: bool,
}

/// A file with a day of its own tells its year by the latest of them; of the others, which hold none, the last that was given is the
/// year's at hand and the one before it last year's — if the episodes are of two years at all.
pub(super) fn sort(files: &Files, leavers: &[Sheet], as_at: Date) -> Years {
    let tables = tables(files, leavers);
    let latest_of = |sheet: &Sheet| latest(sheet, as_at).map(collection_year);
    let mut years: Vec<i16> = files.episodes.iter().filter_map(latest_of).collect();
    years.sort_unstable();
    years.dedup();
    let now = collection_year(as_at);
    let year = years.last().copied().unwrap_or(now);
    let (mut this, mut last) = (Return::default(), Return::default());
    for (name, sheets) in tables {
        let count = sheets.len();
        for (at, sheet) in sheets.into_iter().enumerate() {
            let by_order =
                if years.len() > 1 { year - i16::try_from(count - 1 - at).unwrap_or(i16::MAX) } else { year };
            let own = if years.len() > 1 { dated(name).and_then(|_| latest_of(sheet)) } else { None };
            match own.unwrap_or(by_order) {
                own if own == year => add(&mut this, name, sheet),
                own if own == year - 1 => add(&mut last, name, sheet),
                _ => {}
            }
        }
    }
    let last = (!last.is_empty()).then_some(last);
    // In April a return of one year may show nothing of the new one yet.
    let is_past = if last.is_some() { year < now } else { year + 1 < now };
    Years { this, last, year: if is_past { year } else { now }, is_past }
}

fn tables<'s>(files: &'s Files, leavers: &'s [Sheet]) -> Vec<(TableName, Vec<&'s Sheet>)> {
    let others =
        |wanted: &str| files.others.iter().filter(|(table, _)| *table == wanted).map(|(_, sheet)| sheet).collect();
    vec![
        (TableName::Header, files.headers.iter().collect()),
        (TableName::Episodes, files.episodes.iter().collect()),
        (TableName::Uasc, files.uasc.iter().collect()),
        (TableName::Oc3, leavers.iter().filter(|sheet| sheet.has("CHILD") && sheet.has("IN_TOUCH")).collect()),
        (TableName::Oc2, others("oc2")),
        (TableName::Ad1, others("ad1")),
        (TableName::ShouldBePlaced, others("placed_adoption")),
        (TableName::PreviousPermanence, others("prev_perm")),
        (TableName::Missing, others("missing")),
        (TableName::Reviews, others("reviews")),
        (TableName::SocialWorkers, others("social_worker")),
        (TableName::Liberty, others("dolo")),
    ]
}

/// The headings whose days lie in the collection year, of a table that has some.
const fn dated(name: TableName) -> Option<[&'static str; 2]> {
    match name {
        TableName::Episodes => Some(["DECOM", "DEC"]),
        TableName::Missing => Some(["MIS_START", "MIS_END"]),
        TableName::Reviews => Some(["REVIEW", "REVIEW"]),
        TableName::SocialWorkers => Some(["SW_DECOM", "SW_DEC"]),
        TableName::Liberty => Some(["DOLO_START", "DOLO_END"]),
        TableName::Header
        | TableName::Uasc
        | TableName::Oc2
        | TableName::Oc3
        | TableName::Ad1
        | TableName::ShouldBePlaced
        | TableName::PreviousPermanence => None,
    }
}

/// The latest day in any of the columns that tell a year, not after `as_at`.
fn latest(sheet: &Sheet, as_at: Date) -> Option<Date> {
    let columns = TableName::ALL.into_iter().filter_map(dated).flatten().filter_map(|column| sheet.position(column));
    let mut latest = None;
    for column in columns {
        let days = sheet.records.iter().filter_map(|record| date(sheet.at(record, column)).value());
        latest = latest.max(days.filter(|day| *day <= as_at).max());
    }
    latest
}

/// Reads a sheet into its table, under DfE's headings.
fn add(given: &mut Return, name: TableName, sheet: &Sheet) {
    let place = |heading: &str| {
        // The XML form's PL is PLACE.
        let other = (heading == "PLACE").then(|| sheet.position("PL")).flatten();
        sheet.position(heading).or(other)
    };
    let columns: Vec<(&'static str, usize)> =
        name.columns().filter_map(|heading| place(heading).map(|at| (heading, at))).collect();
    let table = given.table(name);
    table.begin(&sheet.name, columns.iter().map(|(heading, _)| *heading));
    let mut cells: Vec<&str> = Vec::with_capacity(columns.len());
    for record in &sheet.records {
        cells.clear();
        cells.extend(columns.iter().map(|(_, at)| sheet.at(record, *at)));
        table.push(u64::from(record.line), &cells);
    }
}

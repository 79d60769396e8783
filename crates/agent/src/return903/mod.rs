//! The SSDA903 return, joined and degraded into the placements feed.
//!
//! What goes out of this module holds no case number, no date of birth, no full postcode, no UPN and
//! nothing about a child's own children. A cell that cannot be read goes out as the word
//! `unreadable`: the hub then names the row and keeps what it held, where a row left out would look
//! like a child who left care.

mod beside;
mod care;
mod children;
mod episodes;
mod extract;
mod place;
mod row;
mod setting;
mod stitch;

use std::collections::HashSet;

use hub_domain::{AuthorityCode, Date};

use crate::finding::Finding;
use crate::postcode::{Directory, Postcode};
use crate::pseudonym::PseudonymKey;
use crate::source::Sheet;
use crate::trace::RowMap;

use children::Children;
use episodes::Episodes;
use extract::Extract;
use place::Places;
pub(crate) use setting::setting_ref;

/// What a cell holds when the borough's own cell could not be read.
pub(crate) const UNREADABLE: &str = "unreadable";

/// The files of a return, by what they are.
#[derive(Debug, Default)]
pub(crate) struct Files {
    pub(crate) headers: Vec<Sheet>,
    pub(crate) episodes: Vec<Sheet>,
    pub(crate) uasc: Vec<Sheet>,
    pub(crate) extracts: Vec<Sheet>,
    /// The other files of the return, each with the name of its table: read for the rules, never sent.
    pub(crate) others: Vec<(&'static str, Sheet)>,
}

/// What the conversion is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setup<'a> {
    pub(crate) authority: AuthorityCode,
    pub(crate) as_at: Date,
    pub(crate) key: &'a PseudonymKey,
    pub(crate) directory: Option<&'a Directory>,
    /// The return's care leavers (OC3), which are a feed of their own.
    pub(crate) leavers: &'a [Sheet],
}

/// The placements feed made from a return.
pub(crate) struct Converted {
    pub(crate) csv: Vec<u8>,
    pub(crate) rows: RowMap,
    pub(crate) children: usize,
}

/// Joins the files and writes the placements feed, in the order of the episodes file.
pub(crate) fn convert(files: &Files, setup: Setup<'_>, findings: &mut Vec<Finding>) -> Result<Converted, csv::Error> {
    let children = Children::read(files, setup.as_at, findings);
    let episodes = Episodes::read(&files.episodes, setup.as_at, findings);
    let extract = Extract::read(&files.extracts, findings);
    let places = Places::new(setup.directory);
    places.note_missing_directory(&episodes, &extract, findings);

    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(row::COLUMNS.iter().map(|column| column.name))?;
    let mut rows = RowMap::default();
    for column in row::COLUMNS {
        rows.name(column.name, column.role, column.heading);
    }
    rows.advise("placement_la", places.advice());
    let starts = care::starts(&episodes);
    let orders = beside::Orders::read(&files.others);
    let joined = row::Joined { children: &children, extract: &extract, places: &places, orders: orders.as_ref() };
    let mut making = row::Making { setup, joined, findings };
    for (episode, care_start) in episodes.iter().zip(&starts) {
        let cells = making.row(episode, *care_start, &mut rows);
        writer.write_record(cells)?;
    }
    extract.note_unmatched(&episodes, findings);
    children.note_without_episode(&episodes, findings);
    let others = files.others.iter().map(|(table, sheet)| (*table, sheet));
    let leavers = setup.leavers.iter().filter(|sheet| sheet.has("CHILD")).map(|sheet| ("oc3", sheet));
    beside::compare(others.chain(leavers), &children, findings);
    let csv = writer.into_inner().map_err(|fault| csv::Error::from(fault.into_error()))?;
    let children = episodes.iter().map(|episode| episode.child.as_str()).collect::<HashSet<_>>().len();
    Ok(Converted { csv, rows, children })
}

/// A code as the return writes it: short, letters and digits, in capitals. Anything longer or odder,
/// or a postcode that has slipped into the wrong column, is not passed on.
pub(crate) fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let is_short = text.len() <= 8 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_short && Postcode::parse(text).is_none() { text.to_ascii_uppercase() } else { UNREADABLE.to_owned() }
}

/// The case number as it is compared: the same child however a file capitalises it.
pub(crate) fn child_number(text: &str) -> String {
    text.to_ascii_uppercase()
}

/// The postcodes that the episodes files will ask a directory about.
pub(crate) fn postcodes(files: &Files) -> HashSet<Postcode> {
    let mut wanted = HashSet::new();
    for sheet in &files.episodes {
        postcodes_of(sheet, "HOME_POST", &mut wanted);
        postcodes_of(sheet, "PL_POST", &mut wanted);
    }
    wanted
}

/// Postcodes of a sheet's column.
fn postcodes_of(sheet: &Sheet, column: &str, into: &mut HashSet<Postcode>) {
    into.extend(sheet.records.iter().filter_map(|record| Postcode::parse(sheet.cell(record, column))));
}

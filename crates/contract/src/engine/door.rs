//! The scan of a whole submission before anything of it is stored.

use std::io::Read;

use crate::cell::shape::{self, Shape};
use crate::input::{Failure, Format, Lines, Refusal, Rows, Table};
use crate::model::{Column, Contract, Kind};

/// What the scan saw of a submission that may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DoorReport {
    /// Data rows, blank ones apart.
    pub rows: u64,
}

/// Scans a whole submission and refuses what must never be stored.
///
/// Refused: headings that the contract does not name, wrong or missing headings, bytes that are not UTF-8, NUL,
/// bare carriage returns, rows without end, JSON that is not one object a line, and in any text cell the shape of a
/// date of birth, full postcode, NHS number, UPN or name. A bad row is no reason: that is a finding.
pub fn door(contract: &Contract, format: Format, input: impl Read) -> Result<DoorReport, Failure> {
    match format {
        Format::Csv => scan(contract, Table::open(contract, input)?),
        Format::Ndjson => scan(contract, Lines::open(contract, input)),
    }
}

/// As [`door`], on two threads: a CSV is read and parsed on one of its own, and looked at here. For files of many rows.
pub fn door_beside(contract: &Contract, format: Format, input: impl Read + Send) -> Result<DoorReport, Failure> {
    match format {
        Format::Csv => super::parsed_beside(contract, input, |table| scan(contract, table)),
        Format::Ndjson => door(contract, format, input),
    }
}

fn scan(contract: &Contract, mut rows: impl Rows) -> Result<DoorReport, Failure> {
    let looks: Vec<Look> = contract.columns.iter().map(look_of).collect();
    let (mut row, mut blank) = (0_u64, 0_u64);
    while rows.advance()? {
        row += 1;
        blank += u64::from(rows.is_blank());
        for (at, look) in looks.iter().enumerate() {
            if let Some(shape) = look.at(rows.cell(at)) {
                let name = contract.columns.get(at).map_or("", |column| column.name.as_str());
                return Err(over_collection(shape, name).at(row, rows.line()).into());
            }
        }
        if let Some(shape) = shape::within(rows.op()) {
            return Err(over_collection(shape, "_op").at(row, rows.line()).into());
        }
        if let Some(shape) = rows.strays().into_iter().find_map(shape::within) {
            return Err(over_collection(shape, "A cell beyond the last heading").at(row, rows.line()).into());
        }
    }
    Ok(DoorReport { rows: row - blank })
}

/// How a column's cells are looked at.
#[derive(Debug, Clone, Copy)]
enum Look {
    /// A code, sector or URN: the cell as a whole.
    Whole,
    /// A month: nothing that names a day.
    Month,
    /// A reference: the cell as a whole, and names.
    Reference,
    /// A reference to something outside the feed: the same, but words may stand in it.
    Outside,
    /// Text: anywhere in it.
    Text,
    /// Text that may well read like a name: an organisation, a language.
    Named,
    /// A date, number or truth: anything but a date that has no business there.
    Typed,
}

fn look_of(column: &Column) -> Look {
    match column.kind {
        _ if column.list => Look::Named,
        Kind::Token { open: true, .. } => Look::Outside,
        Kind::Token { open: false, .. } => Look::Reference,
        Kind::Text { .. } if column.may_name => Look::Named,
        Kind::Text { .. } => Look::Text,
        Kind::Code | Kind::Sector | Kind::Outcode | Kind::Urn | Kind::Authority => Look::Whole,
        Kind::Month => Look::Month,
        Kind::Date | Kind::Timestamp | Kind::Boolean | Kind::Integer { .. } | Kind::Money | Kind::Miles => Look::Typed,
    }
}

impl Look {
    #[inline]
    fn at(self, cell: &[u8]) -> Option<Shape> {
        // Nothing shorter gives anything away, and most cells are shorter.
        if cell.len() < 5 {
            return None;
        }
        match self {
            Self::Whole => shape::whole(cell),
            Self::Month => month(cell),
            Self::Reference => shape::whole(cell).or_else(|| spaced(cell, false)),
            Self::Outside => shape::within(cell).or_else(|| shape::is_name(cell, true).then_some(Shape::Name)),
            Self::Text => shape::within(cell).or_else(|| shape::is_name(cell, true).then_some(Shape::Name)),
            Self::Named => shape::within(cell),
            Self::Typed => {
                shape::number_or_postcode(cell).or_else(|| shape::is_name(cell, true).then_some(Shape::Name))
            }
        }
    }
}

/// What a cell that should hold a month gives away: `2012-09-14`, `14/09/12`, `20120914`.
fn month(cell: &[u8]) -> Option<Shape> {
    let compact = cell.len() == 8 && cell.iter().all(u8::is_ascii_digit);
    let day = compact || (cell.len() != 7 && shape::is_full_date(cell));
    if day { Some(Shape::Date) } else { shape::number_or_postcode(cell) }
}

/// What a reference with spaces in it gives away; one without is seen whole.
fn spaced(cell: &[u8], capitals: bool) -> Option<Shape> {
    if !cell.contains(&b' ') && !cell.contains(&b',') {
        return None;
    }
    shape::within(cell).or_else(|| shape::is_name(cell, capitals).then_some(Shape::Name))
}

fn over_collection(shape: Shape, column: &str) -> Refusal {
    let (code, what, fix) = match shape {
        Shape::Date => {
            ("date-of-birth", "a full date", "Send the month of birth only, and dates only in date columns.")
        }
        Shape::Postcode => ("full-postcode", "a full postcode", "Send the postcode sector or outward part only."),
        Shape::Nhs => ("nhs-number", "an NHS number", "Remove it; the hub knows children by their pseudonym only."),
        Shape::Upn => (
            "unique-pupil-number",
            "a unique pupil number",
            "Remove it; the hub knows children by their pseudonym only.",
        ),
        Shape::Name => {
            ("personal-name", "what reads like a name", "Send a reference made for this feed, never a name.")
        }
    };
    let detail = format!("{column} holds {what}. Nothing of the submission was stored.");
    Refusal::new(code, "Over-collection", detail, fix).in_column(column)
}

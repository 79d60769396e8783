//! When a record ends, read from its stored body without reading the rest.

use hub_domain::record::{AdmissionRow, FosteringRow, LeaverRow, QualityRow, RegulatorRow, SearchRow, from_body};
use hub_domain::{Dataset, Date};
use serde_json::value::RawValue;

/// Column positions of `placements`, held to the record type by a test.
pub(crate) const EPISODE_END: usize = 2;
pub(crate) const LEGAL_STATUS: usize = 9;
pub(crate) const PLACEMENT_TYPE: usize = 11;
const REASON_CEASED: usize = 13;
pub(crate) const PLACEMENT_LA: usize = 17;

/// The day a record ends; `None` while it is open, or for a dataset whose rows do not end.
pub(super) fn ends(dataset: Dataset, body: &str) -> Option<Date> {
    match dataset {
        Dataset::Placements => text(body, EPISODE_END)?.parse().ok(),
        Dataset::Searches => from_body::<SearchRow>(body).ok()?.closed_on,
        Dataset::Vacancies => None,
        Dataset::Regulator => from_body::<RegulatorRow>(body).ok()?.effective_to,
        Dataset::Fostering => from_body::<FosteringRow>(body).ok()?.left_on(),
        // Each is about one birthday, and over with it.
        Dataset::CareLeavers => from_body::<LeaverRow>(body).ok()?.birthday(),
        Dataset::Admissions => from_body::<AdmissionRow>(body).ok()?.discharged_on,
        Dataset::Quality => {
            let row = from_body::<QualityRow>(body).ok()?;
            if row.in_force_from.is_some() { row.in_force_to } else { Some(row.occurred_on) }
        }
    }
}

/// Whether an episode leaves the child in care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    /// The episode is open.
    Open,
    /// It ended and another began the same day (X1).
    Continues,
    /// Care ended with it.
    Ended,
}

pub(super) fn care(body: &str) -> Care {
    let mut cells = cells(body);
    if cells.nth(EPISODE_END).and_then(unquoted).is_none() {
        return Care::Open;
    }
    match cells.nth(REASON_CEASED - EPISODE_END - 1).and_then(unquoted) {
        Some("X1") => Care::Continues,
        _ => Care::Ended,
    }
}

/// The text cell at `at` of a stored body; `None` for a blank. Only for cells that precede any free text: codes, tokens and
/// dates hold neither comma nor quote, so the cells can be counted without parsing them.
pub(crate) fn text(body: &str, at: usize) -> Option<&str> {
    cells(body).nth(at).and_then(unquoted)
}

fn cells(body: &str) -> impl Iterator<Item = &[u8]> {
    body.as_bytes().strip_prefix(b"[").unwrap_or_default().split(|byte| *byte == b',')
}

fn unquoted(cell: &[u8]) -> Option<&str> {
    let cell = cell.strip_suffix(b"]").unwrap_or(cell);
    debug_assert!(
        serde_json::from_slice::<Box<RawValue>>(cell).is_ok(),
        "a cell before the free text is a whole JSON value"
    );
    std::str::from_utf8(cell.strip_prefix(b"\"")?.strip_suffix(b"\"")?).ok()
}

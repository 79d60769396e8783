//! When a record ends, read from its stored body without reading the rest.

use hub_domain::record::{AdmissionRow, QualityRow, SearchRow, from_body};
use hub_domain::{Dataset, Date};
use serde_json::value::RawValue;

/// Column positions of `placements`, held to the record type by a test.
pub(crate) const EPISODE_END: usize = 2;
pub(crate) const PLACEMENT_TYPE: usize = 11;
const REASON_CEASED: usize = 13;
pub(crate) const PLACEMENT_LA: usize = 17;

/// The day a record ends; `None` while it is open, or for a dataset whose rows do not end.
pub(super) fn ends(dataset: Dataset, body: &str) -> Option<Date> {
    match dataset {
        Dataset::Placements => text(body, EPISODE_END)?.parse().ok(),
        Dataset::Searches => from_body::<SearchRow>(body).ok()?.closed_on,
        Dataset::Vacancies => None,
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
    match (text(body, EPISODE_END), text(body, REASON_CEASED)) {
        (None, _) => Care::Open,
        (Some(_), Some("X1")) => Care::Continues,
        (Some(_), _) => Care::Ended,
    }
}

/// The text cell at `at` of a stored body; `None` for a blank. Only for cells that precede any free text: codes, tokens and
/// dates hold neither comma nor quote, so the cells can be counted without parsing them.
pub(crate) fn text(body: &str, at: usize) -> Option<&str> {
    let cell = body.strip_prefix('[')?.split(',').nth(at)?.trim_end_matches(']');
    debug_assert!(
        serde_json::from_str::<Box<RawValue>>(cell).is_ok(),
        "a cell before the free text is a whole JSON value"
    );
    cell.strip_prefix('"')?.strip_suffix('"')
}

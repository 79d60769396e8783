//! Judging a feed by its contract, here, before anything is sent.

mod merge;

use std::io::Cursor;

use hub_contract::{Contract, Encoding, Failure, Format, Limits, Report, Settings, door, open, validate};

pub(crate) use merge::{errors_by_row, merge, unknown_here};

/// Findings kept: all of them, for the report stays here and points at lines.
pub(crate) const EVERY: usize = usize::MAX;

/// The feed could not be judged; no fault of the feed's.
#[derive(Debug, thiserror::Error)]
#[error("the feed could not be read back from memory")]
pub struct CheckError(#[source] Box<Failure>);

/// What the hub would say of these bytes: first its door, then every rule. The rows themselves are
/// let go; a refusal at the door is in the report.
pub(crate) fn check(
    contract: &Contract,
    settings: &Settings,
    format: Format,
    bytes: &[u8],
) -> Result<Report, CheckError> {
    let look = || -> Result<Report, Box<Failure>> {
        let opened = || {
            let plain = open(Cursor::new(bytes), None, Encoding::Utf8, Limits::default());
            plain.map_err(|fault| Box::new(Failure::from(fault)))
        };
        door(contract, format, opened()?).map_err(Box::new)?;
        let outcome = validate(contract, settings, format, opened()?, &mut |_| Ok(())).map_err(Box::new)?;
        Ok(outcome.report)
    };
    look().or_else(|fault| match *fault {
        Failure::Refused(refusal) => Ok(Report::refused(contract, settings, format, refusal)),
        Failure::Read(_) | Failure::Sink(_) => Err(CheckError(fault)),
    })
}

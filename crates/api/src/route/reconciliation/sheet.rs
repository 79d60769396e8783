//! The list as CSV, for a spreadsheet.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use hub_contract::neutral;
use hub_store::reconciliation::Kept;

use super::view::{Discrepancy, HEADINGS};
use crate::problem::{INTERNAL, Problem};

/// Every row, whole; no cell can start a formula.
pub(super) fn sheet(found: &[Kept]) -> Result<Response, Problem> {
    let fault = |error: csv::Error| Problem::new(INTERNAL).cause(error);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADINGS).map_err(fault)?;
    for kept in found {
        writer.write_record(Discrepancy::of(kept)?.cells().map(neutral)).map_err(fault)?;
    }
    let bytes = writer.into_inner().map_err(|error| Problem::new(INTERNAL).cause(error.into_error()))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"reconciliation.csv\"")),
    ];
    Ok((headers, bytes).into_response())
}

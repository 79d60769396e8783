use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use hub_contract::Report;
use hub_pipeline::submissions;
use uuid::Uuid;

use super::look::find;
use crate::accept::{Shape, Wanted};
use crate::extract::{Caller, Json, Path, Query, SenderOrOperator};
use crate::problem::{INTERNAL, NOT_DECIDED, Problem};
use crate::state::Api;

/// The report on a submission: every rule broken, and each finding with row, column, rule and fix. JSON, or CSV for a
/// spreadsheet.
#[utoipa::path(get, path = "/v1/submissions/{id}/findings", tag = "submissions",
    params(("id" = Uuid, Path), ("format" = Option<String>, Query, description = "json or csv; else by Accept")),
    responses((status = 200, content((Object = "application/json"), (String = "text/csv")))))]
pub(crate) async fn findings(
    State(api): State<Api>,
    caller: Caller<SenderOrOperator>,
    Path(id): Path<Uuid>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let found = find(&api, &caller, id).await?;
    let shape = wanted.shape(&headers)?;
    let undecided =
        || Problem::new(NOT_DECIDED).detail("Ask again later, or wait for it: GET the submission with ?wait=30.");
    let report = submissions::report(api.hub(), found.authority, id).await?.ok_or_else(undecided)?;
    match shape {
        Shape::Json => Ok(Json(report).into_response()),
        Shape::Csv => csv(&report, id),
    }
}

fn csv(report: &Report, id: Uuid) -> Result<Response, Problem> {
    let mut bytes = Vec::new();
    report.findings_csv(&mut bytes).map_err(|error| Problem::new(INTERNAL).cause(error))?;
    let name = HeaderValue::from_str(&format!("attachment; filename=\"findings-{id}.csv\""));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_DISPOSITION, name.unwrap_or(HeaderValue::from_static("attachment"))),
    ];
    Ok((headers, bytes).into_response())
}

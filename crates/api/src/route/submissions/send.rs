use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hub_contract::{Compression, Encoding, Format};
use hub_domain::{AuthorityCode, Dataset, Date, Mode};
use hub_pipeline::dryrun::{self, Rehearsal};
use hub_pipeline::identity::Tenant;
use hub_pipeline::receive::{self, Received, Request};
use hub_pipeline::validate::Judgement;
use serde::Serialize;
use utoipa::ToSchema;

use super::upload;
use super::view::{RowCounts, View};
use crate::extract::{Caller, Fields, FromFields, Json, Query, Sender};
use crate::problem::{FieldError, IDEMPOTENCY_KEY_MISSING, INVALID_REQUEST, Problem, UNSUPPORTED_MEDIA_TYPE};
use crate::state::Api;

/// What a sender says of a submission.
#[derive(Debug)]
pub(crate) struct Sending {
    dataset: Dataset,
    authority: AuthorityCode,
    mode: Mode,
    as_at: Date,
    covers_from: Option<Date>,
    dry_run: bool,
    correction: bool,
}

impl FromFields for Sending {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let dataset = fields.required(
            "dataset",
            "placements, vacancies, searches, quality, admissions, regulator, fostering or care_leavers",
        );
        let authority = fields.required("authority", "the GSS code of the authority, such as E09000023");
        let mode = fields.required("mode", "full, window or changes");
        let as_at = fields.required("as_at", "the date that the extract describes, YYYY-MM-DD");
        let covers_from = fields.optional("covers_from", "a date, YYYY-MM-DD; with mode=window only");
        let dry_run = fields.or("dry_run", "true or false", false);
        let correction = fields.or("correction", "true or false", false);
        Some(Self {
            dataset: dataset?,
            authority: authority?,
            mode: mode?,
            as_at: as_at?,
            covers_from: covers_from?,
            dry_run: dry_run?,
            correction: correction?,
        })
    }
}

/// What would come of a submission.
#[derive(Serialize, ToSchema)]
pub(crate) struct Rehearsed {
    /// Always `true`: nothing was stored.
    dry_run: bool,
    /// The verdict it would get.
    verdict: &'static str,
    /// Why it would be held.
    #[serde(skip_serializing_if = "Option::is_none")]
    held_reason: Option<String>,
    /// What it would change.
    counts: RowCounts,
    /// The report it would get.
    #[schema(value_type = Object)]
    report: hub_contract::Report,
}

/// What 200 answers: a submission that was kept before, or what would come of one.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "a name in the document: the handler answers with what is inside")]
pub(crate) enum KeptOrRehearsed {
    /// Kept before.
    Kept(Box<View>),
    /// A dry run.
    Rehearsed(Box<Rehearsed>),
}

/// Sends a feed. KeptOrRehearsed once the submission is committed to stable storage; 200 when it was kept before.
#[utoipa::path(post, path = "/v1/submissions", tag = "submissions",
    params(
        ("dataset" = String, Query, description = "placements, vacancies, searches, quality, admissions, regulator, fostering or care_leavers"),
        ("authority" = String, Query, description = "GSS code of the authority whose records these are"),
        ("mode" = String, Query, description = "full, window or changes"),
        ("as_at" = String, Query, description = "Business date the extract describes"),
        ("covers_from" = Option<String>, Query, description = "With mode=window: everything open, or ended on or after this date"),
        ("dry_run" = Option<bool>, Query, description = "Say what would change, and store nothing"),
        ("correction" = Option<bool>, Query, description = "This corrects an older business date"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 128 visible ASCII characters; the same key and bytes give the same answer for seven days. Not needed for a dry run"),
        ("Content-Digest" = Option<String>, Header, description = "sha-256=:…: of the bytes sent (RFC 9530)"),
        ("Content-Encoding" = Option<String>, Header, description = "gzip or zstd"),
    ),
    request_body(content((String = "text/csv"), (String = "application/x-ndjson")), description = "The rows: CSV with a heading row, or NDJSON, an object to a line"),
    responses((status = 202, description = "Kept, and to be judged", body = View), (status = 200, description = "Kept before, or a dry run", body = KeptOrRehearsed)))]
pub(crate) async fn send(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Query(sending): Query<Sending>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let tenant = caller.tenant(sending.authority)?;
    let dry_run = sending.dry_run;
    let request = describe(&tenant, &sending, &headers)?;
    let limit = api.hub().settings.upload_bytes;
    let coming = async {
        let place = api.limiter().uploads().place(sending.authority).await?;
        Ok((place, upload::take(&headers, body, limit).await?))
    };
    let (place, upload) = api.before_stopping(coming).await?;
    let hub = Arc::clone(api.hub());
    if dry_run {
        let work = async move {
            let _held = place;
            dryrun::rehearse(&hub, &request, upload).await
        };
        let rehearsal = api.write(work).await?;
        return Ok(Json(Rehearsed::from(rehearsal)).into_response());
    }
    let work = async move {
        let _held = place;
        receive::receive(&hub, request, upload).await
    };
    let Received { submission, replayed } = api.write(work).await?;
    let status = if replayed { StatusCode::OK } else { StatusCode::ACCEPTED };
    let place = HeaderValue::from_str(&format!("/v1/submissions/{}", submission.id)).ok();
    let receipt = Some(api.issuer().receipt(&submission)?);
    let mut response = (status, Json(View { receipt, ..View::from(submission) })).into_response();
    response.headers_mut().extend(place.map(|place| (header::LOCATION, place)));
    Ok(response)
}

fn describe(tenant: &Tenant, sending: &Sending, headers: &HeaderMap) -> Result<Request, Problem> {
    let kind = text(headers, "content-type").unwrap_or_default();
    let named = text(headers, "content-encoding");
    let compression = match named {
        None => None,
        Some(name) => Some(
            Compression::named(name)
                .ok_or_else(|| Problem::new(UNSUPPORTED_MEDIA_TYPE).detail("Content-Encoding may be gzip or zstd."))?,
        ),
    };
    Ok(Request {
        authority: tenant.authority(),
        client: tenant.client().to_owned(),
        dataset: sending.dataset,
        mode: sending.mode,
        as_at: sending.as_at,
        covers_from: sending.covers_from,
        correction: sending.correction,
        key: if sending.dry_run { String::new() } else { key(headers)? },
        format: kind.parse::<Format>().map_err(|_| {
            Problem::new(UNSUPPORTED_MEDIA_TYPE).detail("Send Content-Type: text/csv or application/x-ndjson.")
        })?,
        compression,
        encoding: encoding(kind)?,
        digest: digest(headers)?,
    })
}

/// The declared character set; UTF-8 unless said.
fn encoding(kind: &str) -> Result<Encoding, Problem> {
    let charset = kind.split(';').skip(1).find_map(|parameter| parameter.trim().strip_prefix("charset="));
    let Some(charset) = charset else { return Ok(Encoding::Utf8) };
    let problem = || Problem::new(UNSUPPORTED_MEDIA_TYPE).detail("The charset may be utf-8 or windows-1252.");
    Encoding::named(charset.trim_matches('"')).ok_or_else(problem)
}

/// The `Idempotency-Key`, which must be there.
pub(crate) fn key(headers: &HeaderMap) -> Result<String, Problem> {
    let mut keys = headers.get_all("idempotency-key").iter();
    let (key, more) = (keys.next().and_then(|key| key.to_str().ok()), keys.next().is_some());
    let plain = |key: &&str| (1..=128).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    key.filter(plain).filter(|_| !more).map(str::to_owned).ok_or_else(|| {
        Problem::new(IDEMPOTENCY_KEY_MISSING).detail(
            "Send one Idempotency-Key of 1 to 128 visible ASCII characters, and the same one when you try again.",
        )
    })
}

/// The SHA-256 of a `Content-Digest` (RFC 9530); other algorithms beside it are ignored, none at all is no digest.
pub(crate) fn digest(headers: &HeaderMap) -> Result<Option<[u8; 32]>, Problem> {
    let Some(field) = text(headers, "content-digest") else { return Ok(None) };
    let found = field.split(',').find_map(|member| member.trim().strip_prefix("sha-256="));
    let bytes = found.and_then(|value| STANDARD.decode(value.strip_prefix(':')?.strip_suffix(':')?).ok());
    let wanted = "sha-256=:…: with the base64 of the 32 bytes (RFC 9530)";
    let pointer = "/header/content-digest".to_owned();
    let problem = || Problem::new(INVALID_REQUEST).errors(vec![FieldError::at(pointer.clone(), wanted)]);
    bytes.and_then(|bytes| bytes.try_into().ok()).map(Some).ok_or_else(problem)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("\u{fffd}"))
}

impl From<Rehearsal> for Rehearsed {
    fn from(rehearsal: Rehearsal) -> Self {
        let (verdict, held_reason) = match rehearsal.judgement {
            Judgement::Accepted => ("accepted", None),
            Judgement::AcceptedWithFindings => ("accepted_with_findings", None),
            Judgement::Held(held) => ("held", Some(held.to_string())),
            Judgement::Rejected => ("rejected", None),
        };
        Self { dry_run: true, verdict, held_reason, counts: rehearsal.counts.into(), report: rehearsal.report }
    }
}

use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hub_domain::AuthorityCode;
use hub_pipeline::envelopes::{self, EnvelopeKind, Fingerprint, LONGEST, Party, Reader, SealedPart, Sealing};
use hub_pipeline::identity::Tenant;
use hub_pipeline::sealing;
use uuid::Uuid;

use super::view::View;
use crate::extract::{Caller, Fields, FromFields, Json, Path, Query, Sender};
use crate::problem::{INVALID_REQUEST, NOT_FOUND, Problem, UNSUPPORTED_MEDIA_TYPE};
use crate::route::submissions::{digest, take_body};
use crate::state::Api;

/// The media type of an age file.
pub(super) const AGE: &str = "application/age";

/// What is said of an envelope.
#[derive(Debug)]
pub(crate) struct Said {
    kind: EnvelopeKind,
    contains: BTreeSet<SealedPart>,
    recipients: BTreeSet<Fingerprint>,
    signed_by: Option<Fingerprint>,
}

/// Words with commas between them.
struct Listed<T>(BTreeSet<T>);

impl<T: FromStr + Ord> FromStr for Listed<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, T::Err> {
        text.split(',').filter(|word| !word.is_empty()).map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl FromFields for Said {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let kind = fields.or("kind", "details or protected_address", EnvelopeKind::Details);
        let contains: Option<Listed<SealedPart>> =
            fields.required("contains", "sealed parts with commas between them, such as name,date_of_birth,care_plan");
        let recipients: Option<Listed<Fingerprint>> =
            fields.required("recipients", "the fingerprints it is sealed for, with commas between them");
        let signed_by = fields.optional("signed_by", "the fingerprint of the key that signed what is in it");
        Some(Self { kind: kind?, contains: contains?.0, recipients: recipients?.0, signed_by: signed_by? })
    }
}

/// Leaves an envelope of sealed details with a notice. It takes the place of the last of its kind, whose bytes go. The hub
/// keeps it as it is and cannot open it: what `contains` says is the sender's word.
#[utoipa::path(post, path = "/v1/notices/{id}/envelopes", tag = "sealed",
    params(
        ("id" = Uuid, Path),
        ("contains" = String, Query, description = "Sealed parts with commas between them: name, date_of_birth, sex, identifiers, address, carer, parental_responsibility, needs, care_plan, risks, risk_plan, youth_justice"),
        ("recipients" = String, Query, description = "Fingerprints of the keys it is sealed for, with commas between them"),
        ("signed_by" = Option<String>, Query, description = "The fingerprint of the key that signed what is in it"),
        ("kind" = Option<String>, Query, description = "details (usual) or protected_address"),
        ("Content-Digest" = String, Header, description = "sha-256=:…: of the envelope (RFC 9530)"),
    ),
    request_body(content = String, content_type = "application/age", description = "An age v1 file in binary form, sealed for X25519 keys alone, 10 MiB at most"),
    responses((status = 201, body = View), (status = 200, description = "Kept before", body = View)))]
pub(crate) async fn seal(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Path(id): Path<Uuid>,
    Query(said): Query<Said>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let tenant = whose(&api, &caller, id).await?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind != AGE {
        return Err(Problem::new(UNSUPPORTED_MEDIA_TYPE).detail("Send Content-Type: application/age."));
    }
    let missing = || Problem::new(INVALID_REQUEST).detail("Send the Content-Digest of the envelope (RFC 9530).");
    let digest = digest(&headers)?.ok_or_else(missing)?;
    let upload = api.before_stopping(take_body(&headers, body, LONGEST)).await?;
    let placing = tenant.authority();
    let Said { kind, contains: parts, recipients: fingerprints, signed_by } = said;
    let client = tenant.client().to_owned();
    let said = Sealing { placing, client, notice: id, kind, parts, fingerprints, signed_by, digest };
    let hub = Arc::clone(api.hub());
    let (kept, is_new) = api.write(async move { envelopes::keep(&hub, &said, upload).await }).await?;
    let place = HeaderValue::from_str(&format!("/v1/notices/{id}/envelopes/{}", kept.n)).ok();
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    let keys = keys(&api, placing, kept.host).await?;
    let needs_opening = kept.kind == EnvelopeKind::ProtectedAddress;
    let mut response = (status, Json(View::of((kept, needs_opening), &keys))).into_response();
    response.headers_mut().extend(place.map(|place| (header::LOCATION, place)));
    Ok(response)
}

/// The host's keys as `reader` sees them.
pub(super) async fn keys(
    api: &Api,
    reader: AuthorityCode,
    host: AuthorityCode,
) -> Result<Vec<hub_store::sealing::SealingKey>, Problem> {
    Ok(sealing::list(api.hub(), reader, host).await?)
}

/// As whom the caller has placed the child: looked up before any of the body is read.
async fn whose(api: &Api, caller: &Caller<Sender>, id: Uuid) -> Result<Tenant, Problem> {
    for tenant in caller.tenants() {
        let reader = Reader::new(tenant.authority(), tenant.client(), Party::Placing);
        if envelopes::list(api.hub(), &reader, id).await?.is_some() {
            return Ok(tenant);
        }
    }
    Err(Problem::new(NOT_FOUND))
}

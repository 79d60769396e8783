use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hub_notices::StatementKind;
use hub_pipeline::identity::Tenant;
use hub_pipeline::statements::{self, Said, Saying, StateRefusal};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::view::View;
use crate::extract::{Caller, Json, Members, Path, Sender};
use crate::problem::{FieldError, INVALID_REQUEST, NOT_FOUND, Problem};
use crate::route::submissions;
use crate::state::Api;

const TYPES: &str = "consult, placement, change, intention_to_end, ended or withdraw";

/// Gives notice: `consult` before a placement at a distance, `placement`, `change`, `intention_to_end`, `ended` or
/// `withdraw`. Joins the notice that a feed or a home has opened of the same stay. 200 when the same was said before.
#[utoipa::path(post, path = "/v1/notices", tag = "notices",
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 128 visible ASCII characters; the same key and body give the same answer for seven days")),
    request_body(content = Object, description = "type, authority, provisional, and the fields of a statement: see the reference page of notices. Nothing that names or finds a child"),
    responses((status = 201, body = View), (status = 200, description = "Said before", body = View)))]
pub(crate) async fn give(
    State(api): State<Api>,
    caller: Caller<Sender>,
    headers: HeaderMap,
    Members(mut members): Members,
) -> Result<Response, Problem> {
    let mut errors = Vec::new();
    let authority = word(&mut members, "authority", "the GSS code of an authority, such as E09000023", &mut errors);
    let notice = word(&mut members, "notice_id", "the id of a notice", &mut errors);
    let saying = saying(&headers, members, errors)?;
    let tenant = match authority {
        Some(named) => caller.tenant(named)?,
        None => only(caller.tenants())?,
    };
    let said = say(&api, &tenant, Saying { notice, ..saying }).await?;
    Ok(answer(&api, said?))
}

/// Says more of a notice: `change`, `intention_to_end`, `ended`, `withdraw`; or `placement`, to give notice of what was
/// consulted on, drafted, or shown by a feed.
#[utoipa::path(post, path = "/v1/notices/{id}/statements", tag = "notices",
    params(
        ("id" = Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 128 visible ASCII characters; the same key and body give the same answer for seven days"),
    ),
    request_body(content = Object, description = "type, provisional, and the fields that change; null takes one back"),
    responses((status = 201, body = View), (status = 200, description = "Said before", body = View)))]
pub(crate) async fn follow(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Members(members): Members,
) -> Result<Response, Problem> {
    let saying = Saying { notice: Some(id), ..saying(&headers, members, Vec::new())? };
    for tenant in caller.tenants() {
        match say(&api, &tenant, saying.clone()).await? {
            Err(StateRefusal::NotFound) => {}
            said => return Ok(answer(&api, said?)),
        }
    }
    Err(Problem::new(NOT_FOUND))
}

/// What is said, but for whose and of which notice.
fn saying(
    headers: &HeaderMap,
    mut members: Map<String, Value>,
    mut errors: Vec<FieldError>,
) -> Result<Saying, Problem> {
    let kind: Option<StatementKind> = word(&mut members, "type", TYPES, &mut errors);
    if kind.is_none() && !errors.iter().any(|error| error.pointer == "/body/type") {
        errors.push(FieldError::at("/body/type", TYPES));
    }
    let provisional = match members.remove("provisional") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(provisional)) => provisional,
        Some(_) => {
            errors.push(FieldError::at("/body/provisional", "true or false"));
            false
        }
    };
    if provisional && kind.is_some_and(|kind| !kind.opens()) {
        errors.push(FieldError::at("/body/provisional", "false, unless type is consult or placement"));
    }
    match kind.filter(|_| errors.is_empty()) {
        Some(kind) => Ok(Saying {
            authority: hub_domain::AuthorityCode::default(),
            client: String::new(),
            signed_by: None,
            kind,
            notice: None,
            provisional,
            members,
            key: headers.contains_key("idempotency-key").then(|| submissions::key(headers)).transpose()?,
        }),
        None => Err(Problem::new(INVALID_REQUEST)
            .detail("See errors: each names a place in the request and what is wanted there.")
            .errors(errors)),
    }
}

/// A member that is one word, taken out.
fn word<T: std::str::FromStr>(
    members: &mut Map<String, Value>,
    name: &'static str,
    wanted: &'static str,
    errors: &mut Vec<FieldError>,
) -> Option<T> {
    let given = members.remove(name).filter(|value| !value.is_null())?;
    let read = given.as_str().and_then(|text| text.parse().ok());
    if read.is_none() {
        errors.push(FieldError::at(format!("/body/{name}"), wanted));
    }
    read
}

/// The one authority that a caller speaks for; one who speaks for several names it.
fn only(tenants: Vec<Tenant>) -> Result<Tenant, Problem> {
    let mut tenants = tenants.into_iter();
    if let (Some(tenant), None) = (tenants.next(), tenants.next()) {
        return Ok(tenant);
    }
    let wanted = "the GSS code of one of your authorities";
    Err(Problem::new(INVALID_REQUEST).errors(vec![FieldError::at("/body/authority", wanted)]))
}

async fn say(api: &Api, tenant: &Tenant, saying: Saying) -> Result<Result<Said, StateRefusal>, Problem> {
    let (authority, client) = (tenant.authority(), tenant.client().to_owned());
    let saying = Saying { authority, client, signed_by: tenant.key().map(str::to_owned), ..saying };
    let hub = Arc::clone(api.hub());
    api.write(async move { Ok::<_, Problem>(statements::state(&hub, &saying).await) }).await
}

fn answer(api: &Api, said: Said) -> Response {
    let status = if said.replayed { StatusCode::OK } else { StatusCode::CREATED };
    let place = HeaderValue::from_str(&format!("/v1/notices/{}", said.known.notice.id)).ok();
    let mut response = (status, Json(View::to_placing(said.known, api.hub()))).into_response();
    response.headers_mut().extend(place.map(|place| (header::LOCATION, place)));
    response
}

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hub_domain::{AuthorityCode, Timestamp};
use hub_pipeline::endpoints;
use hub_store::endpoint::{Endpoint, Scheme, State as Standing};
use secrecy::ExposeSecret as _;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::extract::{Caller, Fields, FromFields, HostSide, Json, Path};
use crate::page::List;
use crate::problem::{NOT_FOUND, Problem};
use crate::state::Api;

/// A webhook endpoint of a host authority.
#[derive(Serialize, ToSchema)]
#[schema(as = Endpoint)]
pub(crate) struct View {
    /// Its id.
    id: Uuid,
    /// Whose.
    #[schema(value_type = String)]
    authority: AuthorityCode,
    /// Where notices are sent.
    url: String,
    /// `v1a`: Ed25519 by the hub's published keys. `v1`: HMAC by a secret shown once.
    scheme: String,
    /// When it was registered.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// `whsec_…`, with `v1`, in the answer to the registration and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// An endpoint to register.
#[derive(Debug, ToSchema)]
pub(crate) struct Registration {
    /// Where notices are to be sent: https, port 443 or 8443, a public address.
    url: String,
    /// `v1a` (usual) or `v1`.
    #[schema(value_type = Option<String>)]
    scheme: Option<Scheme>,
    /// Whose, if the caller speaks for several.
    #[schema(value_type = Option<String>)]
    authority: Option<AuthorityCode>,
}

impl FromFields for Registration {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let url = fields.required("url", "an https address");
        let scheme = fields.optional("scheme", "v1a or v1");
        let authority = fields.optional("authority", "the GSS code of an authority");
        Some(Self { url: url?, scheme: scheme?, authority: authority? })
    }
}

/// The caller's endpoints.
#[utoipa::path(get, path = "/v1/endpoints", tag = "notices", responses((status = 200, body = List<View>)))]
pub(crate) async fn list(State(api): State<Api>, caller: Caller<HostSide>) -> Result<List<View>, Problem> {
    let mut all = Vec::new();
    for host in caller.hosts() {
        all.extend(endpoints::list(api.hub(), host.authority()).await?);
    }
    let active = all.into_iter().filter(|endpoint| endpoint.state == Standing::Active);
    Ok(List::whole(active.map(|endpoint| View::of(endpoint, None)).collect()))
}

/// Registers an endpoint: from now on each notice is sent there too.
#[utoipa::path(post, path = "/v1/endpoints", tag = "notices", request_body = Registration,
    responses((status = 201, body = View)))]
pub(crate) async fn register(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Json(asked): Json<Registration>,
) -> Result<Response, Problem> {
    let host = caller.host(asked.authority)?;
    let scheme = asked.scheme.unwrap_or(Scheme::V1a);
    let own = api.clone();
    let work = async move { endpoints::register(own.hub(), own.guard(), host.authority(), &asked.url, scheme).await };
    let done = api.write(work).await?;
    let secret = done.secret.map(|secret| secret.expose_secret().to_owned());
    Ok((StatusCode::CREATED, Json(View::of(done.endpoint, secret))).into_response())
}

/// Removes an endpoint. What is still queued for it is given up; the inbox keeps every notice.
#[utoipa::path(delete, path = "/v1/endpoints/{id}", tag = "notices", params(("id" = Uuid, Path)),
    responses((status = 204, description = "Removed")))]
pub(crate) async fn remove(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    for host in caller.hosts() {
        let hub = Arc::clone(api.hub());
        if api.write(async move { endpoints::remove(&hub, host.authority(), id).await }).await? {
            return Ok(StatusCode::NO_CONTENT);
        }
    }
    Err(Problem::new(NOT_FOUND))
}

impl View {
    fn of(endpoint: Endpoint, secret: Option<String>) -> Self {
        Self {
            id: endpoint.id,
            authority: endpoint.authority,
            url: endpoint.url,
            scheme: endpoint.scheme.to_string(),
            created_at: endpoint.created_at,
            secret,
        }
    }
}

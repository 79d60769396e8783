use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hub_pipeline::endpoints;
use hub_store::endpoint::{Scheme, State as Standing};
use uuid::Uuid;

use super::ask::{Change, Registration};
use super::on;
use super::view::View;
use crate::extract::{Caller, HostSide, Json, Path};
use crate::page::List;
use crate::problem::{NOT_FOUND, Problem};
use crate::state::Api;

/// The caller's endpoints, and how each has been doing.
#[utoipa::path(get, path = "/v1/endpoints", tag = "notices", responses((status = 200, body = List<View>)))]
pub(crate) async fn list(State(api): State<Api>, caller: Caller<HostSide>) -> Result<List<View>, Problem> {
    let mut all = Vec::new();
    for host in caller.hosts() {
        all.extend(endpoints::list(api.hub(), host.authority()).await?);
    }
    let there = all.into_iter().filter(|endpoint| endpoint.state != Standing::Removed);
    Ok(List::whole(there.map(View::from).collect()))
}

/// Registers an endpoint. It is sent a signed `endpoint.challenge` and, once it has given the token back in its answer (or
/// its owner has, at `/v1/endpoints/{id}/verify`), each notice; what is queued until then waits.
#[utoipa::path(post, path = "/v1/endpoints", tag = "notices", request_body = Registration,
    responses((status = 201, body = View)))]
pub(crate) async fn register(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Json(asked): Json<Registration>,
) -> Result<Response, Problem> {
    let host = caller.host(asked.authority)?;
    let scheme = asked.scheme.unwrap_or(Scheme::V1a);
    let registration = endpoints::Registration { url: asked.url, scheme, details: asked.details };
    let own = api.clone();
    let work = async move { endpoints::register(own.hub(), own.guard(), host.authority(), &registration).await };
    let done = api.write(work).await?;
    Ok((StatusCode::CREATED, Json(View::from(done))).into_response())
}

/// One endpoint, and how it has been doing.
#[utoipa::path(get, path = "/v1/endpoints/{id}", tag = "notices", params(("id" = Uuid, Path)),
    responses((status = 200, body = View)))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
) -> Result<Json<View>, Problem> {
    for host in caller.hosts() {
        if let Some(endpoint) = endpoints::find(api.hub(), host.authority(), id).await? {
            return Ok(Json(endpoint.into()));
        }
    }
    Err(Problem::new(NOT_FOUND))
}

/// Says what an endpoint is for and which events it asks for; what is left out is blank. What is queued stays queued.
#[utoipa::path(post, path = "/v1/endpoints/{id}", tag = "notices", params(("id" = Uuid, Path)),
    request_body = Change, responses((status = 200, body = View)))]
pub(crate) async fn describe(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
    Json(change): Json<Change>,
) -> Result<Json<View>, Problem> {
    let said = Arc::new(change.details);
    let work = |hub: Arc<hub_pipeline::Hub>, host| {
        let said = Arc::clone(&said);
        async move { endpoints::describe(&hub, host, id, &said).await }
    };
    Ok(Json(on(&api, &caller, work).await?.into()))
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

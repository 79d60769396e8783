use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hub_pipeline::deliveries::{self, ResendRefusal};
use hub_pipeline::endpoints;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ask::{Proof, Rotation, Since};
use super::on;
use super::view::View;
use crate::extract::{Caller, HostSide, Json, Path, Query};
use crate::problem::{NOT_FOUND, Problem};
use crate::state::Api;

/// A test event that was queued.
#[derive(Serialize, ToSchema)]
#[schema(as = Ping)]
pub(crate) struct PingView {
    /// What came of it is at `/v1/deliveries/{delivery}`.
    delivery: Uuid,
}

/// What was queued once more.
#[derive(Serialize, ToSchema)]
#[schema(as = Replayed)]
pub(crate) struct ReplayedView {
    /// How many deliveries.
    replayed: u64,
}

/// Sends an endpoint that is not verified its challenge again; one that was disabled begins anew.
#[utoipa::path(post, path = "/v1/endpoints/{id}/challenge", tag = "notices", params(("id" = Uuid, Path)),
    responses((status = 202, body = View)))]
pub(crate) async fn challenge(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let asked = on(&api, &caller, |hub, host| async move { endpoints::challenge(&hub, host, id).await }).await?;
    Ok((StatusCode::ACCEPTED, Json(View::from(asked))).into_response())
}

/// Takes the token of the challenge from the owner, for a receiver that cannot give it back in its answer.
#[utoipa::path(post, path = "/v1/endpoints/{id}/verify", tag = "notices", params(("id" = Uuid, Path)),
    request_body = Proof, responses((status = 200, body = View)))]
pub(crate) async fn verify(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
    Json(proof): Json<Proof>,
) -> Result<Json<View>, Problem> {
    let token: Arc<str> = proof.challenge.into();
    let work = |hub: Arc<hub_pipeline::Hub>, host| {
        let token = Arc::clone(&token);
        async move { endpoints::confirm(&hub, host, id, &token).await }
    };
    Ok(Json(on(&api, &caller, work).await?.into()))
}

/// Stops sending for a while. What is queued waits, for fourteen days at most.
#[utoipa::path(post, path = "/v1/endpoints/{id}/pause", tag = "notices", params(("id" = Uuid, Path)),
    responses((status = 200, body = View)))]
pub(crate) async fn pause(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
) -> Result<Json<View>, Problem> {
    let paused = on(&api, &caller, |hub, host| async move { endpoints::pause(&hub, host, id).await }).await?;
    Ok(Json(paused.into()))
}

/// Sends again: what has waited goes at once.
#[utoipa::path(post, path = "/v1/endpoints/{id}/resume", tag = "notices", params(("id" = Uuid, Path)),
    responses((status = 200, body = View)))]
pub(crate) async fn resume(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
) -> Result<Json<View>, Problem> {
    let resumed = on(&api, &caller, |hub, host| async move { endpoints::resume(&hub, host, id).await }).await?;
    Ok(Json(resumed.into()))
}

/// Sends a signed test event, whether or not the endpoint is paused or verified.
#[utoipa::path(post, path = "/v1/endpoints/{id}/ping", tag = "notices", params(("id" = Uuid, Path)),
    responses((status = 202, body = PingView)))]
pub(crate) async fn ping(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let delivery = on(&api, &caller, |hub, host| async move { endpoints::ping(&hub, host, id).await }).await?;
    Ok((StatusCode::ACCEPTED, Json(PingView { delivery })).into_response())
}

/// Gives an endpoint of scheme `v1` a new secret, shown this once. Meanwhile each letter bears two signatures.
#[utoipa::path(post, path = "/v1/endpoints/{id}/rotate", tag = "notices", params(("id" = Uuid, Path)),
    request_body = Rotation, responses((status = 200, body = View)))]
pub(crate) async fn rotate(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
    Json(rotation): Json<Rotation>,
) -> Result<Json<View>, Problem> {
    let overlap = rotation.overlap_hours;
    let rotated = on(&api, &caller, |hub, host| async move { endpoints::rotate(&hub, host, id, overlap).await });
    Ok(Json(rotated.await?.into()))
}

/// Sends everything about notices that was queued since then, and is over, once more: the same bytes under the same ids.
#[utoipa::path(post, path = "/v1/endpoints/{id}/replay", tag = "notices",
    params(("id" = Uuid, Path), ("since" = String, Query, description = "An instant such as 2026-11-16T06:00:00Z")),
    responses((status = 202, body = ReplayedView)))]
pub(crate) async fn replay(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
    Query(Since(since)): Query<Since>,
) -> Result<Response, Problem> {
    for host in caller.hosts() {
        let hub = Arc::clone(api.hub());
        let work = async move { Ok::<_, Problem>(deliveries::replay_since(&hub, host.authority(), id, since).await) };
        match api.write(work).await? {
            Err(ResendRefusal::NotFound) => {}
            said => return Ok((StatusCode::ACCEPTED, Json(ReplayedView { replayed: said? })).into_response()),
        }
    }
    Err(Problem::new(NOT_FOUND))
}

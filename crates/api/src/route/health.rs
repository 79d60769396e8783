use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use hub_store::member;
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::extract::Json;
use crate::problem::{Problem, UNAVAILABLE};
use crate::state::Api;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether the process can do its work.
#[derive(Serialize, ToSchema)]
pub(crate) struct Ready {
    /// Always `ready`; anything else is a 503.
    status: &'static str,
    /// `sqlite` or `postgres`.
    store: &'static str,
    /// Number of the release being served, once there is one.
    release: Option<i64>,
}

/// What is running.
#[derive(Serialize, ToSchema)]
pub(crate) struct Version {
    /// The program's name.
    name: &'static str,
    /// Its version.
    version: &'static str,
}

/// Whether the process lives.
#[utoipa::path(get, path = "/health/live", tag = "operation", responses((status = 200, body = Version)))]
pub(crate) async fn live() -> Json<Version> {
    version().await
}

/// Whether the process can do its work: the database answers, and it is not about to stop.
#[utoipa::path(get, path = "/health/ready", tag = "operation", responses((status = 200, body = Ready)))]
pub(crate) async fn ready(State(api): State<Api>) -> Result<Json<Ready>, Problem> {
    if api.is_draining() {
        return Err(Problem::new(UNAVAILABLE).detail("The process is stopping."));
    }
    let hub = api.hub();
    let asked = async { member::all(&mut *hub.store.read().await?).await };
    // A pool waits long for a connection; whoever asks whether all is well will not.
    let silent = |_| Problem::new(UNAVAILABLE).detail("The database does not answer.");
    timeout(PATIENCE, asked).await.map_err(silent)??;
    let release = hub.published.load().as_ref().map(|published| published.release.number);
    Ok(Json(Ready { status: "ready", store: hub.store.kind(), release }))
}

/// Measures for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "operation", responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn metrics(State(api): State<Api>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4"))], api.metrics()).into_response()
}

/// What is running.
#[utoipa::path(get, path = "/version", tag = "operation", responses((status = 200, body = Version)))]
pub(crate) async fn version() -> Json<Version> {
    Json(Version { name: "Sufficiency Hub", version: env!("CARGO_PKG_VERSION") })
}

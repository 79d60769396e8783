use axum::Router;

use crate::gate::Gate;
use crate::openapi::finish;
use crate::problem::{METHOD_NOT_ALLOWED, NOT_FOUND, Problem};
use crate::route;
use crate::state::Api;

/// The API's routes behind the gate.
pub fn router(api: Api) -> Router {
    // A worker may have the name of the one before it; their requests must not.
    let gate = Gate::new(&format!("{} {}", api.hub().settings.worker, api.hub().clock.now()));
    let (routes, _) = route::all().split_for_parts();
    routes
        .fallback(|| async { Problem::new(NOT_FOUND) })
        .method_not_allowed_fallback(|| async { Problem::new(METHOD_NOT_ALLOWED) })
        .with_state(api)
        .layer(gate)
}

/// The API's document (OpenAPI 3.1).
pub fn openapi() -> utoipa::openapi::OpenApi {
    finish(route::all().into_openapi())
}

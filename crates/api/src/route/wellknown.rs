use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::Json;
use crate::state::Api;

/// Authorisation-server metadata (RFC 8414).
#[derive(Serialize, ToSchema)]
pub(crate) struct Metadata {
    /// The hub's name in tokens, and the only `aud` of a client's assertion.
    issuer: String,
    /// Where tokens are issued.
    token_endpoint: String,
    /// Where the hub's public keys are.
    jwks_uri: String,
    grant_types_supported: [&'static str; 1],
    response_types_supported: [&'static str; 0],
    token_endpoint_auth_methods_supported: [&'static str; 3],
    token_endpoint_auth_signing_alg_values_supported: [&'static str; 2],
    /// The `aud` of access tokens.
    resource: String,
    /// The API's document.
    service_documentation: String,
}

/// The hub's public keys (RFC 7517): tokens, receipts and webhooks are checked with them.
#[derive(Serialize, ToSchema)]
pub(crate) struct KeySet {
    #[schema(value_type = Vec<Object>)]
    keys: Vec<hub_pipeline::identity::PublicKey>,
}

/// Where tokens come from and how a client proves who it is.
#[utoipa::path(get, path = "/.well-known/oauth-authorization-server", tag = "identity",
    responses((status = 200, body = Metadata)))]
pub(crate) async fn metadata(State(api): State<Api>) -> Response {
    let issuer = api.issuer().issuer();
    short_lived(Json(Metadata {
        issuer: issuer.to_owned(),
        token_endpoint: format!("{issuer}/oauth/token"),
        jwks_uri: format!("{issuer}/.well-known/jwks.json"),
        grant_types_supported: ["client_credentials"],
        response_types_supported: [],
        token_endpoint_auth_methods_supported: ["private_key_jwt", "client_secret_basic", "client_secret_post"],
        token_endpoint_auth_signing_alg_values_supported: ["EdDSA", "ES256"],
        resource: api.issuer().audience().to_owned(),
        service_documentation: format!("{issuer}/docs"),
    }))
}

/// The hub's public keys.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "identity", responses((status = 200, body = KeySet)))]
pub(crate) async fn keys(State(api): State<Api>) -> Response {
    short_lived(Json(KeySet { keys: api.issuer().key_set() }))
}

/// May be kept for a minute: shorter than the time a new key is published before it signs.
fn short_lived(answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
    response
}

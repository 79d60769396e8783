//! The catalogues: what is published, for machines.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hub_pipeline::publish::{self, Audience};

use super::tables::{dressed, is_known, quoted};
use crate::extract::{Caller, Library};
use crate::problem::Problem;
use crate::state::Api;

/// What the consortium is served: every table, what it means and where it is, as DCAT 3 in JSON-LD.
#[utoipa::path(get, path = "/v1/catalogue", tag = "figures",
    responses((status = 200, content((Object = "application/ld+json"))),
              (status = 304, description = "The caller has it already")))]
pub(crate) async fn consortium(
    State(api): State<Api>,
    _: Caller<Library>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer(&api, Audience::Consortium, &headers).await
}

/// What anybody may read, likewise.
#[utoipa::path(get, path = "/v1/public/catalogue", tag = "figures",
    responses((status = 200, content((Object = "application/ld+json"))),
              (status = 304, description = "The caller has it already")))]
pub(crate) async fn public(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Problem> {
    answer(&api, Audience::Public, &headers).await
}

async fn answer(api: &Api, audience: Audience, asked: &HeaderMap) -> Result<Response, Problem> {
    let catalogue = publish::catalogue(api.hub(), audience).await?;
    let tag = quoted(&catalogue.tag)?;
    if is_known(&tag, asked) {
        return Ok(dressed(StatusCode::NOT_MODIFIED.into_response(), tag));
    }
    let mut response = Response::new(Body::from(catalogue.json));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/ld+json"));
    Ok(dressed(response, tag))
}

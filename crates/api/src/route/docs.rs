use std::sync::{Arc, LazyLock};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_swagger_ui::Config;

use crate::extract::{Json, Path};
use crate::problem::{INTERNAL, KINDS, NOT_FOUND, Problem};

/// Only what the hub itself serves; the page's own styles are written into it.
const POLICY: &str =
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";

/// What a problem's `type` leads to.
#[derive(Serialize, ToSchema)]
pub(crate) struct Explained {
    /// The code.
    code: &'static str,
    /// The HTTP status it comes with.
    status: u16,
    /// What it means.
    title: &'static str,
}

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "operation",
    responses((status = 200, body = Object, content_type = "application/json")))]
pub(crate) async fn document() -> Response {
    static TEXT: LazyLock<Bytes> = LazyLock::new(|| crate::openapi().to_json().unwrap_or_default().into());
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60")),
    ];
    (headers, TEXT.clone()).into_response()
}

/// What a problem's code means.
#[utoipa::path(get, path = "/problems/{code}", tag = "operation", params(("code" = String, Path, description = "Kebab-case")),
    responses((status = 200, body = Explained)))]
pub(crate) async fn problem(Path(code): Path<String>) -> Result<Json<Explained>, Problem> {
    let kind = KINDS.iter().find(|kind| kind.code == code).ok_or_else(|| Problem::new(NOT_FOUND))?;
    Ok(Json(Explained { code: kind.code, status: kind.status.as_u16(), title: kind.title }))
}

/// Leads to the pages about this document.
#[utoipa::path(get, path = "/docs", tag = "operation", responses((status = 303, description = "To /docs/index.html")))]
pub(crate) async fn front() -> Redirect {
    Redirect::to("/docs/index.html")
}

/// The pages about this document; everything they need is in the program.
#[utoipa::path(get, path = "/docs/{*file}", tag = "operation", params(("file" = String, Path, description = "A file of the pages")),
    responses((status = 200, body = String, content_type = "text/html")))]
pub(crate) async fn page(Path(file): Path<String>) -> Result<Response, Problem> {
    let config = Arc::new(Config::from("/openapi.json").display_request_duration(false));
    let Some(file) = utoipa_swagger_ui::serve(&file, config).map_err(|_| Problem::new(INTERNAL))? else {
        return Err(Problem::new(NOT_FOUND));
    };
    let mut response = Response::new(Body::from(file.bytes.into_owned()));
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    let kind = HeaderValue::from_str(&file.content_type);
    headers.insert(header::CONTENT_TYPE, kind.unwrap_or(HeaderValue::from_static("application/octet-stream")));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}

//! A table's bytes, or 304 when the caller has them.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use hub_pipeline::publish::{self, Audience, Form, PublishedTable};

use super::asked::Asked;
use crate::page::{link, onward};
use crate::problem::{INTERNAL, NOT_FOUND, Problem};
use crate::state::Api;

/// One release's table in any form.
pub(crate) async fn give(
    api: &Api,
    table: &PublishedTable,
    form: Form,
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    if form != Form::Parquet {
        return ready(table, form, asked);
    }
    let tag = quoted(&table.tags.parquet)?;
    if is_known(&tag, asked) {
        return Ok(dressed(StatusCode::NOT_MODIFIED.into_response(), tag));
    }
    Ok(dressed(body(publish::to_parquet(api.hub(), table).await?, form), tag))
}

/// One release's table in a form that lies ready: nothing here waits for anything.
pub(super) fn ready(table: &PublishedTable, form: Form, asked: &HeaderMap) -> Result<Response, Problem> {
    let (bytes, tag) = match form {
        Form::Csv => (&table.csv, &table.tags.csv),
        Form::Json | Form::Parquet => (&table.json, &table.tags.json),
    };
    let tag = quoted(tag)?;
    let known = is_known(&tag, asked);
    let response = if known { StatusCode::NOT_MODIFIED.into_response() } else { body(bytes.clone(), form) };
    Ok(dressed(response, tag))
}

/// A page of the rows of several releases.
pub(crate) async fn give_range(
    api: &Api,
    (audience, name): (Audience, &str),
    asked: &Asked,
    (uri, headers): (&Uri, &HeaderMap),
) -> Result<Response, Problem> {
    let form = asked.form(name, headers)?;
    let range = asked.range(audience, name).ok_or_else(|| Problem::new(INTERNAL))?;
    let pages = publish::range(api.hub(), range).await?.ok_or_else(|| Problem::new(NOT_FOUND))?;
    let tag = quoted(&format!("\"{}.{}\"", pages.digest, form.as_str()).into())?;
    let next = pages.next.map(|after| onward(uri, "after", &after.to_string()));
    let way = next.as_deref().and_then(link);
    let response = if is_known(&tag, headers) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        body(pages.render(api.hub(), form, next).await?.into(), form)
    };
    let mut response = dressed(response, tag);
    if let Some(way) = way {
        response.headers_mut().insert(header::LINK, way);
    }
    Ok(response)
}

fn body(bytes: Bytes, form: Form) -> Response {
    let kind = match form {
        Form::Csv => "text/csv; charset=utf-8",
        Form::Json | Form::Parquet => form.media_type(),
    };
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// The answer with what caches need to know.
pub(crate) fn dressed(mut response: Response, tag: HeaderValue) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("accept, authorization"));
    response
}

/// A quoted entity tag as a header.
pub(crate) fn quoted(tag: &Bytes) -> Result<HeaderValue, Problem> {
    HeaderValue::from_maybe_shared(tag.clone()).map_err(|error| Problem::new(INTERNAL).cause(error))
}

/// Whether the caller has what the tag names already.
pub(crate) fn is_known(tag: &HeaderValue, asked: &HeaderMap) -> bool {
    asked.get_all(header::IF_NONE_MATCH).iter().any(|known| names(known, tag))
}

/// Whether an `If-None-Match` names the tag; a weak tag of the same text does, as RFC 9110 section 13.1.2 says.
fn names(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let Ok(known) = known.to_str() else { return false };
    known
        .split(',')
        .map(str::trim)
        .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one).as_bytes() == tag.as_bytes())
}

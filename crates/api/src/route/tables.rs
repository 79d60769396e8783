//! Published tables, served from memory: no database on this path, and nothing built that does not change per request.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hub_pipeline::publish::PublishedTable;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::accept::{Shape, Wanted};
use crate::extract::{Caller, Fields, FromFields, Path, Query, Readers};
use crate::page::List;
use crate::problem::{INTERNAL, NOT_FOUND, Problem};
use crate::state::Api;

/// A table of the release being served.
#[derive(Serialize, ToSchema)]
pub(crate) struct Table {
    /// Its name.
    name: String,
    /// Bytes of its JSON.
    json_bytes: usize,
    /// Bytes of its CSV.
    csv_bytes: usize,
    /// The release it is of.
    release: Uuid,
    /// Where it is; add `.csv` for CSV.
    href: String,
}

/// The shape asked for: by `format=`, by the name's ending, or by `Accept`.
#[derive(Debug)]
pub(crate) struct Asked(Wanted);

impl FromFields for Asked {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        Wanted::from_fields(fields).map(Self)
    }
}

impl Asked {
    pub(super) fn shape(&self, name: &str, headers: &HeaderMap) -> Result<Shape, Problem> {
        match name.rsplit_once('.') {
            Some((_, "csv")) => Ok(Shape::Csv),
            Some((_, "json")) => Ok(Shape::Json),
            _ => self.0.shape(headers),
        }
    }
}

/// The tables of the release being served.
#[utoipa::path(get, path = "/v1/tables", tag = "figures", responses((status = 200, body = List<Table>)))]
pub(crate) async fn list(State(api): State<Api>, _: Caller<Readers>) -> List<Table> {
    let published = api.hub().published.load_full();
    let tables = published.iter().flat_map(|published| {
        let release = published.release.id;
        published.tables.iter().map(move |(name, table)| Table {
            name: name.clone(),
            json_bytes: table.json.len(),
            csv_bytes: table.csv.len(),
            release,
            href: format!("/v1/tables/{name}"),
        })
    });
    List::whole(tables.collect())
}

/// A table of the release being served, JSON or CSV.
#[utoipa::path(get, path = "/v1/tables/{name}", tag = "figures",
    params(("name" = String, Path, description = "A table, such as market_gaps or market_gaps.csv"),
           ("format" = Option<String>, Query, description = "json or csv; else by ending, else by Accept"),
           ("If-None-Match" = Option<String>, Header, description = "An ETag the caller has")),
    responses((status = 200, content((Object = "application/json"), (String = "text/csv"))),
              (status = 304, description = "The caller has it already")))]
pub(crate) async fn show(
    State(api): State<Api>,
    _: Caller<Readers>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers();
    let published = api.hub().published.load();
    let table = published.as_ref().and_then(|published| published.tables.get(bare(&name)));
    let table = table.ok_or_else(|| Problem::new(NOT_FOUND))?;
    answer(table, asked.shape(&name, headers)?, headers)
}

/// A table's name without the ending that says its shape.
pub(super) fn bare(name: &str) -> &str {
    name.strip_suffix(".csv").or_else(|| name.strip_suffix(".json")).unwrap_or(name)
}

/// The table's bytes, or 304 when the caller has them.
pub(super) fn answer(table: &PublishedTable, shape: Shape, asked: &HeaderMap) -> Result<Response, Problem> {
    let (body, kind, tag) = match shape {
        Shape::Json => (&table.json, "application/json", &table.tags.json),
        Shape::Csv => (&table.csv, "text/csv; charset=utf-8", &table.tags.csv),
    };
    let tag = HeaderValue::from_maybe_shared(tag.clone()).map_err(|error| Problem::new(INTERNAL).cause(error))?;
    let known = asked.get_all(header::IF_NONE_MATCH).iter().any(|known| names(known, &tag));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(Body::from(body.clone()));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        response
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("accept, authorization"));
    Ok(response)
}

/// Whether an `If-None-Match` names the tag; a weak tag of the same text does, as RFC 9110 section 13.1.2 says.
fn names(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let Ok(known) = known.to_str() else { return false };
    known
        .split(',')
        .map(str::trim)
        .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one).as_bytes() == tag.as_bytes())
}

//! Published tables, served from memory: no database on this path, and nothing built that does not change per request. Ranges
//! of releases are read from the store, and counted.

mod asked;
mod give;

use axum::extract::{Request, State};
use axum::response::Response;
use hub_pipeline::publish::{Audience, Form};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub(super) use asked::{Asked, bare};
use give::ready;
pub(super) use give::{dressed, give, give_range, is_known, quoted};

use crate::extract::{Caller, Path, Query, Readers};
use crate::page::List;
use crate::problem::{NOT_FOUND, Problem};
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
    /// Where it is; add `.csv` or `.parquet` for the other forms.
    href: String,
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

/// A table of the release being served; with `from` or `to`, the rows of every release that is true of those days.
///
/// A range is a page of whole releases in the order of their numbers, under the columns of today's definition, also when there
/// are none; the `Link` header names the next page.
#[utoipa::path(get, path = "/v1/tables/{name}", tag = "figures",
    params(("name" = String, Path, description = "A table, such as market_gaps, market_gaps.csv or market_gaps.parquet"),
           ("format" = Option<String>, Query, description = "json, csv or parquet; else by ending, else by Accept"),
           ("from" = Option<String>, Query, description = "Releases true of this day or later, YYYY-MM-DD"),
           ("to" = Option<String>, Query, description = "Releases true of a day before this one, YYYY-MM-DD"),
           ("releases" = Option<String>, Query, description = "Of a range: all, or last for the last of each day"),
           ("after" = Option<i64>, Query, description = "Of a range: releases numbered higher than this"),
           ("limit" = Option<i64>, Query, description = "Of a range: releases on a page, 1 to 366; 31 unless given"),
           ("If-None-Match" = Option<String>, Header, description = "An ETag the caller has")),
    responses((status = 200, content((Object = "application/json"), (String = "text/csv"),
                                     (Vec<u8> = "application/vnd.apache.parquet"))),
              (status = 304, description = "The caller has it already")))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller<Readers>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers();
    if asked.is_range() {
        caller.count(&api)?;
        return give_range(&api, (Audience::Consortium, &name), &asked, (request.uri(), headers)).await;
    }
    let published = api.hub().published.load();
    let table = published.as_ref().and_then(|published| published.tables.get(bare(&name)));
    let table = table.ok_or_else(|| Problem::new(NOT_FOUND))?;
    let form = asked.form(&name, headers)?;
    if form != Form::Parquet {
        return ready(table, form, headers);
    }
    let table = table.clone();
    drop(published);
    give(&api, &table, form, headers).await
}

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use hub_domain::{Date, Timestamp};
use hub_pipeline::publish::{self, Published};
use hub_store::release::{self, Days, Release};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::tables::{Asked, bare, give};
use crate::extract::{Caller, Fields, FromFields, Json, Library, Operators, Path, Query, Readers};
use crate::page::{List, onward};
use crate::problem::{NOT_FOUND, Problem};
use crate::state::Api;

/// A release: figures that never change.
#[derive(Serialize, ToSchema)]
#[schema(as = Release)]
pub(crate) struct View {
    /// Its id; every row of its tables names it.
    id: Uuid,
    /// Counted from one.
    number: i64,
    /// The day it is true of.
    #[schema(value_type = String, format = Date)]
    as_at: Date,
    /// When it was published.
    #[schema(value_type = String, format = DateTime)]
    published_at: Timestamp,
    /// SHA-256 of its figures, hexadecimal.
    digest: String,
    /// Why it was published.
    reason: String,
    /// Per authority and dataset, the last submission that was read.
    #[schema(value_type = Object)]
    basis: serde_json::Value,
    /// Rows by table, and the share of safe cells shown.
    #[schema(value_type = Object)]
    summary: serde_json::Value,
    /// Addresses of its tables, when one release is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tables: Vec<String>,
}

/// Why a release is wanted.
#[derive(Debug, ToSchema)]
pub(crate) struct Wish {
    /// In a few words, for the record.
    reason: Option<String>,
}

impl FromFields for Wish {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let reason: Option<String> = fields.optional("reason", "a few words, 200 characters at most")?;
        if reason.as_ref().is_some_and(|reason| reason.chars().count() > 200 || reason.chars().any(char::is_control)) {
            fields.refuse("reason", "a few words, 200 characters at most");
        }
        Some(Self { reason })
    }
}

/// In which form.
pub(crate) struct Formed(Asked);

impl FromFields for Formed {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        fields.optional("format", "json, csv or parquet").map(Asked::whole).map(Self)
    }
}

/// Which releases.
pub(crate) struct Listing {
    days: Days,
    before: Option<i64>,
    limit: i64,
}

impl FromFields for Listing {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let from = fields.or("from", "the first day, YYYY-MM-DD", Days::ALL.from);
        let to = fields.or("to", "the day after the last, YYYY-MM-DD", Days::ALL.to);
        let before = fields.optional("before", "the number of a release");
        let limit = fields.or("limit", "a whole number from 1 to 200", 50)?;
        if !(1..=200).contains(&limit) {
            fields.refuse("limit", "a whole number from 1 to 200");
        }
        let days = Days { from: from?, to: to? };
        if days.from > days.to {
            fields.refuse("to", "a day that is not before from");
        }
        Some(Self { days, before: before?, limit })
    }
}

/// Releases, newest first.
#[utoipa::path(get, path = "/v1/releases", tag = "figures",
    params(("from" = Option<String>, Query, description = "True of this day or later, YYYY-MM-DD"),
           ("to" = Option<String>, Query, description = "True of a day before this one, YYYY-MM-DD"),
           ("before" = Option<i64>, Query, description = "Numbers lower than this"),
           ("limit" = Option<i64>, Query, description = "1 to 200; 50 unless given")),
    responses((status = 200, body = List<View>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    _: Caller<Library>,
    Query(listing): Query<Listing>,
    uri: Uri,
) -> Result<List<View>, Problem> {
    let mut link = api.hub().store.read().await?;
    let page = (listing.before, listing.limit);
    let found = release::list_of(&mut link, release::CONSORTIUM, listing.days, page).await?;
    let full = i64::try_from(found.len()).is_ok_and(|rows| rows >= listing.limit);
    let last = found.last().filter(|_| full).map(|release| release.number);
    let next = last.map(|number| onward(&uri, "before", &number.to_string()));
    Ok(List { items: found.iter().map(View::of).collect(), next })
}

/// Publishes a release of what is believed now, unless the release gate finds that a child could be worked out.
#[utoipa::path(post, path = "/v1/releases", tag = "figures", request_body = Wish, responses((status = 201, body = View)))]
pub(crate) async fn publish(
    State(api): State<Api>,
    _: Caller<Operators>,
    Json(wish): Json<Wish>,
) -> Result<Response, Problem> {
    let hub = Arc::clone(api.hub());
    let reason = wish.reason.unwrap_or_else(|| "on demand".to_owned());
    let published = api.write(async move { publish::publish(&hub, &reason).await }).await?;
    Ok((StatusCode::CREATED, Json(View::whole(&published))).into_response())
}

/// One release.
#[utoipa::path(get, path = "/v1/releases/{id}", tag = "figures", params(("id" = Uuid, Path)),
    responses((status = 200, body = View)))]
pub(crate) async fn show(
    State(api): State<Api>,
    _: Caller<Library>,
    Path(id): Path<Uuid>,
) -> Result<Json<View>, Problem> {
    Ok(Json(View::whole(&*of(&api, id).await?)))
}

/// A table of one release.
#[utoipa::path(get, path = "/v1/releases/{id}/tables/{name}", tag = "figures",
    params(("id" = Uuid, Path), ("name" = String, Path, description = "A table, such as market_gaps or market_gaps.csv"),
           ("format" = Option<String>, Query, description = "json, csv or parquet; else by ending, else by Accept")),
    responses((status = 200, content((Object = "application/json"), (String = "text/csv"),
                                     (Vec<u8> = "application/vnd.apache.parquet"))),
              (status = 304, description = "The caller has it already")))]
pub(crate) async fn table(
    State(api): State<Api>,
    _: Caller<Readers>,
    Path((id, name)): Path<(Uuid, String)>,
    Query(asked): Query<Formed>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let published = of(&api, id).await?;
    let table = published.tables.get(bare(&name)).ok_or_else(|| Problem::new(NOT_FOUND))?;
    give(&api, table, asked.0.form(&name, &headers)?, &headers).await
}

/// The release being served, from memory; an older one from the store.
async fn of(api: &Api, id: Uuid) -> Result<Arc<Published>, Problem> {
    if let Some(published) = api.hub().published.load_full().filter(|published| published.release.id == id) {
        return Ok(published);
    }
    let found = publish::find(api.hub(), id).await?;
    found.map(Arc::new).ok_or_else(|| Problem::new(NOT_FOUND))
}

impl View {
    fn of(release: &Release) -> Self {
        Self {
            id: release.id,
            number: release.number,
            as_at: release.as_at,
            published_at: release.published_at,
            digest: release.digest.clone(),
            reason: release.reason.clone(),
            basis: serde_json::from_str(&release.basis).unwrap_or_default(),
            summary: serde_json::from_str(&release.summary).unwrap_or_default(),
            tables: Vec::new(),
        }
    }

    fn whole(published: &Published) -> Self {
        let id = published.release.id;
        let tables = published.tables.keys().map(|name| format!("/v1/releases/{id}/tables/{name}")).collect();
        Self { tables, ..Self::of(&published.release) }
    }
}

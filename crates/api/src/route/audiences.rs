//! Tables for the other two audiences: the public's snapshot, and each authority's own (promise C4).

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use hub_domain::AuthorityCode;
use hub_pipeline::identity::Tenant;
use hub_pipeline::publish::{self, Audience, Published};
use hub_sufficiency::find_definition;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::tables::{Asked, bare, give, give_range};
use crate::extract::{Caller, Fields, FromFields, Path, Query, Sender};
use crate::page::List;
use crate::problem::{NOT_FOUND, Problem};
use crate::state::Api;

/// The one client that all are who ask without a token. No client's id has a space.
const ANYBODY: &str = "anybody at all";

/// A table of the public's snapshot.
#[derive(Serialize, ToSchema)]
pub(crate) struct PublicTable {
    /// Its name.
    name: String,
    /// The release it is of.
    release: Uuid,
    /// Where it is; add `.csv` or `.parquet` for the other forms.
    href: String,
}

/// A table of the caller's own records.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnTable {
    /// Its name.
    name: String,
    /// Whose records it is made of.
    #[schema(value_type = String)]
    authority: AuthorityCode,
    /// Where it is; add `.csv` or `.parquet` for the other forms.
    href: String,
}

/// Whose own tables, and in which shape.
pub(crate) struct Whose {
    authority: Option<AuthorityCode>,
    asked: Asked,
}

impl FromFields for Whose {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let authority = fields.optional("authority", "the GSS code of an authority");
        let form = fields.optional("format", "json, csv or parquet");
        Some(Self { authority: authority?, asked: Asked::whole(form?) })
    }
}

/// The same, by which version of its definition.
pub(crate) struct Version {
    whose: Whose,
    version: Option<u32>,
}

impl FromFields for Version {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let version = fields.optional("version", "the number of a version of the definition")?;
        Some(Self { whose: Whose::from_fields(fields)?, version })
    }
}

/// The tables that anybody may read: counts under ten hidden, the rest rounded to five, as they stood in the quarter.
#[utoipa::path(get, path = "/v1/public/tables", tag = "figures", responses((status = 200, body = List<PublicTable>)))]
pub(crate) async fn public_list(State(api): State<Api>) -> List<PublicTable> {
    let published = api.hub().public.load_full();
    let tables = published.iter().flat_map(|published| {
        let Published { release, tables, .. } = &**published;
        tables.keys().map(|name| PublicTable {
            name: name.clone(),
            release: release.id,
            href: format!("/v1/public/tables/{name}"),
        })
    });
    List::whole(tables.collect())
}

/// A table that anybody may read; with `from` or `to`, the rows of every snapshot that is true of those days.
#[utoipa::path(get, path = "/v1/public/tables/{name}", tag = "figures",
    params(("name" = String, Path, description = "A table, such as flows or flows.csv"),
           ("format" = Option<String>, Query, description = "json, csv or parquet; else by ending, else by Accept"),
           ("from" = Option<String>, Query, description = "Snapshots true of this day or later, YYYY-MM-DD"),
           ("to" = Option<String>, Query, description = "Snapshots true of a day before this one, YYYY-MM-DD"),
           ("releases" = Option<String>, Query, description = "Of a range: all, or last for the last of each day"),
           ("after" = Option<i64>, Query, description = "Of a range: snapshots numbered higher than this"),
           ("limit" = Option<i64>, Query, description = "Of a range: snapshots on a page, 1 to 366; 31 unless given")),
    responses((status = 200, content((Object = "application/json"), (String = "text/csv"),
                                     (Vec<u8> = "application/vnd.apache.parquet"))),
              (status = 304, description = "The caller has it already")))]
pub(crate) async fn public_table(
    State(api): State<Api>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if asked.is_range() {
        // The store is read for it, and nobody says who asks: all together are as one client.
        api.limiter().admit(&ANYBODY.into())?;
        return give_range(&api, (Audience::Public, &name), &asked, (&uri, &headers)).await;
    }
    let published = api.hub().public.load_full();
    let table = published.as_ref().and_then(|published| published.tables.get(bare(&name)));
    let table = table.ok_or_else(|| Problem::new(NOT_FOUND))?;
    give(&api, table, asked.form(&name, &headers)?, &headers).await
}

/// The tables of the caller's own records, exact.
#[utoipa::path(get, path = "/v1/own/tables", tag = "figures",
    params(("authority" = Option<String>, Query, description = "Whose; the caller's first unless given")),
    responses((status = 200, body = List<OwnTable>)))]
pub(crate) async fn own_list(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Query(whose): Query<Whose>,
) -> Result<List<OwnTable>, Problem> {
    let tenant = tenant(&caller, whose.authority)?;
    let authority = tenant.authority();
    let tables = publish::own(api.hub(), &tenant).await?;
    let list = tables.into_iter().map(|(name, _)| OwnTable {
        href: format!("/v1/own/tables/{name}?authority={authority}"),
        name,
        authority,
    });
    Ok(List::whole(list.collect()))
}

/// A table of the caller's own records, exact: nobody else's are in it. By an earlier version of its definition where one is
/// asked for, so that both can be held side by side. Its ETag changes with what is known and with the day.
#[utoipa::path(get, path = "/v1/own/tables/{name}", tag = "figures",
    params(("name" = String, Path, description = "A table, such as flows or flows.csv"),
           ("authority" = Option<String>, Query, description = "Whose; the caller's first unless given"),
           ("version" = Option<u32>, Query, description = "Of the definition; the one in force unless given"),
           ("format" = Option<String>, Query, description = "json, csv or parquet; else by ending, else by Accept"),
           ("If-None-Match" = Option<String>, Header, description = "An ETag the caller has")),
    responses((status = 200, content((Object = "application/json"), (String = "text/csv"),
                                     (Vec<u8> = "application/vnd.apache.parquet"))),
              (status = 304, description = "The caller has it already")))]
pub(crate) async fn own_table(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Path(name): Path<String>,
    Query(Version { whose, version }): Query<Version>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let tenant = tenant(&caller, whose.authority)?;
    let in_force = find_definition(bare(&name)).ok_or_else(|| Problem::new(NOT_FOUND))?;
    let version = version.unwrap_or(in_force.version);
    let table = publish::own_by_version(api.hub(), &tenant, in_force.id, version).await?;
    let form = whose.asked.form(&name, &headers)?;
    give(&api, &table.ok_or_else(|| Problem::new(NOT_FOUND))?, form, &headers).await
}

/// The authority that the caller names and speaks for, or its first.
fn tenant(caller: &Caller<Sender>, named: Option<AuthorityCode>) -> Result<Tenant, Problem> {
    let tenants = caller.tenants_or(named)?;
    tenants.into_iter().next().ok_or_else(|| Problem::new(NOT_FOUND))
}

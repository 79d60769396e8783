//! Tables for the other two audiences: the public's snapshot, and each authority's own (promise C4).

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use hub_domain::AuthorityCode;
use hub_pipeline::identity::Tenant;
use hub_pipeline::publish::{self, Published, PublishedTable};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::tables::{Asked, answer, bare};
use crate::extract::{Caller, Fields, FromFields, Path, Query, Sender};
use crate::page::List;
use crate::problem::{NOT_FOUND, Problem};
use crate::state::Api;

/// A table of the public's snapshot.
#[derive(Serialize, ToSchema)]
pub(crate) struct PublicTable {
    /// Its name.
    name: String,
    /// The release it is of.
    release: Uuid,
    /// Where it is; add `.csv` for CSV.
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
    /// Where it is; add `.csv` for CSV.
    href: String,
}

/// Whose own tables, and in which shape.
pub(crate) struct Whose {
    authority: Option<AuthorityCode>,
    asked: Asked,
}

impl FromFields for Whose {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let authority = fields.optional("authority", "the GSS code of an authority")?;
        Some(Self { authority, asked: Asked::from_fields(fields)? })
    }
}

/// The tables that anybody may read: counts under ten hidden, the rest rounded to five, as they stood in the quarter.
#[utoipa::path(get, path = "/v1/public/tables", tag = "figures", responses((status = 200, body = List<PublicTable>)))]
pub(crate) async fn public_list(State(api): State<Api>) -> List<PublicTable> {
    let published = api.hub().public.load_full();
    let tables = published.iter().flat_map(|published| {
        let Published { release, tables } = &**published;
        tables.keys().map(|name| PublicTable {
            name: name.clone(),
            release: release.id,
            href: format!("/v1/public/tables/{name}"),
        })
    });
    List::whole(tables.collect())
}

/// A table that anybody may read, JSON or CSV.
#[utoipa::path(get, path = "/v1/public/tables/{name}", tag = "figures",
    params(("name" = String, Path, description = "A table, such as flows or flows.csv"),
           ("format" = Option<String>, Query, description = "json or csv; else by ending, else by Accept")),
    responses((status = 200, content((Object = "application/json"), (String = "text/csv"))),
              (status = 304, description = "The caller has it already")))]
pub(crate) async fn public_table(
    State(api): State<Api>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let published = api.hub().public.load_full();
    let table = published.as_ref().and_then(|published| published.tables.get(bare(&name)));
    let table = table.ok_or_else(|| Problem::new(NOT_FOUND))?;
    answer(table, asked.shape(&name, &headers)?, &headers)
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

/// A table of the caller's own records, exact: nobody else's are in it.
#[utoipa::path(get, path = "/v1/own/tables/{name}", tag = "figures",
    params(("name" = String, Path, description = "A table, such as flows or flows.csv"),
           ("authority" = Option<String>, Query, description = "Whose; the caller's first unless given"),
           ("format" = Option<String>, Query, description = "json or csv; else by ending, else by Accept")),
    responses((status = 200, content((Object = "application/json"), (String = "text/csv"))),
              (status = 304, description = "The caller has it already")))]
pub(crate) async fn own_table(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Path(name): Path<String>,
    Query(whose): Query<Whose>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let tenant = tenant(&caller, whose.authority)?;
    let tables: Vec<(String, PublishedTable)> = publish::own(api.hub(), &tenant).await?;
    let table = tables.iter().find(|(each, _)| each == bare(&name)).map(|(_, table)| table);
    answer(table.ok_or_else(|| Problem::new(NOT_FOUND))?, whose.asked.shape(&name, &headers)?, &headers)
}

/// The authority that the caller names and speaks for, or its first.
fn tenant(caller: &Caller<Sender>, named: Option<AuthorityCode>) -> Result<Tenant, Problem> {
    let tenants = caller.tenants_or(named)?;
    tenants.into_iter().next().ok_or_else(|| Problem::new(NOT_FOUND))
}

//! What stands behind a published figure, as far as its asker may see it.

use axum::extract::State;
use hub_domain::AuthorityCode;
use hub_pipeline::publish::{self, Explanation, NotThere};
use uuid::Uuid;

use super::tables::bare;
use crate::extract::{Caller, Consortium, Fields, FromFields, Json, Path, Query};
use crate::problem::{NOT_FOUND, Problem};
use crate::state::Api;

/// Which rows.
pub(crate) struct Wanted {
    words: Vec<String>,
}

impl FromFields for Wanted {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let row: String = fields.required("row", "labels of the row, separated by commas")?;
        let words = row.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        Some(Self { words })
    }
}

/// What stands behind figures of a release: their definition, the rules they passed, and the submissions they were made of.
/// An authority is told of its own submissions, an operator of all, anybody else of none.
#[utoipa::path(get, path = "/v1/releases/{id}/tables/{name}/explain", tag = "figures",
    params(("id" = Uuid, Path), ("name" = String, Path, description = "A table, such as market_gaps"),
           ("row" = String, Query, description = "Labels of the row, such as Lewisham,10-12")),
    responses((status = 200, body = Object)))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller<Consortium>,
    Path((id, name)): Path<(Uuid, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Explanation>, Problem> {
    let own: Vec<AuthorityCode> = caller.tenants().iter().map(hub_pipeline::identity::Tenant::authority).collect();
    let asker = if caller.operator().is_some() { None } else { Some(own.as_slice()) };
    match publish::explain(api.hub(), id, bare(&name), &wanted.words, asker).await {
        Ok(found) => Ok(Json(found)),
        Err(NotThere::Fault(fault)) => Err(fault.into()),
        Err(NotThere::Release | NotThere::NotKept | NotThere::Row(_) | NotThere::Gate(_)) => {
            Err(Problem::new(NOT_FOUND))
        }
    }
}

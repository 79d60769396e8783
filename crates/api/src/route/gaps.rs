//! The largest gaps of the release being served, and what one more place would do about each.

use axum::extract::State;
use hub_sufficiency::Gap;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::extract::{Caller, Consortium, Fields, FromFields, Json, Query};
use crate::problem::Problem;
use crate::state::Api;

/// How many.
pub(crate) struct Wanted {
    limit: usize,
}

impl FromFields for Wanted {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let limit = fields.or("limit", "a whole number from 1 to 200", 10)?;
        if !(1..=200).contains(&limit) {
            fields.refuse("limit", "a whole number from 1 to 200");
        }
        Some(Self { limit })
    }
}

/// The largest gaps that a release shows.
#[derive(Serialize, ToSchema)]
pub(crate) struct Gaps {
    /// The release; null before the first.
    release: Option<Uuid>,
    /// Largest first: children left without a home by sub-region, kind of home and age band, what waiting has cost them, and
    /// what one more place of the profile that serves most would do, for which boroughs. What the tables hide is null.
    #[schema(value_type = Vec<Object>)]
    items: Vec<Gap>,
}

/// The largest gaps that the release being served shows.
#[utoipa::path(get, path = "/v1/gaps", tag = "figures",
    params(("limit" = Option<i64>, Query, description = "1 to 200; 10 unless given")),
    responses((status = 200, body = Gaps)))]
pub(crate) async fn list(
    State(api): State<Api>,
    _: Caller<Consortium>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Gaps>, Problem> {
    let published = api.hub().published.load_full();
    let items = published.as_deref().map_or_else(|| Ok(Vec::new()), |published| published.gaps(wanted.limit))?;
    Ok(Json(Gaps { release: published.as_ref().map(|published| published.release.id), items }))
}

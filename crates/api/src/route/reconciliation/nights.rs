use axum::extract::State;
use hub_domain::{AuthorityCode, Date, Timestamp};
use hub_store::reconciliation::{self, Run};
use serde::Serialize;
use utoipa::ToSchema;

use super::sides;
use crate::extract::{Caller, EitherSide, Fields, FromFields, Query};
use crate::page::List;
use crate::problem::Problem;
use crate::state::Api;

/// Whose nights.
pub(crate) struct Nights {
    authority: Option<AuthorityCode>,
    limit: i64,
}

impl FromFields for Nights {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let authority = fields.optional("authority", "the GSS code of an authority");
        let limit = fields.or("limit", "a whole number from 1 to 200", 50)?;
        if !(1..=200).contains(&limit) {
            fields.refuse("limit", "a whole number from 1 to 200");
        }
        Some(Self { authority: authority?, limit })
    }
}

/// One reconciliation, as it concerned one authority.
#[derive(Serialize, ToSchema)]
pub(crate) struct Reconciliation {
    /// Whom.
    #[schema(value_type = String)]
    authority: AuthorityCode,
    /// The night.
    #[schema(value_type = String, format = Date)]
    night: Date,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Discrepancies that stood, both sides of the authority together.
    standing: i64,
    /// Of those, found for the first time.
    opened: i64,
    /// No longer found.
    cleared: i64,
}

/// The reconciliations made, latest first: how many discrepancies stood, were new, were cleared.
#[utoipa::path(get, path = "/v1/reconciliation/nights", tag = "notices",
    params(
        ("authority" = Option<String>, Query, description = "Whose; all of the caller's unless given"),
        ("limit" = Option<i64>, Query, description = "1 to 200; 50 unless given"),
    ),
    responses((status = 200, body = List<Reconciliation>)))]
pub(crate) async fn nights(
    State(api): State<Api>,
    caller: Caller<EitherSide>,
    Query(nights): Query<Nights>,
) -> Result<List<Reconciliation>, Problem> {
    let mut own: Vec<_> = sides(&caller, nights.authority)?.into_iter().map(|(authority, _)| authority).collect();
    own.sort_unstable();
    own.dedup();
    let mut runs = Vec::new();
    for authority in own {
        let mut link = api.read_for(Some(authority)).await?;
        runs.extend(reconciliation::nights(&mut link, authority, nights.limit).await?);
    }
    runs.sort_by_key(|run| (std::cmp::Reverse(run.at), run.authority));
    runs.truncate(usize::try_from(nights.limit).unwrap_or_default());
    Ok(List::whole(runs.into_iter().map(Reconciliation::from).collect()))
}

impl From<Run> for Reconciliation {
    fn from(run: Run) -> Self {
        let Run { authority, at, night, standing, opened, cleared } = run;
        Self { authority, night, at, standing, opened, cleared }
    }
}

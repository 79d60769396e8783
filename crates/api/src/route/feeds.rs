use axum::extract::State;
use hub_domain::{AuthorityCode, Dataset, Date, Timestamp};
use hub_pipeline::feeds::{self, Arrival};
use hub_store::submission::Verdict;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::{Caller, Fields, FromFields, Query, SenderOrOperator};
use crate::page::List;
use crate::problem::Problem;
use crate::state::Api;

/// One expected feed as it stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct Feed {
    /// Whose.
    #[schema(value_type = String)]
    authority: AuthorityCode,
    /// Of what.
    #[schema(value_type = String)]
    dataset: Dataset,
    /// The night it was last due for: the London date of the agreed time.
    #[schema(value_type = String, format = Date)]
    night: Date,
    /// The agreed time that night.
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    /// `on_time`, `arrived_late`, `late`, `missing`, `never` or `expected`.
    #[schema(value_type = String)]
    arrival: Arrival,
    /// When one last came that was not rejected.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_received_at: Option<Timestamp>,
    /// The business date it described.
    #[schema(value_type = Option<String>, format = Date)]
    last_as_at: Option<Date>,
    /// What became of it.
    #[schema(value_type = Option<String>)]
    last_verdict: Option<Verdict>,
}

/// Whose feeds.
pub(crate) struct Whose {
    authority: Option<AuthorityCode>,
}

impl FromFields for Whose {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        Some(Self { authority: fields.optional("authority", "the GSS code of an authority")? })
    }
}

/// Expected feeds, and whether they came by the agreed time.
#[utoipa::path(get, path = "/v1/feeds", tag = "feeds",
    params(("authority" = Option<String>, Query, description = "One authority's; all of the caller's unless given")),
    responses((status = 200, body = List<Feed>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller<SenderOrOperator>,
    Query(whose): Query<Whose>,
) -> Result<List<Feed>, Problem> {
    let mut all = Vec::new();
    for scope in caller.scopes(whose.authority)? {
        all.extend(feeds::feeds(api.hub(), scope).await?);
    }
    Ok(List::whole(all.into_iter().map(Feed::from).collect()))
}

impl From<feeds::Feed> for Feed {
    fn from(feed: feeds::Feed) -> Self {
        Self {
            authority: feed.authority,
            dataset: feed.dataset,
            night: feed.night,
            due_at: feed.due_at,
            arrival: feed.arrival,
            last_received_at: feed.last_received_at,
            last_as_at: feed.last_as_at,
            last_verdict: feed.last_verdict,
        }
    }
}

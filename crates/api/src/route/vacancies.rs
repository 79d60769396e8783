use std::str::FromStr;

use axum::extract::State;
use hub_domain::{AuthorityCode, Date};
use hub_pipeline::vacancies;
use hub_sufficiency::Filter;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::{Brokers, Caller, Fields, FromFields, Json, Query};
use crate::problem::Problem;
use crate::state::Api;

/// What a broker looks for.
#[derive(Debug)]
pub(crate) struct Looking {
    filter: Filter,
    limit: usize,
}

/// Words separated by commas.
struct Words<T>(Vec<T>);

impl<T: FromStr> FromStr for Words<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, T::Err> {
        text.split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(T::from_str)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl FromFields for Looking {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let provision =
            fields.or("provision", "kinds of home as in the contract, separated by commas", Words(Vec::new()));
        let age = fields.optional("age", "whole years, 0 to 25");
        let sex: Option<Option<String>> = fields.optional("sex", "M, F or U");
        let needs = fields.or("needs", "needs as in the contract, separated by commas", Words(Vec::new()));
        let siblings = fields.optional("siblings", "how many children together");
        let host = fields.or("host", "GSS codes of authorities, separated by commas", Words(Vec::new()));
        let near: Option<Option<AuthorityCode>> = fields.optional("near", "the GSS code of an authority");
        let max_miles: Option<Option<f64>> = fields.optional("max_miles", "a number of miles");
        let needed_by: Option<Option<Date>> = fields.optional("needed_by", "a date, YYYY-MM-DD");
        let usable_only = fields.or("usable_only", "true or false", false);
        let limit = fields.or("limit", "a whole number from 1 to 1000", 200);
        if sex.as_ref().is_some_and(|sex| !matches!(sex.as_deref(), None | Some("M" | "F" | "U"))) {
            fields.refuse("sex", "M, F or U");
        }
        if age.is_some_and(|age: Option<i64>| age.is_some_and(|age| !(0..=25).contains(&age))) {
            fields.refuse("age", "whole years, 0 to 25");
        }
        if limit.is_some_and(|limit| !(1..=1000).contains(&limit)) {
            fields.refuse("limit", "a whole number from 1 to 1000");
        }
        let filter = Filter {
            provision: provision?.0,
            age: age?,
            sex: sex?,
            needs: needs?.0,
            siblings: siblings?,
            host: host?.0,
            near: near?,
            max_miles: max_miles?,
            needed_by: needed_by?,
            usable_only: usable_only?,
        };
        Some(Self { filter, limit: limit? })
    }
}

/// What was found.
#[derive(Serialize, ToSchema)]
pub(crate) struct Found {
    /// The day freshness is counted to.
    #[schema(value_type = String, format = Date)]
    as_at: Date,
    /// Homes that suit, in all.
    total: usize,
    /// The first of them: usable ones first, then nearest, then most lately confirmed. Each says when somebody last looked
    /// (`confirmed_at`, `confirmed_days`), whether that is too long ago (`stale`), and why it cannot be used (`reasons`).
    #[schema(value_type = Vec<Object>)]
    items: Vec<hub_sufficiency::Entry>,
}

/// The live vacancies, for authorised brokers. Capacities of one and two are personal data: never pass them on.
#[utoipa::path(get, path = "/v1/vacancies", tag = "figures",
    params(
        ("provision" = Option<String>, Query, description = "Kinds of home, separated by commas"),
        ("age" = Option<i64>, Query, description = "Takes a child of this age, whole years"),
        ("sex" = Option<String>, Query, description = "Takes a child of this sex: M, F or U"),
        ("needs" = Option<String>, Query, description = "Meets all of these needs, separated by commas"),
        ("siblings" = Option<i64>, Query, description = "Room for this many together"),
        ("host" = Option<String>, Query, description = "Stands in one of these authorities, separated by commas"),
        ("near" = Option<String>, Query, description = "Distances are measured from this authority"),
        ("max_miles" = Option<f64>, Query, description = "Farthest"),
        ("needed_by" = Option<String>, Query, description = "A place is free by this date"),
        ("usable_only" = Option<bool>, Query, description = "Leave out what cannot be used"),
        ("limit" = Option<i64>, Query, description = "1 to 1000; 200 unless given"),
    ),
    responses((status = 200, body = Found)))]
pub(crate) async fn search(
    State(api): State<Api>,
    caller: Caller<Brokers>,
    Query(looking): Query<Looking>,
) -> Result<Json<Found>, Problem> {
    let board = vacancies::board(api.hub()).await?;
    let mut items = board.board.search(caller.first_authority(), &looking.filter);
    let total = items.len();
    items.truncate(looking.limit);
    Ok(Json(Found { as_at: board.board.as_at(), total, items }))
}

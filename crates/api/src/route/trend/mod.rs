//! How good feeds are, over time.

mod view;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use hub_domain::{AuthorityCode, Date, Timestamp, london_midnight};
use hub_pipeline::trend::{self, USUAL_DAYS};
use jiff::ToSpan as _;
use serde::Serialize;

use crate::accept::{Shape, Wanted};
use crate::extract::{Caller, Consortium, Fields, FromFields, Query, Sender};
use crate::page::List;
use crate::problem::Problem;
use crate::sheet::{self, Cell};
use crate::state::Api;
use view::{LEAGUE, LeagueLine, TREND, TrendPoint};

/// Days of a trend when none is asked for.
const DAYS: i32 = 92;

/// Whose, since when, and in which shape.
pub(crate) struct Listing {
    authority: Option<AuthorityCode>,
    since: Option<Date>,
    wanted: Wanted,
}

impl FromFields for Listing {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let authority = fields.optional("authority", "the GSS code of an authority");
        let since = fields.optional("since", "a date, YYYY-MM-DD");
        let wanted = Wanted::from_fields(fields);
        Some(Self { authority: authority?, since: since?, wanted: wanted? })
    }
}

/// Over how many days, and in which shape.
pub(crate) struct Asked {
    days: i32,
    wanted: Wanted,
}

impl FromFields for Asked {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let days = fields.or("days", "a whole number from 1 to 366", USUAL_DAYS)?;
        if !(1..=366).contains(&days) {
            fields.refuse("days", "a whole number from 1 to 366");
        }
        Some(Self { days, wanted: Wanted::from_fields(fields)? })
    }
}

/// What was measured of each of the caller's own submissions: on time, complete column by column, findings by rule, keys that
/// vanished and came again, stale vacancies. Within a quarter of an hour of its verdict.
#[utoipa::path(get, path = "/v1/quality/trend", tag = "feeds",
    params(
        ("authority" = Option<String>, Query, description = "One authority's; all of the caller's unless given"),
        ("since" = Option<String>, Query, description = "Received on this day or later; 92 days before today unless given"),
        ("format" = Option<String>, Query, description = "json or csv; else by Accept"),
    ),
    responses((status = 200, content((List<TrendPoint> = "application/json"), (String = "text/csv")))))]
pub(crate) async fn own(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Query(listing): Query<Listing>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let shape = listing.wanted.shape(&headers)?;
    let today = hub_domain::london_date(api.hub().clock.now());
    let since = listing.since.unwrap_or_else(|| today.checked_sub(DAYS.days()).unwrap_or(today));
    let from = london_midnight(since).unwrap_or(Timestamp::MIN);
    let mut all = Vec::new();
    for tenant in caller.tenants_or(listing.authority)? {
        let points = trend::own(api.hub(), tenant.authority(), from).await?;
        all.extend(points.into_iter().map(|point| TrendPoint::of(tenant.authority(), point)));
    }
    answer(shape, ("quality-trend", TREND), all, TrendPoint::cells)
}

/// The feeds of those who agreed to be seen by the consortium, over the last days.
#[utoipa::path(get, path = "/v1/quality/league", tag = "feeds",
    params(
        ("days" = Option<i32>, Query, description = "1 to 366; 28 unless given"),
        ("format" = Option<String>, Query, description = "json or csv; else by Accept"),
    ),
    responses((status = 200, content((List<LeagueLine> = "application/json"), (String = "text/csv")))))]
pub(crate) async fn league(
    State(api): State<Api>,
    _: Caller<Consortium>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let shape = asked.wanted.shape(&headers)?;
    let lines = trend::league(api.hub(), asked.days, true).await?;
    answer(shape, ("quality-league", LEAGUE), lines.into_iter().map(LeagueLine::from).collect(), LeagueLine::cells)
}

fn answer<T: Serialize>(
    shape: Shape,
    (name, headings): (&str, &[&str]),
    all: Vec<T>,
    cells: impl Fn(&T) -> Vec<Cell>,
) -> Result<Response, Problem> {
    let mut response = match shape {
        Shape::Csv => sheet::answer(name, headings, &all.iter().map(cells).collect::<Vec<_>>())?,
        Shape::Json => List::whole(all).into_response(),
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept, authorization"));
    Ok(response)
}

//! What a home would have done, had it been there.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use hub_domain::ages::StrategyBand;
use hub_domain::{AuthorityCode, Date, Provision, london_date};
use hub_pipeline::replay::replay;
use hub_sufficiency::Proposal;

use crate::accept::{Shape, Wanted};
use crate::extract::{Caller, Consortium, Fields, FromFields, Query};
use crate::problem::Problem;
use crate::state::Api;

/// What is proposed, and in which shape the answer is wanted.
#[derive(Debug)]
pub(crate) struct Asked {
    provision: Provision,
    places: u32,
    age_band: StrategyBand,
    host: AuthorityCode,
    from: Option<Date>,
    takes_solo: bool,
    weekly_fee: Option<i64>,
    wanted: Wanted,
}

/// A band, the plus sign of 16+ being a blank in a query string that did not encode it.
struct Band(StrategyBand);

impl std::str::FromStr for Band {
    type Err = hub_domain::words::NotAWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.trim_end() == "16" { Ok(Self(StrategyBand::From16)) } else { text.parse().map(Self) }
    }
}

impl FromFields for Asked {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let provision = fields.or(
            "provision",
            "childrens_home, foster_household or supported_accommodation",
            Provision::ChildrensHome,
        );
        let places = fields.or("places", "a whole number from 1 to 10", 4);
        let age_band = fields.required::<Band>("age_band", "0-4, 5-9, 10-12, 13-15 or 16+");
        let host = fields.required("host", "the GSS code of an authority");
        let from = fields.optional("from", "the first of a month of the last 24, YYYY-MM-DD");
        let takes_solo = fields.or("takes_solo", "true or false", false);
        let weekly_fee: Option<Option<i64>> = fields.optional("weekly_fee", "pence a week, 1 to 5000000");
        if weekly_fee.is_some_and(|fee| fee.is_some_and(|fee| !(1..=5_000_000).contains(&fee))) {
            fields.refuse("weekly_fee", "pence a week, 1 to 5000000");
        }
        let wanted = Wanted::from_fields(fields);
        Some(Self {
            provision: provision?,
            places: places?,
            age_band: age_band?.0,
            host: host?,
            from: from?,
            takes_solo: takes_solo?,
            weekly_fee: weekly_fee?,
            wanted: wanted?,
        })
    }
}

/// A home that was not there, replayed over the believed placements: occupancy, weeks nearer home, and cost against what
/// was paid, each with the middle eight tenths of 400 draws. Rounded, and hidden where few stand behind it.
#[utoipa::path(get, path = "/v1/replay", tag = "figures",
    params(
        ("host" = String, Query, description = "GSS code of the authority it would stand in"),
        ("age_band" = String, Query, description = "0-4, 5-9, 10-12, 13-15 or 16+"),
        ("provision" = Option<String>, Query, description = "childrens_home unless given"),
        ("places" = Option<u32>, Query, description = "1 to 10; 4 unless given"),
        ("from" = Option<String>, Query, description = "First of a month; 24 months ago unless given"),
        ("takes_solo" = Option<bool>, Query, description = "Also children who live alone with staff; false unless given"),
        ("weekly_fee" = Option<i64>, Query, description = "Pence a week for a place; the middle cost unless given"),
        ("format" = Option<String>, Query, description = "json or csv; else by Accept"),
    ),
    responses((status = 200, content((Object = "application/json"), (String = "text/csv")))))]
pub(crate) async fn ask(
    State(api): State<Api>,
    _: Caller<Consortium>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let shape = asked.wanted.shape(&headers)?;
    let as_at = london_date(api.hub().clock.now());
    let Asked { provision, places, age_band, host, takes_solo, weekly_fee, .. } = asked;
    let from = asked.from.unwrap_or_else(|| Proposal::earliest(as_at));
    let proposal = Proposal { provision, places, age_band, host, from, takes_solo, weekly_fee };
    let replayed = replay(api.hub(), proposal).await?;
    let (body, kind) = match shape {
        Shape::Json => (replayed.json, "application/json"),
        Shape::Csv => (replayed.csv, "text/csv; charset=utf-8"),
    };
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(response)
}

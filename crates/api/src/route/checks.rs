//! What no one borough can see: checks over the records of all of them, each told only of its own.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use hub_domain::{AuthorityCode, Date};
use hub_pipeline::checks::{self, Check, Concern};
use serde::Serialize;
use utoipa::ToSchema;

use crate::accept::{Shape, Wanted};
use crate::extract::{Caller, Fields, FromFields, Json, Query, Sender};
use crate::problem::Problem;
use crate::sheet::{self, Cell};
use crate::state::Api;

const HEADINGS: &[&str] =
    &["authority", "check", "title", "child_ref", "episode_start", "urn", "with", "since", "own", "places", "fix"];

/// Whose, of which check, and in which shape.
#[derive(Debug)]
pub(crate) struct Listing {
    authority: Option<AuthorityCode>,
    check: Option<Check>,
    wanted: Wanted,
}

impl FromFields for Listing {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let authority = fields.optional("authority", "the GSS code of an authority");
        let check = fields.optional("check", "a check, such as same_child or 903-219");
        let wanted = Wanted::from_fields(fields);
        Some(Self { authority: authority?, check: check?, wanted: wanted? })
    }
}

/// Something to look at.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckLine {
    /// Whose child or home it is about: GSS code.
    #[schema(value_type = String)]
    authority: AuthorityCode,
    /// `same_child`, `over_places`, `placed_while_restricted`, `restricted`, `no_notice`, or a rule of DfE's such as `903-219`.
    #[schema(value_type = String)]
    check: Check,
    /// What is doubtful, in words.
    title: &'static str,
    /// The authority's own reference for the child; null where it is about a home.
    child_ref: Option<String>,
    /// Start of the episode.
    #[schema(value_type = Option<String>, format = Date)]
    episode_start: Option<Date>,
    /// The provider.
    urn: Option<String>,
    /// Of `same_child`, the authority to ask.
    #[schema(value_type = Option<String>)]
    with: Option<AuthorityCode>,
    /// Since when.
    #[schema(value_type = Option<String>, format = Date)]
    since: Option<Date>,
    /// Of `over_places`, how many of the children there are the authority's own. How many there are in all is not told.
    own: Option<usize>,
    /// Of `over_places`, the places registered.
    places: Option<i64>,
    /// What to do.
    fix: &'static str,
}

/// A check that could not be made: it is not passed.
#[derive(Serialize, ToSchema)]
pub(crate) struct UnmadeCheck {
    /// Which.
    #[schema(value_type = String)]
    check: Check,
    /// What it asks.
    title: &'static str,
    /// Why not.
    why: &'static str,
}

/// What concerns the caller's own children and homes.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckList {
    /// By authority and check.
    items: Vec<CheckLine>,
    /// The checks that could not be made.
    not_made: Vec<UnmadeCheck>,
}

impl CheckLine {
    fn of(authority: AuthorityCode, concern: Concern) -> Self {
        let Concern { check, child_ref, episode_start, urn, with, since, own, places } = concern;
        let (title, fix) = (check.label(), check.fix());
        Self { authority, check, title, child_ref, episode_start, urn, with, since, own, places, fix }
    }

    fn cells(&self) -> Vec<Cell> {
        let text = |text: Option<String>| text.map_or(Cell::Blank, |text| Cell::text(&text));
        let day = |day: Option<Date>| text(day.map(|day| day.to_string()));
        let number = |number: Option<i64>| number.map_or(Cell::Blank, Cell::Number);
        vec![
            Cell::text(self.authority.as_str()),
            Cell::text(self.check.as_str()),
            Cell::text(self.title),
            text(self.child_ref.clone()),
            day(self.episode_start),
            text(self.urn.clone()),
            text(self.with.map(|with| with.to_string())),
            day(self.since),
            number(self.own.and_then(|own| i64::try_from(own).ok())),
            number(self.places),
            Cell::text(self.fix),
        ]
    }
}

/// What the records of all boroughs together show of the caller's own children and homes: one child in two boroughs, a home
/// with more children than places, a home that the regulator has restricted, a placement out of area that nobody told the host
/// of, and DfE's rules about providers. Of another authority's child it says nothing.
#[utoipa::path(get, path = "/v1/checks", tag = "feeds",
    params(
        ("authority" = Option<String>, Query, description = "One authority's; all of the caller's unless given"),
        ("check" = Option<String>, Query, description = "One check, such as same_child or 903-219"),
        ("format" = Option<String>, Query, description = "json or csv; else by Accept"),
    ),
    responses((status = 200, content((CheckList = "application/json"), (String = "text/csv")))))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Query(listing): Query<Listing>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let shape = listing.wanted.shape(&headers)?;
    let is_asked = |check: Check| listing.check.is_none_or(|asked| asked == check);
    let mut answer = CheckList { items: Vec::new(), not_made: Vec::new() };
    for tenant in caller.tenants_or(listing.authority)? {
        let own = checks::own(api.hub(), tenant.authority()).await?;
        let concerns = own.concerns.into_iter().filter(|concern| is_asked(concern.check));
        answer.items.extend(concerns.map(|concern| CheckLine::of(tenant.authority(), concern)));
        let unmade = own.not_made.iter().filter(|not| is_asked(not.check));
        answer.not_made =
            unmade.map(|not| UnmadeCheck { check: not.check, title: not.check.label(), why: not.why }).collect();
    }
    let mut response = match shape {
        Shape::Csv => {
            let rows: Vec<_> = answer.items.iter().map(CheckLine::cells).collect();
            sheet::answer("checks", HEADINGS, &rows)?
        }
        Shape::Json => Json(answer).into_response(),
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept, authorization"));
    Ok(response)
}

//! The register of children in another authority's area, from either side.

mod view;

use std::cmp::Reverse;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse as _, Response};
use hub_domain::{AuthorityCode, Date, Timestamp, london_date};
use hub_pipeline::readings::Thing;
use hub_pipeline::register::{self, Asked, Entry, Side};
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::accept::{Shape, Wanted};
use crate::extract::{Caller, Fields, FromFields, HostSide, Query, Sender};
use crate::page::{List, Page};
use crate::problem::{FieldError, INVALID_REQUEST, Problem};
use crate::sheet;
use crate::state::Api;
use view::{HEADINGS, Line};

/// Which part of the register, and in which shape.
#[derive(Debug)]
pub(crate) struct Listing {
    authority: Option<AuthorityCode>,
    as_of: Option<Date>,
    as_known_on: Option<Date>,
    wanted: Wanted,
    page: Page,
}

impl FromFields for Listing {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let authority = fields.optional("authority", "the GSS code of an authority");
        let as_of = fields.optional("as_of", "a date, YYYY-MM-DD");
        let as_known_on = fields.optional("as_known_on", "a date, YYYY-MM-DD");
        let wanted = Wanted::from_fields(fields);
        let page = Page::read(fields);
        Some(Self { authority: authority?, as_of: as_of?, as_known_on: as_known_on?, wanted: wanted?, page: page? })
    }
}

/// Children of other authorities who live in the caller's area, latest arrival first: since when, placed by whom, in what
/// sort of home, whether notice was given and how its clock stands. As known now; with `as_of`, who was there on that day;
/// with `as_known_on`, as the hub knew it at the end of that day: what the host could have known then. As CSV it is the whole register. A pseudonym stands for each child.
#[utoipa::path(get, path = "/v1/register", tag = "notices",
    params(
        ("authority" = Option<String>, Query, description = "Whose area; all of the caller's unless given"),
        ("as_of" = Option<String>, Query, description = "Who was there on this day; the day of as_known_on, or today, unless given"),
        ("as_known_on" = Option<String>, Query, description = "As the hub knew it when this day ended in London; as it knows it now unless given"),
        ("format" = Option<String>, Query, description = "json or csv; else by Accept"),
        ("limit" = Option<i64>, Query, description = "1 to 200; 50 unless given. CSV is never cut"),
        ("cursor" = Option<String>, Query, description = "From a next link"),
    ),
    responses((status = 200, content((List<Line> = "application/json"), (String = "text/csv")))))]
pub(crate) async fn hosted(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Query(listing): Query<Listing>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let hosts = caller.hosts_or(listing.authority)?;
    let sides = hosts.iter().map(|host| Side::Hosted(host.authority())).collect();
    let found = read(&api, sides, &listing, &headers).await?;
    for host in &hosts {
        let own = found.iter().filter(|entry| entry.host.code == host.authority());
        api.note(host.into(), Thing::Register, own.map(|entry| (entry.placing.code, String::new())).collect());
    }
    answer(found, &listing, &uri, (&api, &headers))
}

/// The caller's children who live in other authorities' areas, latest arrival first: the same register from the placing
/// side, by day and by day of knowledge alike. What waits for a host, or is not yet given, is here too.
#[utoipa::path(get, path = "/v1/register/placed", tag = "notices",
    params(
        ("authority" = Option<String>, Query, description = "Whose children; all of the caller's unless given"),
        ("as_of" = Option<String>, Query, description = "Who was away on this day; the day of as_known_on, or today, unless given"),
        ("as_known_on" = Option<String>, Query, description = "As the hub knew it when this day ended in London; as it knows it now unless given"),
        ("format" = Option<String>, Query, description = "json or csv; else by Accept"),
        ("limit" = Option<i64>, Query, description = "1 to 200; 50 unless given. CSV is never cut"),
        ("cursor" = Option<String>, Query, description = "From a next link"),
    ),
    responses((status = 200, content((List<Line> = "application/json"), (String = "text/csv")))))]
pub(crate) async fn placed(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Query(listing): Query<Listing>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let tenants = caller.tenants_or(listing.authority)?;
    let sides = tenants.iter().map(|tenant| Side::Placed(tenant.authority())).collect();
    let found = read(&api, sides, &listing, &headers).await?;
    answer(found, &listing, &uri, (&api, &headers))
}

/// The lines that are asked for: a page of each side's, or all of them for a sheet; latest arrival first.
async fn read(api: &Api, sides: Vec<Side>, listing: &Listing, headers: &HeaderMap) -> Result<Vec<Entry>, Problem> {
    let asked = listing.asked(london_date(api.hub().clock.now()))?;
    let shape = listing.wanted.shape(headers)?;
    let mut found = Vec::new();
    for side in sides {
        found.extend(match shape {
            Shape::Csv => register::whole(api.hub(), side, asked).await?,
            Shape::Json => register::page(api.hub(), side, asked, leaf(listing.page)).await?,
        });
    }
    found.sort_by_key(|entry| Reverse((entry.since, entry.notice)));
    Ok(found)
}

fn answer(
    found: Vec<Entry>,
    listing: &Listing,
    uri: &Uri,
    (api, headers): (&Api, &HeaderMap),
) -> Result<Response, Problem> {
    let asked = listing.asked(london_date(api.hub().clock.now()))?;
    let shape = listing.wanted.shape(headers)?;
    let mut lines: Vec<Line> = found.into_iter().map(Line::from).collect();
    if shape == Shape::Csv {
        let rows: Vec<_> = lines.iter().map(Line::cells).collect();
        return sheet::answer(&named(asked), HEADINGS, &rows);
    }
    lines.truncate(usize::try_from(listing.page.limit).unwrap_or_default());
    let mut response = List::page(lines, listing.page, uri, place).into_response();
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept, authorization"));
    Ok(response)
}

impl Listing {
    /// The days that are meant; neither may be to come.
    fn asked(&self, today: Date) -> Result<Asked, Problem> {
        let asked = Asked { as_of: self.as_of.or(self.as_known_on).unwrap_or(today), known_on: self.as_known_on };
        let ahead = [("as_of", Some(asked.as_of)), ("as_known_on", asked.known_on)];
        let ahead = ahead.into_iter().filter(|(_, day)| day.is_some_and(|day| day > today));
        let detail = format!("a day not after today, {today}");
        let error = |name| FieldError { pointer: format!("/query/{name}"), detail: detail.clone().into(), rule: None };
        let errors: Vec<FieldError> = ahead.map(|(name, _)| error(name)).collect();
        if errors.is_empty() {
            return Ok(asked);
        }
        Err(Problem::new(INVALID_REQUEST).detail("The register knows no day to come.").errors(errors))
    }
}

/// What the file of a register is called.
fn named(asked: Asked) -> String {
    let known = asked.known_on.map(|day| format!("-as-known-on-{day}"));
    format!("register-{}{}", asked.as_of, known.unwrap_or_default())
}

/// The register's pages go by first day, a cursor by instant: midnight, UTC, stands for the day.
fn leaf(page: Page) -> register::Page {
    let before = page.after.map(|(at, id)| (at.to_zoned(TimeZone::UTC).date(), id));
    register::Page { before, limit: page.limit }
}

fn place(line: &Line) -> (Timestamp, Uuid) {
    let midnight = line.since.to_zoned(TimeZone::UTC).map(|day| day.timestamp());
    (midnight.unwrap_or(Timestamp::MIN), line.notice)
}

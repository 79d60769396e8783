use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use hub_domain::{AuthorityCode, Date, authority, london_date};
use hub_pipeline::register::Side;
use hub_pipeline::timeliness;
use serde::Serialize;
use utoipa::ToSchema;

use crate::accept::{Shape, Wanted};
use crate::extract::{Caller, Fields, FromFields, HostSide, Query, Sender};
use crate::page::List;
use crate::problem::Problem;
use crate::sheet::{self, Cell};
use crate::state::Api;

const HEADINGS: &[&str] = &[
    "month",
    "placing",
    "placing_name",
    "host",
    "host_name",
    "starts",
    "in_time",
    "not_in_time",
    "late",
    "missing",
    "not_practicable",
    "open",
    "median_working_days_late",
];

/// Whose, since when, and in which shape.
#[derive(Debug)]
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

/// How one authority gave notice to another of the placements that began in a month.
#[derive(Serialize, ToSchema)]
pub(crate) struct TimelinessLine {
    /// `2026-08`.
    month: String,
    /// Who placed: GSS code.
    #[schema(value_type = String)]
    placing: AuthorityCode,
    /// Its name.
    placing_name: String,
    /// In whose area: GSS code.
    #[schema(value_type = String)]
    host: AuthorityCode,
    /// Its name.
    host_name: String,
    /// Placements begun of which notice was due.
    starts: u32,
    /// Before the due date.
    in_time: u32,
    /// The next four together.
    not_in_time: u32,
    /// After the due date.
    late: u32,
    /// Not at all, and five working days or more past due.
    missing: u32,
    /// Late or not at all, and said not to have been reasonably practicable.
    not_practicable: u32,
    /// Not yet, and not due or not five working days past due.
    open: u32,
    /// Of those that came late; the lower of the two in the middle of an even number.
    median_working_days_late: Option<u32>,
}

impl From<timeliness::Line> for TimelinessLine {
    fn from(line: timeliness::Line) -> Self {
        let name = |code| authority::find(code).map(|found| found.name.clone()).unwrap_or_default();
        Self {
            placing_name: name(line.placing),
            host_name: name(line.host),
            month: line.month,
            placing: line.placing,
            host: line.host,
            starts: line.starts,
            in_time: line.in_time,
            not_in_time: line.not_in_time,
            late: line.late,
            missing: line.missing,
            not_practicable: line.not_practicable,
            open: line.open,
            median_working_days_late: line.median_working_days_late,
        }
    }
}

impl TimelinessLine {
    fn cells(&self) -> Vec<Cell> {
        let words = [&self.month, self.placing.as_str(), &self.placing_name, self.host.as_str(), &self.host_name];
        let counts =
            [self.starts, self.in_time, self.not_in_time, self.late, self.missing, self.not_practicable, self.open];
        let words = words.into_iter().map(Cell::text);
        let counts = counts.into_iter().map(|count| Cell::Number(count.into()));
        let median = self.median_working_days_late.map_or(Cell::Blank, |days| Cell::Number(days.into()));
        words.chain(counts).chain([median]).collect()
    }
}

/// How other authorities gave the caller notice of the children they placed in its area, by month and placing authority,
/// exact: the host was told of each. The published table has each pair over all months, and each side's months.
#[utoipa::path(get, path = "/v1/timeliness", tag = "notices",
    params(
        ("authority" = Option<String>, Query, description = "Whose area; all of the caller's unless given"),
        ("since" = Option<String>, Query, description = "Placements begun on this day or later; the first of the month twelve before this unless given"),
        ("format" = Option<String>, Query, description = "json or csv; else by Accept"),
    ),
    responses((status = 200, content((List<TimelinessLine> = "application/json"), (String = "text/csv")))))]
pub(crate) async fn hosted(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Query(listing): Query<Listing>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let hosts = caller.hosts_or(listing.authority)?;
    let sides = hosts.iter().map(|host| Side::Hosted(host.authority())).collect();
    answer(&api, sides, &listing, &headers).await
}

/// How the caller gave notice of the children it placed in other authorities' areas, by month and host, exact.
#[utoipa::path(get, path = "/v1/timeliness/placed", tag = "notices",
    params(
        ("authority" = Option<String>, Query, description = "Whose children; all of the caller's unless given"),
        ("since" = Option<String>, Query, description = "Placements begun on this day or later; the first of the month twelve before this unless given"),
        ("format" = Option<String>, Query, description = "json or csv; else by Accept"),
    ),
    responses((status = 200, content((List<TimelinessLine> = "application/json"), (String = "text/csv")))))]
pub(crate) async fn placed(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Query(listing): Query<Listing>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let tenants = caller.tenants_or(listing.authority)?;
    let sides = tenants.iter().map(|tenant| Side::Placed(tenant.authority())).collect();
    answer(&api, sides, &listing, &headers).await
}

async fn answer(api: &Api, sides: Vec<Side>, listing: &Listing, headers: &HeaderMap) -> Result<Response, Problem> {
    let shape = listing.wanted.shape(headers)?;
    let since = listing.since.unwrap_or_else(|| timeliness::first_day(london_date(api.hub().clock.now())));
    let mut lines: Vec<TimelinessLine> = Vec::new();
    for side in sides {
        lines.extend(timeliness::own(api.hub(), side, since).await?.into_iter().map(TimelinessLine::from));
    }
    let mut response = match shape {
        Shape::Csv => {
            let rows: Vec<_> = lines.iter().map(TimelinessLine::cells).collect();
            sheet::answer(&format!("timeliness-since-{since}"), HEADINGS, &rows)?
        }
        Shape::Json => List::whole(lines).into_response(),
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept, authorization"));
    Ok(response)
}

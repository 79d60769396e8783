use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use hub_domain::{Date, Timestamp};
use hub_pipeline::holidays;
use serde::Serialize;
use utoipa::ToSchema;

use crate::accept::{Shape, Wanted};
use crate::extract::{Anybody, Caller, Fields, FromFields, Query};
use crate::page::List;
use crate::problem::Problem;
use crate::sheet::{self, Cell};
use crate::state::Api;

const HEADINGS: &[&str] = &["day", "is_holiday", "known", "name", "said_at"];

/// Which year, and in which shape.
#[derive(Debug)]
pub(crate) struct Listing {
    year: Option<i16>,
    wanted: Wanted,
}

impl FromFields for Listing {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let year = fields.optional("year", "a year, such as 2026");
        let wanted = Wanted::from_fields(fields);
        Some(Self { year: year?, wanted: wanted? })
    }
}

/// A bank holiday, or a day that is one no more.
#[derive(Serialize, ToSchema)]
#[schema(as = Holiday)]
pub(crate) struct BankHoliday {
    /// The day.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// It counts as a bank holiday; `false` for one that was moved away or taken back.
    is_holiday: bool,
    /// The hub knew it as one without being told.
    known: bool,
    /// What it is for, where the operator said.
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    /// When the operator last said anything of it.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    said_at: Option<Timestamp>,
}

impl From<holidays::Holiday> for BankHoliday {
    fn from(one: holidays::Holiday) -> Self {
        let holidays::Holiday { day, is_holiday, known, name, said_at } = one;
        Self { day, is_holiday, known, name, said_at }
    }
}

impl BankHoliday {
    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.day),
            Cell::text(&self.is_holiday),
            Cell::text(&self.known),
            Cell::text(&self.name),
            self.said_at.into(),
        ]
    }
}

/// The bank holidays of England and Wales by which every due date is counted (Care Planning Regulations 2010, reg 2): those
/// the hub knows, and what its operator has proclaimed, moved or taken back.
#[utoipa::path(get, path = "/v1/holidays", tag = "notices",
    params(
        ("year" = Option<i32>, Query, description = "That year's; all that are known unless given"),
        ("format" = Option<String>, Query, description = "json or csv; else by Accept"),
    ),
    responses((status = 200, content((List<BankHoliday> = "application/json"), (String = "text/csv")))))]
pub(crate) async fn list(
    State(api): State<Api>,
    _: Caller<Anybody>,
    Query(listing): Query<Listing>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let shape = listing.wanted.shape(&headers)?;
    let mut all: Vec<BankHoliday> = holidays::all(api.hub()).await?.into_iter().map(BankHoliday::from).collect();
    all.retain(|one| listing.year.is_none_or(|year| one.day.year() == year));
    let mut response = match shape {
        Shape::Csv => sheet::answer("holidays", HEADINGS, &all.iter().map(BankHoliday::cells).collect::<Vec<_>>())?,
        Shape::Json => List::whole(all).into_response(),
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept, authorization"));
    Ok(response)
}

use std::cmp::Reverse;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use hub_domain::{AuthorityCode, Timestamp};
use hub_pipeline::deliveries::{self, ResendRefusal};
use hub_store::delivery::{Attempt, Delivery, Filter};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::notices::AttemptView;
use crate::accept::{Shape, Wanted};
use crate::extract::{Caller, Fields, FromFields, HostSide, Json, Path, Query};
use crate::page::{List, Page};
use crate::problem::{NOT_FOUND, Problem};
use crate::sheet::{self, Cell};
use crate::state::Api;

/// One event for one endpoint.
#[derive(Serialize, ToSchema)]
#[schema(as = LoggedDelivery)]
pub(crate) struct View {
    /// Its id.
    id: Uuid,
    /// The host authority.
    #[schema(value_type = String)]
    authority: AuthorityCode,
    /// Where to.
    endpoint: Uuid,
    /// The event's id: the `webhook-id` of every attempt.
    event_id: Uuid,
    /// What happened, such as `uk.sufficiencyhub.notice.raised.v1`.
    event_type: String,
    /// The notice, unless it is about the endpoint itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<Uuid>,
    /// `ready`, `sending`, `delivered` or `dead`.
    state: String,
    /// How often it has been begun.
    attempts: i64,
    /// Why the last attempt failed, or why it was given up: a stable word.
    reason: Option<String>,
    /// When it is due, while it waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
    /// When it was first queued.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last queued: replayed, or first.
    #[schema(value_type = String, format = DateTime)]
    queued_at: Timestamp,
    /// When it was delivered or given up.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
}

/// A delivery with every attempt at it.
#[derive(Serialize, ToSchema)]
#[schema(as = DeliveryWithAttempts)]
pub(crate) struct Whole {
    #[serde(flatten)]
    delivery: View,
    /// First to last.
    tried: Vec<AttemptView>,
}

/// Which deliveries.
#[derive(Debug)]
pub(crate) struct Listing {
    authority: Option<AuthorityCode>,
    filter: Filter,
    page: Page,
    wanted: Wanted,
}

impl FromFields for Listing {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let authority = fields.optional("authority", "the GSS code of an authority");
        let endpoint = fields.optional("endpoint", "the id of an endpoint");
        let state = fields.optional("state", "ready, sending, delivered or dead");
        let event_type = fields.optional("type", "an event type such as uk.sufficiencyhub.notice.raised.v1");
        let notice = fields.optional("notice", "the id of a notice");
        let since = fields.optional("since", "an instant such as 2026-11-16T06:00:00Z");
        let wanted = Wanted::from_fields(fields);
        let page = Page::read(fields)?;
        let filter = Filter {
            authority: None,
            endpoint: endpoint?,
            state: state?,
            event_type: event_type?,
            notice: notice?,
            since: since?,
            before: page.after,
            limit: page.limit,
        };
        Some(Self { authority: authority?, filter, page, wanted: wanted? })
    }
}

/// What was queued for the caller's endpoints and what came of it, newest first. `state=dead` is the dead letters. JSON in
/// pages, or the whole as CSV.
#[utoipa::path(get, path = "/v1/deliveries", tag = "notices",
    params(
        ("authority" = Option<String>, Query, description = "Whose; all of the caller's unless given"),
        ("endpoint" = Option<Uuid>, Query, description = "To one endpoint"),
        ("state" = Option<String>, Query, description = "ready, sending, delivered or dead"),
        ("type" = Option<String>, Query, description = "Of one event type"),
        ("notice" = Option<Uuid>, Query, description = "About one notice"),
        ("since" = Option<String>, Query, description = "First queued then or later"),
        ("format" = Option<String>, Query, description = "json or csv; else by Accept"),
        ("limit" = Option<i64>, Query, description = "1 to 200; 50 unless given. CSV is never cut"),
        ("cursor" = Option<String>, Query, description = "From a next link"),
    ),
    responses((status = 200, content((List<View> = "application/json"), (String = "text/csv")))))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Query(listing): Query<Listing>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    let shape = listing.wanted.shape(&headers)?;
    let mut found = Vec::new();
    for host in caller.hosts_or(listing.authority)? {
        found.extend(match shape {
            Shape::Json => deliveries::log(api.hub(), host.authority(), &listing.filter).await?,
            Shape::Csv => deliveries::whole(api.hub(), host.authority(), &listing.filter).await?,
        });
    }
    found.sort_by_key(|delivery| Reverse((delivery.created_at, delivery.id)));
    if shape == Shape::Csv {
        let rows: Vec<_> = found.into_iter().map(|delivery| View::from(delivery).cells()).collect();
        return sheet::answer("deliveries", &HEADINGS, &rows);
    }
    found.truncate(usize::try_from(listing.page.limit).unwrap_or_default());
    let views = found.into_iter().map(View::from).collect();
    let mut response = List::page(views, listing.page, &uri, |view: &View| (view.created_at, view.id)).into_response();
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept, authorization"));
    Ok(response)
}

/// Headings of the CSV, in the order of [`View::cells`].
const HEADINGS: [&str; 13] = [
    "id",
    "authority",
    "endpoint",
    "event_id",
    "event_type",
    "notice",
    "state",
    "attempts",
    "reason",
    "next_at",
    "created_at",
    "queued_at",
    "finished_at",
];

impl View {
    /// The delivery as cells of the CSV.
    fn cells(self) -> Vec<Cell> {
        vec![
            Cell::text(&self.id),
            Cell::text(&self.authority),
            Cell::text(&self.endpoint),
            Cell::text(&self.event_id),
            Cell::Text(self.event_type),
            Cell::from(self.notice),
            Cell::Text(self.state),
            Cell::Number(self.attempts),
            Cell::from(self.reason),
            Cell::from(self.next_at),
            Cell::text(&self.created_at),
            Cell::text(&self.queued_at),
            Cell::from(self.finished_at),
        ]
    }
}

/// One delivery, with every attempt at it.
#[utoipa::path(get, path = "/v1/deliveries/{id}", tag = "notices", params(("id" = Uuid, Path)),
    responses((status = 200, body = Whole)))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
) -> Result<Json<Whole>, Problem> {
    for host in caller.hosts() {
        if let Some(found) = deliveries::find(api.hub(), host.authority(), id).await? {
            return Ok(Json(found.into()));
        }
    }
    Err(Problem::new(NOT_FOUND))
}

/// Sends a delivery that is over, delivered or dead, once more: the same bytes under the same id.
#[utoipa::path(post, path = "/v1/deliveries/{id}/replay", tag = "notices", params(("id" = Uuid, Path)),
    responses((status = 202, body = View)))]
pub(crate) async fn replay(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    for host in caller.hosts() {
        let hub = Arc::clone(api.hub());
        let work = async move { Ok::<_, Problem>(deliveries::replay(&hub, host.authority(), id).await) };
        match api.write(work).await? {
            Err(ResendRefusal::NotFound) => {}
            said => return Ok((StatusCode::ACCEPTED, Json(View::from(said?))).into_response()),
        }
    }
    Err(Problem::new(NOT_FOUND))
}

impl From<Delivery> for View {
    fn from(delivery: Delivery) -> Self {
        Self {
            notice: (!delivery.is_service()).then_some(delivery.notice),
            next_at: delivery.finished_at.is_none().then_some(delivery.next_at),
            id: delivery.id,
            authority: delivery.authority,
            endpoint: delivery.endpoint,
            event_id: delivery.event_id,
            event_type: delivery.event_type,
            state: delivery.state.to_string(),
            attempts: delivery.attempt,
            reason: delivery.error,
            created_at: delivery.created_at,
            queued_at: delivery.queued_at,
            finished_at: delivery.finished_at,
        }
    }
}

impl From<(Delivery, Vec<Attempt>)> for Whole {
    fn from((delivery, attempts): (Delivery, Vec<Attempt>)) -> Self {
        Self { delivery: delivery.into(), tried: attempts.into_iter().map(AttemptView::from).collect() }
    }
}

use axum::extract::State;
use axum::http::Uri;
use hub_domain::{AuthorityCode, Timestamp};
use hub_store::event::{self, Reader};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::extract::{Caller, Fields, FromFields, Listeners, Query};
use crate::page::{List, Page};
use crate::problem::Problem;
use crate::state::Api;

/// Something that happened. Holds nothing of any child.
#[derive(Serialize, ToSchema)]
pub(crate) struct Event {
    /// Its id.
    id: Uuid,
    /// Whom it concerns.
    #[schema(value_type = String)]
    authority: AuthorityCode,
    /// What happened, such as `feed.missing`.
    kind: String,
    /// To what, such as `placements/2026-06-01`.
    subject: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The rest.
    #[schema(value_type = Object)]
    data: serde_json::Value,
}

/// Which events.
pub(crate) struct Listing {
    authority: Option<AuthorityCode>,
    page: Page,
}

impl FromFields for Listing {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let authority = fields.optional("authority", "the GSS code of an authority");
        let page = Page::read(fields);
        Some(Self { authority: authority?, page: page? })
    }
}

/// Events, oldest first: late and missing feeds, homes that another authority reports differently, reconciliations ready, what a notice waits for, details sealed for a
/// host, keys changed, alerts about homes. Each is for one side of an authority (`data.audience`), and only that side sees
/// it. Follow `next` to hear of what comes.
#[utoipa::path(get, path = "/v1/events", tag = "feeds",
    params(
        ("authority" = Option<String>, Query, description = "One authority's; all of the caller's unless given"),
        ("limit" = Option<i64>, Query, description = "1 to 200; 50 unless given"),
        ("cursor" = Option<String>, Query, description = "From a next link"),
    ),
    responses((status = 200, body = List<Event>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller<Listeners>,
    Query(listing): Query<Listing>,
    uri: Uri,
) -> Result<List<Event>, Problem> {
    let mut found = Vec::new();
    for reader in caller.readers(listing.authority)? {
        let scope = match reader {
            Reader::Sender(own) | Reader::Host(own) => Some(own),
            Reader::Operator(_) => None,
        };
        let mut link = api.read_for(scope).await?;
        found.extend(event::list(&mut link, reader, listing.page.after, listing.page.limit).await?);
    }
    found.sort_by_key(|event| (event.at, event.id));
    found.dedup_by_key(|event| event.id);
    found.truncate(usize::try_from(listing.page.limit).unwrap_or_default());
    let events = found.into_iter().map(Event::from).collect();
    Ok(List::page(events, listing.page, &uri, |event: &Event| (event.at, event.id)))
}

impl From<event::Event> for Event {
    fn from(event: event::Event) -> Self {
        let event::Event { authority, id, kind, subject, at, data } = event;
        Self { id, authority, kind, subject, at, data: serde_json::from_str(&data).unwrap_or_default() }
    }
}

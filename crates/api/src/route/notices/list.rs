use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{Method, Uri};
use hub_domain::AuthorityCode;
use hub_pipeline::notices::{self, Known};
use hub_pipeline::readings::Thing;
use hub_store::notice::Filter;
use uuid::Uuid;

use super::view::{DeliveryView, View};
use crate::extract::{Caller, EitherSide, Fields, FromFields, HostSide, Json, Path, Query, Sender};
use crate::page::{List, Page};
use crate::problem::{NOT_FOUND, Problem};
use crate::state::Api;

/// Which notices.
#[derive(Debug)]
pub(crate) struct Listing {
    authority: Option<AuthorityCode>,
    filter: Filter,
    page: Page,
}

impl FromFields for Listing {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let authority = fields.optional("authority", "the GSS code of an authority");
        let state = fields.optional("state", "a state of a notice, such as raised");
        let open = fields.or("open", "true or false", false);
        let page = Page::read(fields)?;
        let filter = Filter { state: state?, open: open?, before: page.after, limit: page.limit };
        Some(Self { authority: authority?, filter, page })
    }
}

/// The caller's inbox as host authority, newest first. Reading it counts as being told of what is shown; asking with HEAD
/// shows nothing.
#[utoipa::path(get, path = "/v1/inbox", tag = "notices",
    params(
        ("authority" = Option<String>, Query, description = "Whose inbox; all of the caller's unless given"),
        ("state" = Option<String>, Query, description = "In one state"),
        ("open" = Option<bool>, Query, description = "Only children believed to be there now"),
        ("limit" = Option<i64>, Query, description = "1 to 200; 50 unless given"),
        ("cursor" = Option<String>, Query, description = "From a next link"),
    ),
    responses((status = 200, body = List<View>)))]
pub(crate) async fn inbox(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Query(listing): Query<Listing>,
    (method, uri): (Method, Uri),
) -> Result<List<View>, Problem> {
    let mut found = Vec::new();
    for host in caller.hosts_or(listing.authority)? {
        found.extend(notices::browse(api.hub(), host.authority(), &listing.filter).await?);
    }
    let mut found = cut(found, listing.page);
    if method != Method::HEAD {
        let hub = Arc::clone(api.hub());
        found = api.write(async move { notices::take(&hub, found).await }).await?;
    }
    Ok(page(found, listing.page, &uri, |known| View::to_host(known, api.hub())))
}

/// Notices the caller's feeds have given, newest first.
#[utoipa::path(get, path = "/v1/notices", tag = "notices",
    params(
        ("authority" = Option<String>, Query, description = "Whose; all of the caller's unless given"),
        ("state" = Option<String>, Query, description = "In one state"),
        ("open" = Option<bool>, Query, description = "Only children believed to be there now"),
        ("limit" = Option<i64>, Query, description = "1 to 200; 50 unless given"),
        ("cursor" = Option<String>, Query, description = "From a next link"),
    ),
    responses((status = 200, body = List<View>)))]
pub(crate) async fn sent(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Query(listing): Query<Listing>,
    uri: Uri,
) -> Result<List<View>, Problem> {
    let mut found = Vec::new();
    for placing in caller.tenants_or(listing.authority)? {
        found.extend(notices::sent(api.hub(), placing.authority(), &listing.filter).await?);
    }
    Ok(page(cut(found, listing.page), listing.page, &uri, |known| View::to_placing(known, api.hub())))
}

/// One notice with its history, its statements and its clocks, for either side of it. The host's reading counts as
/// delivered; asking with HEAD shows nothing.
#[utoipa::path(get, path = "/v1/notices/{id}", tag = "notices", params(("id" = Uuid, Path)),
    responses((status = 200, body = View)))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller<EitherSide>,
    Path(id): Path<Uuid>,
    method: Method,
) -> Result<Json<View>, Problem> {
    let (reader, known) = visible(&api, &caller, id, method != Method::HEAD).await?;
    Ok(Json(if reader == known.notice.placing {
        View::to_placing(known, api.hub())
    } else {
        View::to_host(known, api.hub())
    }))
}

/// What was tried to deliver a notice, for either side of it.
#[utoipa::path(get, path = "/v1/notices/{id}/attempts", tag = "notices", params(("id" = Uuid, Path)),
    responses((status = 200, body = List<DeliveryView>)))]
pub(crate) async fn attempts(
    State(api): State<Api>,
    caller: Caller<EitherSide>,
    Path(id): Path<Uuid>,
) -> Result<List<DeliveryView>, Problem> {
    let (reader, _) = visible(&api, &caller, id, false).await?;
    let tried = notices::attempts(api.hub(), reader, id).await?.unwrap_or_default();
    Ok(List::whole(tried.into_iter().map(DeliveryView::from).collect()))
}

/// The notice as one of the caller's authorities may read it, and which: a sender what it has placed, a host what it
/// has been told. `shown`: the host is about to be shown it.
async fn visible(
    api: &Api,
    caller: &Caller<EitherSide>,
    id: Uuid,
    shown: bool,
) -> Result<(AuthorityCode, Known), Problem> {
    for placing in caller.tenants() {
        let found = notices::find(api.hub(), placing.authority(), id).await?;
        if let Some(known) = found.filter(|known| known.notice.placing == placing.authority()) {
            return Ok((placing.authority(), known));
        }
    }
    for host in caller.hosts() {
        let (hub, authority) = (Arc::clone(api.hub()), host.authority());
        let found = if shown {
            api.write(async move { notices::seen(&hub, authority, id).await }).await?
        } else {
            notices::find(&hub, authority, id).await?
        };
        if let Some(known) = found.filter(|known| known.notice.host == host.authority()) {
            if shown {
                let seen = BTreeSet::from([(known.notice.placing, id.to_string())]);
                api.note((&host).into(), Thing::Notice, seen);
            }
            return Ok((host.authority(), known));
        }
    }
    Err(Problem::new(NOT_FOUND))
}

/// The newest of what was found, as many as the page holds.
fn cut(mut found: Vec<Known>, page: Page) -> Vec<Known> {
    found.sort_by_key(|known| Reverse((known.raised_at, known.notice.id)));
    found.truncate(usize::try_from(page.limit).unwrap_or_default());
    found
}

fn page(found: Vec<Known>, page: Page, uri: &Uri, view: impl Fn(Known) -> View) -> List<View> {
    let views = found.into_iter().map(view).collect();
    List::page(views, page, uri, |view: &View| (view.raised_at, view.id))
}

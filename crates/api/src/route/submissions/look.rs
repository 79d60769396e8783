use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use hub_domain::{AuthorityCode, Dataset};
use hub_pipeline::identity::Tenant;
use hub_pipeline::readings::Thing;
use hub_pipeline::submissions;
use hub_store::submission::{self, Filter, State as Stands, Submission};
use uuid::Uuid;

use super::view::View;
use crate::extract::{Caller, Fields, FromFields, Json, Path, Query, Sender, SenderOrOperator};
use crate::page::{List, Page};
use crate::problem::{NOT_FOUND, Problem};
use crate::state::Api;

/// Longest a question is held open, seconds.
const PATIENCE: u64 = 30;

/// Which submissions to list.
#[derive(Debug)]
pub(crate) struct Listing {
    authority: Option<AuthorityCode>,
    dataset: Option<Dataset>,
    page: Page,
}

impl FromFields for Listing {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let authority = fields.optional("authority", "the GSS code of an authority");
        let dataset = fields.optional(
            "dataset",
            "placements, vacancies, searches, quality, admissions, regulator, fostering or care_leavers",
        );
        let page = Page::read(fields);
        Some(Self { authority: authority?, dataset: dataset?, page: page? })
    }
}

/// How long to wait for a verdict.
#[derive(Debug)]
pub(crate) struct Waiting {
    wait: u64,
}

impl FromFields for Waiting {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let wait = fields.or("wait", "whole seconds, 30 at most", 0)?;
        if wait > PATIENCE {
            fields.refuse("wait", "whole seconds, 30 at most");
        }
        Some(Self { wait })
    }
}

/// Submissions, newest first.
#[utoipa::path(get, path = "/v1/submissions", tag = "submissions",
    params(
        ("authority" = Option<String>, Query, description = "One authority's; all of the caller's unless given"),
        ("dataset" = Option<String>, Query, description = "One dataset's"),
        ("limit" = Option<i64>, Query, description = "1 to 200; 50 unless given"),
        ("cursor" = Option<String>, Query, description = "From a next link"),
    ),
    responses((status = 200, body = List<View>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller<SenderOrOperator>,
    Query(listing): Query<Listing>,
    uri: Uri,
) -> Result<List<View>, Problem> {
    let scopes = caller.scopes(listing.authority)?;
    let mut found = Vec::new();
    for authority in scopes {
        let mut link = api.read_for(authority).await?;
        let filter =
            Filter { authority, dataset: listing.dataset, before: listing.page.after, limit: listing.page.limit };
        found.extend(submission::list(&mut link, &filter).await?);
    }
    found.sort_by_key(|one| std::cmp::Reverse((one.received_at, one.id)));
    found.truncate(usize::try_from(listing.page.limit).unwrap_or_default());
    if let Some(operator) = caller.operator() {
        let seen = found.iter().map(|one| (one.authority, String::new())).collect();
        api.note((&operator).into(), Thing::Submissions, seen);
    }
    let views = found.into_iter().map(View::from).collect();
    Ok(List::page(views, listing.page, &uri, |view: &View| (view.received_at, view.id)))
}

/// One submission with its receipt; with `wait`, once it is decided or the wait is over.
#[utoipa::path(get, path = "/v1/submissions/{id}", tag = "submissions",
    params(("id" = Uuid, Path), ("wait" = Option<u64>, Query, description = "Seconds to wait for a verdict, 30 at most")),
    responses((status = 200, body = View)))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller<SenderOrOperator>,
    Path(id): Path<Uuid>,
    Query(waiting): Query<Waiting>,
) -> Result<Json<View>, Problem> {
    let found = find(&api, &caller, id).await?;
    let patience = Duration::from_secs(waiting.wait);
    let found = match found.state {
        Stands::Received | Stands::Confirmed if waiting.wait > 0 => tokio::select! {
            decided = submissions::wait(api.hub(), found.authority, id, patience) => decided?.unwrap_or(found),
            // No job is begun any more: whoever waits may as well ask another replica.
            () = api.stopping() => found,
        },
        Stands::Received | Stands::Confirmed | Stands::Decided => found,
    };
    view(&api, found)
}

/// Confirms a held submission: it will be judged again as the hub then stands, and applied. Until then its state is
/// `confirmed`; `GET` with `wait` answers once it is decided.
#[utoipa::path(post, path = "/v1/submissions/{id}/confirm", tag = "submissions", params(("id" = Uuid, Path)),
    responses((status = 202, body = View)))]
pub(crate) async fn confirm(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Json<View>), Problem> {
    let authority = own(&api, &caller.tenants(), id).await?.authority;
    let hub = Arc::clone(api.hub());
    let confirmed = api.write(async move { submissions::confirm(&hub, authority, id).await }).await?;
    Ok((StatusCode::ACCEPTED, view(&api, confirmed)?))
}

/// Withdraws an applied submission: records return to what they were, and what was derived from it is corrected.
#[utoipa::path(post, path = "/v1/submissions/{id}/withdraw", tag = "submissions", params(("id" = Uuid, Path)),
    responses((status = 200, body = View)))]
pub(crate) async fn withdraw(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Path(id): Path<Uuid>,
) -> Result<Json<View>, Problem> {
    let authority = own(&api, &caller.tenants(), id).await?.authority;
    let hub = Arc::clone(api.hub());
    let withdrawn = api.write(async move { submissions::withdraw(&hub, authority, id).await }).await?;
    view(&api, withdrawn)
}

/// The caller's own submission of that id, or, for an operator, anybody's.
pub(super) async fn find(api: &Api, caller: &Caller<SenderOrOperator>, id: Uuid) -> Result<Submission, Problem> {
    let Some(operator) = caller.operator() else {
        return own(api, &caller.tenants(), id).await;
    };
    let mut link = api.hub().store.read().await?;
    let found = submission::locate(&mut link, id).await?.ok_or_else(|| Problem::new(NOT_FOUND))?;
    api.note((&operator).into(), Thing::Submission, BTreeSet::from([(found.authority, id.to_string())]));
    Ok(found)
}

async fn own(api: &Api, tenants: &[Tenant], id: Uuid) -> Result<Submission, Problem> {
    for tenant in tenants {
        let mut link = api.read_for(Some(tenant.authority())).await?;
        if let Some(found) = submission::find(&mut link, tenant.authority(), id).await? {
            return Ok(found);
        }
    }
    Err(Problem::new(NOT_FOUND))
}

fn view(api: &Api, submission: Submission) -> Result<Json<View>, Problem> {
    let receipt = Some(api.issuer().receipt(&submission)?);
    Ok(Json(View { receipt, ..View::from(submission) }))
}

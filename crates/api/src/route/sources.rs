//! Where the hub collects an authority's feeds itself.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hub_domain::{AuthorityCode, Dataset, Mode, Timestamp};
use hub_pipeline::sources::{self, AsAt, Checksum, NewSource, Shows, Terms};
use hub_store::source::{Collection, Outcome, Source, State as Standing};
use secrecy::SecretString;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::extract::{Caller, Fields, FromFields, Json, Path, Query, Sender, SenderOrOperator};
use crate::page::List;
use crate::problem::{NOT_FOUND, Problem};
use crate::state::Api;

/// Times shown of one source.
const TIMES: i64 = 50;

/// A source to register.
#[derive(ToSchema)]
#[schema(as = NewSource)]
#[expect(dead_code, reason = "for the document: its fields are read by name")]
pub(crate) struct NewSourceAsked {
    /// GSS code of the authority whose feed it is.
    authority: String,
    /// Which contract.
    dataset: String,
    /// Where the file lies: https, port 443 or 8443, a public address. `{date}` in it stands for the business date.
    url: String,
    /// When it is collected: a cron pattern of five fields, London's time. It is looked for every five minutes.
    pattern: String,
    /// `full` (usual), `window` or `changes`.
    mode: Option<String>,
    /// With `window`: it covers what is open, or ended so many days before its business date or later.
    window_days: Option<i64>,
    /// `day` (usual): it describes the London date on which it is collected. `day_before`: the day before.
    as_at: Option<String>,
    /// Of a file with `.sha256` at the end of its name: `if_there` (usual), `required` or `none`.
    checksum: Option<String>,
    /// The file is Windows-1252 rather than UTF-8.
    windows_1252: Option<bool>,
    /// A bearer token that the file's server asks for. Never shown again.
    token: Option<String>,
    /// Or a user, with a password.
    user: Option<String>,
    /// The password. Never shown again.
    password: Option<String>,
}

/// What is registered.
pub(crate) struct Asked {
    authority: AuthorityCode,
    dataset: Dataset,
    url: String,
    pattern: String,
    terms: Terms,
    secret: Option<SecretString>,
}

impl FromFields for Asked {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let authority = fields.required("authority", "the GSS code of an authority");
        let dataset = fields.required("dataset", "the name of a dataset");
        let url = fields.required("url", "an https address");
        let pattern = fields.required("pattern", "a cron pattern of five fields, such as 30 3 * * *");
        let mode = fields.or("mode", "full, window or changes", Mode::Full);
        let window_days: Option<Option<i64>> = fields.optional("window_days", "a whole number from 1 to 1000");
        let as_at = fields.or("as_at", "day or day_before", AsAt::Day);
        let checksum = fields.or("checksum", "if_there, required or none", Checksum::IfThere);
        let windows_1252 = fields.or("windows_1252", "true or false", false);
        let token: Option<Option<String>> = fields.optional("token", "a token");
        let user: Option<Option<String>> = fields.optional("user", "a user's name");
        let password: Option<Option<String>> = fields.optional("password", "a password");
        let (mode, as_at, checksum, windows_1252) = (mode?, as_at?, checksum?, windows_1252?);
        let (token, user, password, window_days) = (token?, user?, password?, window_days?);
        if token.is_some() && user.is_some() || user.is_some() != password.is_some() {
            fields.refuse("token", "a token alone, or a user with a password, or none of them");
            return None;
        }
        let shows = user.map(Shows::Basic).or(token.as_ref().map(|_| Shows::Bearer));
        // What does not fit is out of bounds, and refused as such.
        let window_days = window_days.map(|days| u16::try_from(days).unwrap_or(0));
        let terms = Terms { mode, window_days, as_at, checksum, windows_1252, shows };
        let secret = token.or(password).map(SecretString::from);
        Some(Self { authority: authority?, dataset: dataset?, url: url?, pattern: pattern?, terms, secret })
    }
}

/// A place that the hub collects a feed from.
#[derive(Serialize, ToSchema)]
#[schema(as = Source)]
pub(crate) struct View {
    /// Its id.
    id: Uuid,
    /// Whose.
    #[schema(value_type = String)]
    authority: AuthorityCode,
    /// Which contract.
    #[schema(value_type = String)]
    dataset: Dataset,
    /// Where the file lies; for whoever sends this authority's feeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// When it is collected, London's time.
    pattern: String,
    /// `active`, or `paused` by its owner.
    #[schema(value_type = String)]
    state: Standing,
    /// When it is next collected.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
    /// Since when nothing could be collected; absent when the last time went well.
    #[schema(value_type = Option<String>, format = DateTime)]
    failing_since: Option<Timestamp>,
    /// `full`, `window` or `changes`.
    #[schema(value_type = String)]
    mode: Mode,
    /// With `window`: how many days it covers.
    window_days: Option<u16>,
    /// `day` or `day_before`.
    #[schema(value_type = String)]
    as_at: AsAt,
    /// `if_there`, `required` or `none`.
    #[schema(value_type = String)]
    checksum: Checksum,
    /// `none`, `token` or `password`.
    credential: &'static str,
    /// When it was registered.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// What came of the last times that it was looked at, latest first; of one source only.
    #[serde(skip_serializing_if = "Option::is_none")]
    collections: Option<Vec<TimeView>>,
}

/// One time that a source was looked at.
#[derive(Serialize, ToSchema)]
#[schema(as = Collection)]
pub(crate) struct TimeView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The slot of its pattern that this was for.
    #[schema(value_type = String, format = DateTime)]
    slot: Timestamp,
    /// `taken`, `unchanged`, `refused` or `failed`.
    #[schema(value_type = String)]
    outcome: Outcome,
    /// Why not: a stable word.
    reason: Option<String>,
    /// Bytes that were read.
    bytes: i64,
    /// Their SHA-256.
    digest: Option<String>,
    /// The submission that they are: its receipt is there.
    submission: Option<Uuid>,
}

impl From<Collection> for TimeView {
    fn from(one: Collection) -> Self {
        let Collection { at, slot, outcome, reason, bytes, digest, submission, .. } = one;
        Self { at, slot, outcome, reason, bytes, digest, submission }
    }
}

impl View {
    fn of(source: Source, is_owner: bool, now: Timestamp) -> Self {
        let terms: Terms = serde_json::from_str(&source.terms).unwrap_or_default();
        let next_at = sources::next_slot(&source, now);
        let credential = match terms.shows {
            None => "none",
            Some(Shows::Bearer) => "token",
            Some(Shows::Basic(_)) => "password",
        };
        Self {
            id: source.id,
            authority: source.authority,
            dataset: source.dataset,
            url: is_owner.then_some(source.url),
            next_at,
            pattern: source.pattern,
            state: source.state,
            failing_since: source.failing_since,
            mode: terms.mode,
            window_days: terms.window_days,
            as_at: terms.as_at,
            checksum: terms.checksum,
            credential,
            created_at: source.created_at,
            collections: None,
        }
    }
}

/// Whose sources.
pub(crate) struct Whose {
    authority: Option<AuthorityCode>,
}

impl FromFields for Whose {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        Some(Self { authority: fields.optional("authority", "the GSS code of an authority")? })
    }
}

/// The places that the hub collects the caller's feeds from, and when each is next looked at.
#[utoipa::path(get, path = "/v1/sources", tag = "feeds",
    params(("authority" = Option<String>, Query, description = "One authority's; all of the caller's unless given")),
    responses((status = 200, body = List<View>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller<SenderOrOperator>,
    Query(whose): Query<Whose>,
) -> Result<List<View>, Problem> {
    let (now, is_owner) = (api.hub().clock.now(), caller.operator().is_none());
    let mut all = Vec::new();
    for scope in caller.scopes(whose.authority)? {
        all.extend(match scope {
            Some(authority) => sources::list(api.hub(), authority).await?,
            None => sources::all(api.hub()).await?,
        });
    }
    Ok(List::whole(all.into_iter().map(|source| View::of(source, is_owner, now)).collect()))
}

/// Registers a place to collect a feed from. The file there is received as though it had been sent; one that was taken before is
/// not taken again; one that cannot be collected is tried again and said in `/v1/events`.
#[utoipa::path(post, path = "/v1/sources", tag = "feeds", request_body = NewSourceAsked,
    responses((status = 201, body = View)))]
pub(crate) async fn register(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Json(asked): Json<Asked>,
) -> Result<Response, Problem> {
    let tenant = caller.tenant(asked.authority)?;
    let new = NewSource {
        authority: tenant.authority(),
        dataset: asked.dataset,
        url: asked.url,
        pattern: asked.pattern,
        terms: asked.terms,
        secret: asked.secret,
        by: tenant.client().to_owned(),
    };
    let own = api.clone();
    let kept = api.write(async move { sources::register(own.hub(), own.guard(), &new).await }).await?;
    Ok((StatusCode::CREATED, Json(View::of(kept, true, api.hub().clock.now()))).into_response())
}

/// One source, and what came of the last times that it was looked at.
#[utoipa::path(get, path = "/v1/sources/{id}", tag = "feeds", params(("id" = Uuid, Path)),
    responses((status = 200, body = View)))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Path(id): Path<Uuid>,
) -> Result<Json<View>, Problem> {
    for tenant in caller.tenants() {
        if let Some((source, times)) = sources::find(api.hub(), tenant.authority(), id, TIMES).await? {
            let view = View::of(source, true, api.hub().clock.now());
            return Ok(Json(View { collections: Some(times.into_iter().map(TimeView::from).collect()), ..view }));
        }
    }
    Err(Problem::new(NOT_FOUND))
}

/// Collects from a source now, whatever its pattern says. The answer says that it is queued: what came of it is in the source.
#[utoipa::path(post, path = "/v1/sources/{id}/collect", tag = "feeds", params(("id" = Uuid, Path)),
    responses((status = 202, description = "Queued")))]
pub(crate) async fn collect(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    for tenant in caller.tenants() {
        let hub = Arc::clone(api.hub());
        if api.write(async move { sources::queue_now(&hub, tenant.authority(), id).await }).await? {
            return Ok(StatusCode::ACCEPTED);
        }
    }
    Err(Problem::new(NOT_FOUND))
}

/// Stops collecting from a source for a while.
#[utoipa::path(post, path = "/v1/sources/{id}/pause", tag = "feeds", params(("id" = Uuid, Path)),
    responses((status = 200, body = View)))]
pub(crate) async fn pause(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Path(id): Path<Uuid>,
) -> Result<Json<View>, Problem> {
    turn(&api, &caller, id, true).await
}

/// Collects from a source again, from its next slot on.
#[utoipa::path(post, path = "/v1/sources/{id}/resume", tag = "feeds", params(("id" = Uuid, Path)),
    responses((status = 200, body = View)))]
pub(crate) async fn resume(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Path(id): Path<Uuid>,
) -> Result<Json<View>, Problem> {
    turn(&api, &caller, id, false).await
}

/// Stops or begins again; done twice, it is done.
async fn turn(api: &Api, caller: &Caller<Sender>, id: Uuid, paused: bool) -> Result<Json<View>, Problem> {
    for tenant in caller.tenants() {
        let (hub, authority) = (Arc::clone(api.hub()), tenant.authority());
        api.write(async move { sources::pause(&hub, authority, id, paused).await }).await?;
        if let Some((source, _)) = sources::find(api.hub(), authority, id, 1).await? {
            return Ok(Json(View::of(source, true, api.hub().clock.now())));
        }
    }
    Err(Problem::new(NOT_FOUND))
}

/// Removes a source and forgets its credential. What was collected stays.
#[utoipa::path(delete, path = "/v1/sources/{id}", tag = "feeds", params(("id" = Uuid, Path)),
    responses((status = 204, description = "Removed")))]
pub(crate) async fn remove(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    for tenant in caller.tenants() {
        let hub = Arc::clone(api.hub());
        if api.write(async move { sources::remove(&hub, tenant.authority(), id).await }).await? {
            return Ok(StatusCode::NO_CONTENT);
        }
    }
    Err(Problem::new(NOT_FOUND))
}

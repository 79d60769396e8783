use std::sync::Arc;

use axum::extract::State;
use hub_notices::{DisputeReason, EventKind};
use hub_pipeline::notices::{self, Answer, AnswerRefusal};
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::View;
use crate::extract::{Caller, Fields, FromFields, HostSide, Json, Path};
use crate::problem::{NOT_FOUND, Problem};
use crate::state::Api;

/// Longest note, characters.
const LONGEST: usize = 500;

/// What a host adds to its answer.
#[derive(Debug, ToSchema)]
pub(crate) struct Note {
    /// In words, for the placing authority. Nothing that names a child.
    note: Option<String>,
}

impl FromFields for Note {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let note: Option<String> = fields.optional("note", "words, 500 characters at most")?;
        let bad = |note: &String| note.chars().count() > LONGEST || note.chars().any(char::is_control);
        if note.as_ref().is_some_and(bad) {
            fields.refuse("note", "words, 500 characters at most");
        }
        Some(Self { note })
    }
}

/// What a host says is wrong with a notice.
#[derive(Debug, ToSchema)]
pub(crate) struct Dispute {
    /// `not_our_area`, `not_here`, `wrong_child` or `duplicate`.
    #[schema(value_type = String)]
    reason: DisputeReason,
    /// More of it in words, for the placing authority. Nothing that names a child.
    note: Option<String>,
}

impl FromFields for Dispute {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let reason = fields.required("reason", "not_our_area, not_here, wrong_child or duplicate");
        let Note { note } = Note::from_fields(fields)?;
        Some(Self { reason: reason?, note })
    }
}

/// Somebody at the host looked at the notice.
#[utoipa::path(post, path = "/v1/notices/{id}/open", tag = "notices", params(("id" = Uuid, Path)),
    request_body = Note, responses((status = 200, body = View)))]
pub(crate) async fn open(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
    Json(note): Json<Note>,
) -> Result<Json<View>, Problem> {
    say(&api, &caller, id, (EventKind::Opened, note.note, None)).await
}

/// The host accepts the notice. With nothing outstanding it is complete.
#[utoipa::path(post, path = "/v1/notices/{id}/acknowledge", tag = "notices", params(("id" = Uuid, Path)),
    request_body = Note, responses((status = 200, body = View)))]
pub(crate) async fn acknowledge(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
    Json(note): Json<Note>,
) -> Result<Json<View>, Problem> {
    say(&api, &caller, id, (EventKind::Acknowledged, note.note, None)).await
}

/// The host asks something of the placing authority, which hears of it. No clock stops.
#[utoipa::path(post, path = "/v1/notices/{id}/query", tag = "notices", params(("id" = Uuid, Path)),
    request_body = Note, responses((status = 200, body = View)))]
pub(crate) async fn query(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
    Json(note): Json<Note>,
) -> Result<Json<View>, Problem> {
    say(&api, &caller, id, (EventKind::Queried, note.note, None)).await
}

/// The host says the notice is wrong, and what is: not its area, not there, wrong child, duplicate. The placing authority
/// hears of it. No clock stops.
#[utoipa::path(post, path = "/v1/notices/{id}/dispute", tag = "notices", params(("id" = Uuid, Path)),
    request_body = Dispute, responses((status = 200, body = View)))]
pub(crate) async fn dispute(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
    Json(said): Json<Dispute>,
) -> Result<Json<View>, Problem> {
    say(&api, &caller, id, (EventKind::Disputed, said.note, Some(said.reason))).await
}

async fn say(
    api: &Api,
    caller: &Caller<HostSide>,
    id: Uuid,
    (kind, note, reason): (EventKind, Option<String>, Option<DisputeReason>),
) -> Result<Json<View>, Problem> {
    for host in caller.hosts() {
        let (host, client, note) = (host.authority(), host.client().to_owned(), note.clone());
        let answer = Answer { host, client, kind, note, reason };
        let hub = Arc::clone(api.hub());
        match api.write(async move { Ok::<_, Problem>(notices::answer(&hub, id, &answer).await) }).await? {
            Err(AnswerRefusal::NotFound) => {}
            said => return Ok(Json(View::to_host(said?, api.hub()))),
        }
    }
    Err(Problem::new(NOT_FOUND))
}

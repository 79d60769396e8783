use std::sync::Arc;

use axum::extract::State;
use hub_domain::words::NotAWord;
use hub_pipeline::notices::{self, Answer, AnswerRefusal};
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::View;
use crate::extract::{Caller, Fields, FromFields, HostSide, Json, Path};
use crate::problem::{INTERNAL, NOT_FOUND, Problem};
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

/// Somebody at the host looked at the notice.
#[utoipa::path(post, path = "/v1/notices/{id}/open", tag = "notices", params(("id" = Uuid, Path)),
    request_body = Note, responses((status = 200, body = View)))]
pub(crate) async fn open(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
    Json(note): Json<Note>,
) -> Result<Json<View>, Problem> {
    say(&api, &caller, id, ("opened", note)).await
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
    say(&api, &caller, id, ("acknowledged", note)).await
}

/// The host asks something of the placing authority. No clock stops.
#[utoipa::path(post, path = "/v1/notices/{id}/query", tag = "notices", params(("id" = Uuid, Path)),
    request_body = Note, responses((status = 200, body = View)))]
pub(crate) async fn query(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
    Json(note): Json<Note>,
) -> Result<Json<View>, Problem> {
    say(&api, &caller, id, ("queried", note)).await
}

/// The host says the notice is wrong: not its area, not there, wrong child, duplicate. No clock stops.
#[utoipa::path(post, path = "/v1/notices/{id}/dispute", tag = "notices", params(("id" = Uuid, Path)),
    request_body = Note, responses((status = 200, body = View)))]
pub(crate) async fn dispute(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
    Json(note): Json<Note>,
) -> Result<Json<View>, Problem> {
    say(&api, &caller, id, ("disputed", note)).await
}

async fn say(
    api: &Api,
    caller: &Caller<HostSide>,
    id: Uuid,
    (word, note): (&'static str, Note),
) -> Result<Json<View>, Problem> {
    for host in caller.hosts() {
        let answer = Answer {
            host: host.authority(),
            client: host.client().to_owned(),
            kind: word.parse().map_err(|error: NotAWord| Problem::new(INTERNAL).cause(error))?,
            note: note.note.clone(),
        };
        let hub = Arc::clone(api.hub());
        match api.write(async move { Ok::<_, Problem>(notices::answer(&hub, id, &answer).await) }).await? {
            Err(AnswerRefusal::NotFound) => {}
            said => return Ok(Json(View::to_host(said?, api.hub()))),
        }
    }
    Err(Problem::new(NOT_FOUND))
}

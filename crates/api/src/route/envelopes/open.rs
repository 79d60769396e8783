use std::sync::Arc;

use axum::extract::State;
use hub_pipeline::envelopes::{self, EnvelopeRefusal, Opening, Party, Reader};
use utoipa::ToSchema;
use uuid::Uuid;

use super::seal::keys;
use super::view::View;
use crate::extract::{Caller, Fields, FromFields, HostSide, Json, Path};
use crate::problem::{NOT_FOUND, Problem};
use crate::state::Api;

/// Longest name or reason, characters.
const LONGEST: usize = 500;

/// Why a protected address must be read.
#[derive(Debug, ToSchema)]
pub(crate) struct OpeningReason {
    /// The officer who will read it, by name.
    officer: String,
    /// Why, in words, for the placing authority. Nothing that names a child.
    reason: String,
}

impl FromFields for OpeningReason {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let officer = words(fields, "officer", "the officer's name, 500 characters at most");
        let reason = words(fields, "reason", "words, 500 characters at most");
        Some(Self { officer: officer?, reason: reason? })
    }
}

fn words(fields: &mut Fields, name: &'static str, wanted: &'static str) -> Option<String> {
    let text: String = fields.required(name, wanted)?;
    let text = text.trim().to_owned();
    if text.is_empty() || text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        fields.refuse(name, wanted);
    }
    Some(text)
}

/// Records who will read a protected address and why, for the placing authority to see; the same client may then fetch it
/// for a quarter of an hour.
#[utoipa::path(post, path = "/v1/notices/{id}/envelopes/{n}/open", tag = "sealed",
    params(("id" = Uuid, Path), ("n" = i64, Path, description = "The envelope's number")),
    request_body = OpeningReason, responses((status = 200, body = View)))]
pub(crate) async fn open(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path((id, n)): Path<(Uuid, i64)>,
    Json(said): Json<OpeningReason>,
) -> Result<Json<View>, Problem> {
    for host in caller.hosts() {
        let hub = Arc::clone(api.hub());
        let reader = Reader::new(host.authority(), host.client(), Party::Host);
        let opening = Opening { officer: said.officer.clone(), reason: said.reason.clone() };
        let work = async move { Ok::<_, Problem>(envelopes::open(&hub, &reader, id, n, &opening).await) };
        match api.write(work).await? {
            Err(EnvelopeRefusal::NotFound) => {}
            opened => {
                let keys = keys(&api, host.authority(), host.authority()).await?;
                return Ok(Json(View::of((opened?, true), &keys)));
            }
        }
    }
    Err(Problem::new(NOT_FOUND))
}

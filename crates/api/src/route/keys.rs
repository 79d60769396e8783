//! Public keys for sealing: a host's own, and any host's for whoever seals something for it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hub_domain::{AuthorityCode, Timestamp};
use hub_pipeline::envelopes::Recipient;
use hub_pipeline::sealing::{self, KeyRefusal};
use hub_store::sealing::SealingKey;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::extract::{Caller, EitherSide, Fields, FromFields, HostSide, Json, Path};
use crate::page::List;
use crate::problem::{NOT_FOUND, Problem};
use crate::state::Api;

/// A public key to which details are sealed. Registered for good: it can be retired, never changed.
#[derive(Serialize, ToSchema)]
#[schema(as = SealingKey)]
pub(crate) struct View {
    /// Its id.
    id: Uuid,
    /// Who holds the private half. The hub does not.
    #[schema(value_type = String)]
    authority: AuthorityCode,
    /// The key, `age1…`.
    recipient: String,
    /// What both sides compare, by another way than the hub: 160 bits of the SHA-256 of the key's text.
    fingerprint: String,
    /// When it was registered.
    #[schema(value_type = String, format = DateTime)]
    registered_at: Timestamp,
    /// By which client.
    registered_by: String,
    /// When it was retired, if it was: nothing is sealed to it any more.
    #[schema(value_type = Option<String>, format = DateTime)]
    retired_at: Option<Timestamp>,
    /// By which client.
    retired_by: Option<String>,
}

/// A key to register.
#[derive(Debug, ToSchema)]
pub(crate) struct NewSealingKey {
    /// The public key, as `age-keygen` or `hub-agent sealing-key init` prints it.
    #[schema(value_type = String)]
    recipient: Recipient,
    /// Whose, if the caller speaks for several.
    #[schema(value_type = Option<String>)]
    authority: Option<AuthorityCode>,
}

impl FromFields for NewSealingKey {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let recipient = fields.required("recipient", "an age public key: age1 and 58 more small letters and digits");
        let authority = fields.optional("authority", "the GSS code of an authority");
        Some(Self { recipient: recipient?, authority: authority? })
    }
}

/// The caller's own keys, retired ones among them, oldest first.
#[utoipa::path(get, path = "/v1/keys/sealing", tag = "sealed", responses((status = 200, body = List<View>)))]
pub(crate) async fn own(State(api): State<Api>, caller: Caller<HostSide>) -> Result<List<View>, Problem> {
    let mut all = Vec::new();
    for host in caller.hosts() {
        all.extend(sealing::list(api.hub(), host.authority(), host.authority()).await?);
    }
    Ok(List::whole(all.into_iter().map(View::from).collect()))
}

/// Registers a public key. Every placing authority that has left something sealed for the caller is told to seal it again.
#[utoipa::path(post, path = "/v1/keys/sealing", tag = "sealed", request_body = NewSealingKey,
    responses((status = 201, body = View), (status = 200, description = "Registered before", body = View)))]
pub(crate) async fn register(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Json(new): Json<NewSealingKey>,
) -> Result<Response, Problem> {
    let host = caller.host(new.authority)?;
    let hub = Arc::clone(api.hub());
    let work = async move { sealing::register(&hub, host.authority(), host.client(), new.recipient).await };
    let (key, is_new) = api.write(work).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(View::from(key))).into_response())
}

/// Retires a key for good: nothing can be sealed to it from now on. Whoever sealed something to it alone is told.
#[utoipa::path(post, path = "/v1/keys/sealing/{id}/retire", tag = "sealed", params(("id" = Uuid, Path)),
    responses((status = 200, body = View)))]
pub(crate) async fn retire(
    State(api): State<Api>,
    caller: Caller<HostSide>,
    Path(id): Path<Uuid>,
) -> Result<Json<View>, Problem> {
    for host in caller.hosts() {
        let hub = Arc::clone(api.hub());
        let work = async move { Ok::<_, Problem>(sealing::retire(&hub, host.authority(), host.client(), id).await) };
        match api.write(work).await? {
            Err(KeyRefusal::NotFound) => {}
            retired => return Ok(Json(retired?.into())),
        }
    }
    Err(Problem::new(NOT_FOUND))
}

/// The keys of any authority, retired ones among them: public, with who registered each and when.
#[utoipa::path(get, path = "/v1/authorities/{code}/sealing-keys", tag = "sealed",
    params(("code" = String, Path, description = "The GSS code of the authority")),
    responses((status = 200, body = List<View>)))]
pub(crate) async fn of_authority(
    State(api): State<Api>,
    caller: Caller<EitherSide>,
    Path(owner): Path<AuthorityCode>,
) -> Result<List<View>, Problem> {
    let reader = caller.first_authority().ok_or_else(|| Problem::new(NOT_FOUND))?;
    let all = sealing::list(api.hub(), reader, owner).await?;
    Ok(List::whole(all.into_iter().map(View::from).collect()))
}

impl From<SealingKey> for View {
    fn from(key: SealingKey) -> Self {
        let (retired_at, retired_by) = key.retired.unzip();
        Self {
            id: key.id,
            authority: key.authority,
            recipient: key.recipient.to_string(),
            fingerprint: key.fingerprint.to_string(),
            registered_at: key.registered_at,
            registered_by: key.registered_by,
            retired_at,
            retired_by,
        }
    }
}

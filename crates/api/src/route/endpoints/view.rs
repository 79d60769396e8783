use hub_domain::{AuthorityCode, Timestamp};
use hub_pipeline::endpoints::Registered;
use hub_store::endpoint::{Endpoint, State};
use secrecy::ExposeSecret as _;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A webhook endpoint of a host authority.
#[derive(Serialize, ToSchema)]
#[schema(as = Endpoint)]
pub(crate) struct View {
    /// Its id.
    id: Uuid,
    /// Whose.
    #[schema(value_type = String)]
    authority: AuthorityCode,
    /// Where notices are sent.
    url: String,
    /// `v1a`: Ed25519 by the hub's published keys. `v1`: HMAC by a secret shown once.
    scheme: String,
    /// What it is for, in its owner's words.
    description: String,
    /// The events that it asks for; all of them when none is named.
    events: Vec<String>,
    /// `unverified`: has not answered its challenge; what is queued waits. `active`. `paused`: by a person; what is queued
    /// waits. `failing`: active, but many attempts in a row have failed; tried now and then. `disabled`: failed for
    /// fourteen days; ask for a new challenge.
    state: &'static str,
    /// When it was registered.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it proved itself.
    #[schema(value_type = Option<String>, format = DateTime)]
    verified_at: Option<Timestamp>,
    /// How it has been doing.
    health: HealthView,
    /// Until when the secret before this one signs too.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    old_secret_until: Option<Timestamp>,
    /// `whsec_…`, with `v1`, in the answer to the registration or a rotation and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// How an endpoint has been doing.
#[derive(Serialize, ToSchema)]
#[schema(as = EndpointHealth)]
pub(crate) struct HealthView {
    /// Failures in a row.
    failures: i64,
    /// Since when it has only failed.
    #[schema(value_type = Option<String>, format = DateTime)]
    failing_since: Option<Timestamp>,
    /// When it is tried again, if it is being left alone.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_try_at: Option<Timestamp>,
    /// When it last took something.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_success_at: Option<Timestamp>,
    /// When it last did not.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_failure_at: Option<Timestamp>,
    /// Why not: a stable word.
    last_error: Option<String>,
    /// How long it takes to answer, smoothed over its last answers.
    milliseconds: Option<i64>,
}

impl From<Endpoint> for View {
    fn from(endpoint: Endpoint) -> Self {
        let state = if endpoint.state == State::Active && endpoint.health.is_failing() {
            "failing"
        } else {
            endpoint.state.as_str()
        };
        let health = endpoint.health;
        Self {
            id: endpoint.id,
            authority: endpoint.authority,
            url: endpoint.url,
            scheme: endpoint.scheme.to_string(),
            description: endpoint.description,
            events: endpoint.events,
            state,
            created_at: endpoint.created_at,
            verified_at: endpoint.verified_at,
            health: HealthView {
                failures: health.failures,
                failing_since: health.failing_since,
                next_try_at: health.open_until,
                last_success_at: health.succeeded_at,
                last_failure_at: health.failed_at,
                last_error: health.error,
                milliseconds: health.milliseconds,
            },
            old_secret_until: endpoint.old_until,
            secret: None,
        }
    }
}

impl From<Registered> for View {
    fn from(registered: Registered) -> Self {
        let secret = registered.secret.map(|secret| secret.expose_secret().to_owned());
        Self { secret, ..Self::from(registered.endpoint) }
    }
}

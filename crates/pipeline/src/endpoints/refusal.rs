//! Why something is not done to an endpoint.

use hub_store::StoreError;
use hub_store::endpoint::State;
use hub_webhook::Refusal;

use super::MOST;
use crate::Fault;

/// Why something is not done to an endpoint.
#[derive(Debug, thiserror::Error)]
pub enum EndpointRefusal {
    /// The host has none of that id.
    #[error("no such endpoint")]
    NotFound,
    /// The address may not be called.
    #[error("the address may not be called: {}", .0.code())]
    Address(Refusal),
    /// The description is too long, or holds what does not print.
    #[error("the description is 200 printing characters at most")]
    Description,
    /// An event type that the hub does not send.
    #[error("the events are some of those that the hub sends")]
    Events,
    /// The host has as many endpoints as it may.
    #[error("an authority has {MOST} endpoints at most")]
    TooMany,
    /// The endpoint's state does not allow it.
    #[error("the endpoint is {}", .0.as_str())]
    State(State),
    /// The token is not the one that the endpoint was sent.
    #[error("the token is not the one that the endpoint was sent")]
    Token,
    /// The endpoint shares no secret: the hub's own keys sign.
    #[error("the endpoint shares no secret")]
    NoSecret,
    /// The overlap of two secrets is too long.
    #[error("two secrets sign side by side for a week at most")]
    Overlap,
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StoreError> for EndpointRefusal {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

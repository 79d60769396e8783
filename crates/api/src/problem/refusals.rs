//! Refusals and faults to problems: every case of every use case, exhaustively.

use std::convert::Infallible;

use hub_pipeline::identity::{Denied, IdentityFault, NotYours, TokenRefusal};
use hub_store::StoreError;

use super::*;

impl From<NotYours> for Problem {
    fn from(NotYours: NotYours) -> Self {
        Self::new(NOT_FOUND)
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        Self::new(UNAUTHENTICATED).detail("Get a new token from /oauth/token.").cause(denied)
    }
}

impl From<Infallible> for Problem {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let kind = match &error {
            StoreError::Retry(_) => UNAVAILABLE,
            StoreError::Full(_) => NO_ROOM,
            StoreError::Unique(_)
            | StoreError::Unsafe(_)
            | StoreError::Decode(_)
            | StoreError::Migrate(_)
            | StoreError::Database(_) => INTERNAL,
        };
        let problem = Self::new(kind).cause(error);
        if kind == INTERNAL { problem } else { problem.retry_after(RETRY_AFTER) }
    }
}

impl From<IdentityFault> for Problem {
    fn from(fault: IdentityFault) -> Self {
        match fault {
            IdentityFault::Store(error) => error.into(),
            IdentityFault::Material(_) => Self::new(INTERNAL).cause(fault),
        }
    }
}

impl From<TokenRefusal> for Problem {
    fn from(refusal: TokenRefusal) -> Self {
        let oauth = refusal.oauth();
        let detail = refusal.to_string();
        let problem = match refusal {
            TokenRefusal::Grant => Self::new(UNSUPPORTED_GRANT).detail(detail.clone()),
            TokenRefusal::Request(_) => Self::new(INVALID_REQUEST).detail(detail.clone()),
            TokenRefusal::Client(why) => Self::new(INVALID_CLIENT).detail(detail.clone()).cause(Denied(why)),
            TokenRefusal::Assertion(_) => Self::new(INVALID_CLIENT).detail(detail.clone()),
            TokenRefusal::Target => Self::new(INVALID_TARGET).detail(detail.clone()),
            TokenRefusal::Fault(fault) => return fault.into(),
        };
        match oauth {
            // RFC 6749 section 5.2, for clients that read these and not the problem.
            Some(error) => problem.member("error", error).member("error_description", detail),
            None => problem,
        }
    }
}

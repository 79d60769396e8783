//! What a person is told when there is no page to show. Which status belongs to which is decided here and nowhere else.

use std::error::Error;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hub_pipeline::Fault;
use hub_pipeline::identity::NotYours;
use hub_store::StoreError;

/// Why there is no page.
#[derive(Debug, Clone)]
pub(crate) enum Refused {
    /// Nobody is signed in who would have to be: the gate leads to where one signs in.
    Unknown,
    /// The person's roles do not open the page.
    Forbidden,
    /// There is no such thing, or it is not the person's: the same words for both.
    NotFound,
    /// The form came from another site, or from a browser that does not say whence.
    Strange,
    /// What was asked cannot be understood; says what is wrong. Never holds a value of a child.
    Invalid(String),
    /// The thing is not in a state in which this can be done; says which.
    Conflict(String),
    /// Signing in failed; says what the person can do about it.
    NotSignedIn(String),
    /// The hub failed. The reason is for the log.
    Fault(Arc<dyn Error + Send + Sync>),
}

/// What a handler gives.
pub(crate) type Answer = Result<Response, Refused>;

impl Refused {
    /// A fault of the hub's.
    pub(crate) fn fault(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Fault(Arc::new(error))
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Unknown => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::Strange | Self::NotSignedIn(_) => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The heading of its page.
    pub(crate) fn title(&self) -> &'static str {
        match self {
            Self::Unknown => "Sign in first",
            Self::Forbidden => "This page is not for your role",
            Self::NotFound => "There is no such page",
            Self::Strange => "That form was not sent from this hub",
            Self::Invalid(_) => "That could not be understood",
            Self::Conflict(_) => "That cannot be done now",
            Self::NotSignedIn(_) => "You are not signed in",
            Self::Fault(_) => "Something went wrong at the hub",
        }
    }

    /// What the person can do.
    pub(crate) fn advice(&self) -> &str {
        match self {
            Self::Unknown => "The page is for people who are signed in.",
            Self::Forbidden => {
                "Your account has no role that opens it. If it should have, ask whoever manages roles at your council."
            }
            Self::NotFound => "Check the address. If a link led here, what it names may not be yours to see.",
            Self::Strange => "Open the page here again and send the form from it.",
            Self::Invalid(told) | Self::Conflict(told) | Self::NotSignedIn(told) => told,
            Self::Fault(_) => "Nothing you sent was lost if the hub had confirmed it. Try again in a minute.",
        }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::fault(error)
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::fault(fault)
    }
}

impl From<NotYours> for Refused {
    fn from(_: NotYours) -> Self {
        Self::NotFound
    }
}

impl From<askama::Error> for Refused {
    fn from(error: askama::Error) -> Self {
        Self::fault(error)
    }
}

impl IntoResponse for Refused {
    /// An answer without words: the gate, which knows the person, makes the page.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

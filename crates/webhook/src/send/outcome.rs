use std::error::Error;
use std::time::Duration;

use crate::guard::Refusal;
use crate::retry::RetryAfter;

/// What one attempt came to. It holds nothing of the receiver's answer but the status and `Retry-After`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it arrived.
    pub verdict: Verdict,
    /// The receiver's HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// From the first step to the end of the answer.
    pub latency: Duration,
    /// When the receiver asks to be tried again.
    pub retry_after: Option<RetryAfter>,
}

/// Whether an attempt arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The receiver answered 2xx. That a person saw it is another state: acknowledged.
    Delivered,
    /// The guard did not permit the call; nothing was sent.
    Refused(Refusal),
    /// It was tried and did not arrive.
    Failed(Failure),
}

/// How an attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Failure {
    /// The name has no address.
    Name,
    /// No connection, or no TLS session, could be made.
    Connection,
    /// The time limit passed.
    Timeout,
    /// The receiver pointed elsewhere; redirects are not followed.
    Redirect,
    /// The receiver answered with another status.
    Status,
    /// The connection broke before an answer came.
    Broken,
    /// The receiver answered 2xx without the token it was asked for.
    Unanswered,
}

impl Outcome {
    /// Whether the receiver answered 2xx.
    pub fn is_delivered(&self) -> bool {
        self.verdict == Verdict::Delivered
    }
}

impl Verdict {
    /// A stable kebab-case word for attempt records and metrics.
    pub fn code(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Refused(refusal) => refusal.code(),
            Self::Failed(Failure::Name) => "name-not-found",
            Self::Failed(Failure::Connection) => "no-connection",
            Self::Failed(Failure::Timeout) => "timed-out",
            Self::Failed(Failure::Redirect) => "redirected",
            Self::Failed(Failure::Status) => "bad-status",
            Self::Failed(Failure::Broken) => "connection-broke",
            Self::Failed(Failure::Unanswered) => "challenge-unanswered",
        }
    }

    pub(super) fn of_status(status: u16) -> Self {
        match status {
            200..=299 => Self::Delivered,
            300..=399 => Self::Failed(Failure::Redirect),
            _ => Self::Failed(Failure::Status),
        }
    }

    pub(crate) fn of_error(error: &reqwest::Error) -> Self {
        if let Some(refusal) = refusal_in(error) {
            return Self::Refused(refusal);
        }
        Self::Failed(if error.is_timeout() {
            Failure::Timeout
        } else if error.is_dns() {
            Failure::Name
        } else if error.is_connect() {
            Failure::Connection
        } else {
            Failure::Broken
        })
    }
}

/// The guard's refusal, where the resolver's answer is somewhere among the causes.
fn refusal_in(error: &reqwest::Error) -> Option<Refusal> {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(refusal) = inner.downcast_ref::<Refusal>() {
            return Some(*refusal);
        }
        cause = inner.source();
    }
    None
}

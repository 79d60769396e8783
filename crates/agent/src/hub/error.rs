//! What can go wrong between the borough and the hub, in words that say what to do.

use std::error::Error;
use std::time::Duration;

use super::answer::Problem;

/// A call to the hub failed.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The address will not do.
    #[error("the hub's address cannot be used: {reason}")]
    Address {
        /// Why not.
        reason: &'static str,
    },
    /// A setting of the connection will not do.
    #[error("the {what} setting cannot be used")]
    Setup {
        /// Which.
        what: &'static str,
        /// Why not.
        source: reqwest::Error,
    },
    /// Nothing listens there.
    #[error("nothing answers at {hub}: the connection was refused. Is the address right, and is the hub running?")]
    ConnectionRefused {
        /// Where.
        hub: String,
    },
    /// The other end is not trusted.
    #[error(
        "the certificate of {hub} is not trusted by this machine. If the council inspects its own traffic, put its \
         authority's certificate in ca_certificate of the settings"
    )]
    Untrusted {
        /// Where.
        hub: String,
        /// Why.
        source: reqwest::Error,
    },
    /// No answer in time.
    #[error("{hub} did not answer in time, {tries} times over. Nothing was lost: run the same command again")]
    TimedOut {
        /// Where.
        hub: String,
        /// How often it was tried.
        tries: u32,
    },
    /// The hub cannot be reached.
    #[error(
        "{hub} cannot be reached. Does the name resolve here, and may this machine go out to it (proxy, firewall)?"
    )]
    Unreachable {
        /// Where.
        hub: String,
        /// Why.
        source: reqwest::Error,
    },
    /// The hub does not know the client, or does not believe it.
    #[error(
        "the hub does not accept client {client_id}: {detail}. Ask its operator whether this id is registered with the key \
         that `hub-agent jwk` prints, and check this machine's clock"
    )]
    NotAccepted {
        /// The client id.
        client_id: String,
        /// What the hub says.
        detail: String,
    },
    /// The hub refused the request, and says why.
    #[error("{0}")]
    Refused(Box<Problem>),
    /// The hub was busy or failing each time.
    #[error(
        "the hub could not take it, {tries} times over ({status}). Nothing was lost: run the same command again later"
    )]
    Busy {
        /// The last status.
        status: u16,
        /// How often it was tried.
        tries: u32,
    },
    /// The answer is not what a hub answers.
    #[error("the answer is not a hub's ({0}). Is the address right?")]
    NotAHub(String),
    /// The report was not ready in time.
    #[error("submission {id} is still being checked after {} s. It is safe; ask again with `hub-agent status {id}`", waited.as_secs())]
    StillRunning {
        /// The submission.
        id: String,
        /// How long it was waited for.
        waited: Duration,
    },
    /// The body could not be compressed, or the assertion signed.
    #[error("the request could not be made ready: {0}")]
    Prepare(&'static str),
}

impl HubError {
    /// True when trying again, unchanged, may succeed.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::ConnectionRefused { .. } | Self::TimedOut { .. } | Self::Unreachable { .. } | Self::Busy { .. }
        )
    }

    /// Why a try failed, in a few words, while there are more to come.
    pub fn brief(&self) -> String {
        if let Self::Busy { status, .. } = self {
            format!("the hub is busy (status {status})")
        } else if let Self::TimedOut { .. } = self {
            "no answer in time".to_owned()
        } else if let Self::ConnectionRefused { .. } = self {
            "the connection was refused".to_owned()
        } else {
            "the hub cannot be reached".to_owned()
        }
    }

    /// What a failed send means.
    pub(crate) fn from_send(hub: &str, tries: u32, source: reqwest::Error) -> Self {
        let hub = hub.trim_end_matches('/').to_owned();
        if source.is_timeout() {
            return Self::TimedOut { hub, tries };
        }
        match io_kind(&source) {
            Some(std::io::ErrorKind::ConnectionRefused) => Self::ConnectionRefused { hub },
            // The TLS library reports a bad certificate as data that is not valid.
            Some(std::io::ErrorKind::InvalidData) if source.is_connect() => Self::Untrusted { hub, source },
            _ => Self::Unreachable { hub, source },
        }
    }
}

/// The kind of the innermost I/O error behind an error.
fn io_kind(error: &(dyn Error + 'static)) -> Option<std::io::ErrorKind> {
    let mut kind = None;
    let mut next = Some(error);
    while let Some(error) = next {
        kind = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind).or(kind);
        next = error.source();
    }
    kind
}

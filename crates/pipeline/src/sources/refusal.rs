//! Why something is not done to a source.

use hub_store::StoreError;
use hub_webhook::Refusal;

use super::MOST;
use crate::Fault;

/// Why something is not done to a source.
#[derive(Debug, thiserror::Error)]
pub enum SourceRefusal {
    /// The authority has none of that id.
    #[error("no such source")]
    NotFound,
    /// The address may not be called.
    #[error("the address may not be called: {}", .0.code())]
    Address(Refusal),
    /// The pattern is no cron pattern.
    #[error("the pattern is not a cron pattern of five fields: {0}")]
    Pattern(String),
    /// The dataset is not this sender's to send.
    #[error("the dataset is not this sender's to send")]
    Dataset,
    /// A credential is named and not given, or given and not named.
    #[error("a credential is both named and given, or neither")]
    Credential,
    /// The days of a window go with the mode window, 1 to 1,000.
    #[error("window_days goes with mode window, and is 1 to 1000")]
    Window,
    /// What lies there cannot be read: the word says why.
    #[error("nothing could be read there: {0}")]
    Unreadable(&'static str),
    /// The authority has as many sources as it may.
    #[error("an authority has {MOST} sources at most")]
    TooMany,
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StoreError> for SourceRefusal {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

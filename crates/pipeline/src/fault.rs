//! Faults: what went wrong that no caller can mend.

use hub_store::StoreError;

/// A fault of the hub, its database or its disk. Callers are told that it happened, operators what.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// A temporary file.
    #[error("a temporary file failed")]
    Io(#[from] std::io::Error),
    /// The process is stopping, or a piece of work stopped short.
    #[error("the work was stopped")]
    Stopped,
    /// Somebody else wrote first: the same work will go through when run again.
    #[error("somebody else wrote first")]
    Overtaken,
    /// It rests on what was deleted when its period had passed, or was erased.
    #[error("it rests on what is kept no longer")]
    Forgotten,
    /// Something that the hub itself wrote does not read back: a bug.
    #[error("inconsistent: {0}")]
    Inconsistent(&'static str),
}

impl Fault {
    /// Whether running the same work again may succeed.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Store(error) => error.is_retryable(),
            Self::Stopped | Self::Overtaken => true,
            Self::Io(_) | Self::Forgotten | Self::Inconsistent(_) => false,
        }
    }
}

//! Why a statement is not taken.

use hub_notices::GiveRefusal;
use hub_notices::statement::Wrong;
use hub_store::StoreError;

use crate::Fault;

/// Why a statement is not taken. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum StateRefusal {
    /// There is no such notice, or it is not this authority's.
    #[error("no such notice")]
    NotFound,
    /// Fields are missing, or do not read, or contradict one another.
    #[error("the statement is not complete")]
    Incomplete(Vec<Wrong>),
    /// It says in clear what only the host may know.
    #[error("the statement says in clear what must be sealed")]
    OverCollected(Vec<Wrong>),
    /// The notice does not allow it.
    #[error(transparent)]
    Refused(GiveRefusal),
    /// The key was used for another request.
    #[error("the key was used for another request")]
    KeyReused,
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StoreError> for StateRefusal {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

use hub_store::StoreError;

use super::jws::Untrusted;

/// What can go wrong with identity that is nobody's doing outside.
#[derive(Debug, thiserror::Error)]
pub enum IdentityFault {
    /// The store.
    #[error("the identity store failed")]
    Store(#[from] StoreError),
    /// A key or record of the hub's own does not read as one.
    #[error("the hub's own key material is unusable: {0}")]
    Material(String),
}

impl From<Untrusted> for IdentityFault {
    fn from(fault: Untrusted) -> Self {
        Self::Material(fault.to_string())
    }
}

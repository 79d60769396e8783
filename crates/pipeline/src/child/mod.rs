//! What the hub holds of one child, for the authority whose child it is: handed out whole, or erased, in one call (UK GDPR
//! articles 15, 17 and 20, which the authority answers as controller).
//!
//! The hub knows a child by the borough's keyed pseudonym alone, and each authority's children only by its own. Both calls
//! leave an entry in the authority's audit chain, in which the child is named by a digest: who has the pseudonym can find it,
//! and nobody else can read it.

mod erase;
mod export;
mod find;

use aws_lc_rs::digest::{SHA256, digest};
use hub_domain::Timestamp;
use serde::Serialize;

use crate::Fault;
use crate::receive::hex;

pub use erase::{Erased, erase};
pub use export::{Held, HeldNotice, HeldRecord, export};

/// What an entry calls handing out.
pub const EXPORTED: &str = "child.exported";
/// What an entry calls erasing.
pub const ERASED: &str = "child.erased";

/// How an entry in the audit chain names a child.
pub fn subject(child_ref: &str) -> String {
    format!("child/{}", hex(digest(&SHA256, child_ref.as_bytes()).as_ref()))
}

/// Something that stays, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stays {
    /// What, in words.
    pub what: &'static str,
    /// How many.
    pub count: u64,
    /// The rule that keeps it.
    pub why: &'static str,
    /// When it may go, where that is known.
    pub until: Option<Timestamp>,
}

/// Why nothing of a child is handed out or erased.
#[derive(Debug, thiserror::Error)]
pub enum ChildRefusal {
    /// The hub holds nothing of such a child of this authority.
    #[error("nothing is held of such a child")]
    Unknown,
    /// It is not to be erased yet.
    #[error("what is held of the child stays")]
    Stays(Vec<Stays>),
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<hub_store::StoreError> for ChildRefusal {
    fn from(error: hub_store::StoreError) -> Self {
        Self::Fault(error.into())
    }
}

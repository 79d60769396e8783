//! Sealed details as the hub sees them from outside: whose public key, and whether the bytes are an age v1 file.
//!
//! Nothing here can open an envelope: there is no decryption in this crate, and no identity is ever read.

mod header;
mod recipient;

pub use header::{Header, LONGEST_HEAD, NotAnEnvelope};
pub use recipient::{Fingerprint, NotARecipient, Recipient};

use hub_domain::words;

words! {
    /// What kind of envelope it is; each kind is superseded by its own next version.
    EnvelopeKind("kind of envelope") {
        /// Tier 3: who the child is, the carer, the risks, the plan.
        Details = "details", "Details";
        /// An address that is protected: it needs a second, recorded step before it is handed out.
        ProtectedAddress = "protected_address", "Protected address";
    }
}

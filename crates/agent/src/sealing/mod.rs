//! Sealed details: who a child is, where, with whom, and what is to be known of them, encrypted on this machine to the
//! host's public key and opened on the host's. The hub between them has no key.
//!
//! The envelope is an age v1 file (<https://c2sp.org/age>) of a tar archive: `manifest.json`, the sender's signature of it,
//! then `attachments/…`, padded with noughts to one of a few sizes. `age -d -i sealing.key 1.age | tar -x` opens it without this program.

mod contents;
mod details;
mod envelope;
mod identity;
mod journal;
mod local;
mod signers;
mod signing;
mod template;
mod trust;
mod whereabouts;

pub(crate) use contents::sha256;
pub use contents::{Attached, Attachment, Contents, ContentsError, MOST_BYTES, Manifest};
pub use details::{Details, DetailsError, Share};
pub use envelope::{SealError, open, seal};
pub use identity::{Identities, IdentityError};
pub use journal::{Files, Journal, JournalError};
pub use signers::{SignerError, Signers};
pub use signing::{SignatureError, SigningKey};
pub use template::template;
pub use trust::{Trust, TrustError};
pub use whereabouts::WhereaboutsError;

pub use hub_notices::SealedPart;
pub use hub_notices::envelope::{EnvelopeKind, Fingerprint, Recipient};

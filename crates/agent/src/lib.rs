//! What runs at the borough: reads its SSDA903 return and its other extracts, degrades and
//! pseudonymises them, judges them by the hub's own contracts, and submits them.
//!
//! Case numbers, dates of birth, full postcodes and the pseudonym key stay on this machine: only the
//! bytes of [`prepare::Prepared::csv`] leave it. This crate and `webhook` are the only ones that name
//! the HTTP client.

mod cell;
mod check;
pub mod command;
pub mod daily;
mod feed;
pub mod finding;
pub mod hub;
pub mod journal;
pub mod keys;
pub mod mapping;
pub mod postcode;
pub mod prepare;
pub mod pseudonym;
pub mod report;
mod return903;
pub mod returned;
#[cfg(feature = "sealing")]
pub mod sealing;
pub mod settings;
pub mod source;
pub mod trace;

pub use hub::{Connection, HubClient, HubError, Parcel, Retry, Submission, Submitted};
pub use journal::Journal;
pub use mapping::Mapping;
pub use prepare::{Options, Preparation, Prepared, prepare};
pub use pseudonym::PseudonymKey;
pub use source::Input;

//! Calls to addresses that others name: webhooks are signed and sent, files are fetched, and dangerous addresses are refused.
//!
//! The way of one delivery: a [`CloudEvent`] becomes bytes that are kept for every attempt;
//! [`Guard::admit`] turns a registered address into an [`Endpoint`]; [`prepare`] signs the bytes for
//! one attempt; [`Sender::send`] takes only what was prepared; [`next_attempt`] says when to try again.
//!
//! This room knows no store and no clock. It never shows a receiver's answer to anybody, and its
//! `Debug` output shows neither a key nor the path of an address.

pub mod event;
pub mod fetch;
pub mod guard;
pub mod keys;
pub mod retry;
pub mod send;
pub mod signature;
pub mod verify;

pub use event::{CloudEvent, EventType, Subject};
pub use fetch::{Credential, Fetch, FetchFailure, Fetched, Fetcher, Fetching, Wanted};
pub use guard::{Allowance, Endpoint, Guard, Refusal};
pub use keys::{Jwk, SharedSecret, SigningKey, VerifyingKey};
pub use retry::{Next, RetryAfter, next_attempt};
pub use send::{Carry, Carrying, Failure, Limits, Message, Outcome, Prepared, Sender, Verdict, prepare};
pub use signature::{SignedHeaders, Signer, sign};
pub use verify::{Received, Unverified, Verifier, verify};

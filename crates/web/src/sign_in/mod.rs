//! Signing in: OpenID Connect's authorisation code flow with PKCE, against one issuer that the operator names.
//!
//! The hub is a confidential or a public client there; what it believes is an ID token whose signature, issuer, audience,
//! times and nonce are right (`hub_pipeline::identity::person`). The cookie that begins a sign-in is its secret: `state`,
//! `nonce` and the PKCE verifier are derived from it, so that a code is worth nothing in another browser, and the hub keeps
//! nothing but its hash.

mod discovery;
mod pages;
mod provider;

pub(crate) use pages::{ask, begin, come_back, leave};
pub use provider::{Provider, ProviderError, ProviderSettings};

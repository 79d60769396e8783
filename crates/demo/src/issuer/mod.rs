//! The demonstration's own issuer of accounts: OpenID Connect as councils' issuers speak it, but that anybody is whoever
//! they choose to be. Only `hub demo` and tests open it; what serves a region has no way to.
//!
//! The hub treats it as any other: it sends the browser here, exchanges the code over HTTP, and verifies the ID token by the
//! key that is published here.

mod code;
mod page;
mod personas;
mod serve;
mod token;

pub use personas::{Persona, personas};
pub use serve::{Accounts, CLIENT, PLACE, accounts};

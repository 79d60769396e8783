//! People: an account at their council's issuer, and a session at the hub.
//!
//! A sign-in is begun ([`begin`]), its answer is spent once ([`spend`]), the ID token is verified ([`accept()`]), and whoever it
//! names gets a session ([`enter`]). [`who`] turns a session's token back into a [`Person`], whose
//! `Principal` is of the same type as a client's: what an authority is opened by is the same
//! for people and programs.
//!
//! Of a session's token and of a sign-in's secret the store keeps SHA-256 only. Every replica knows both.

mod accept;
mod expectation;
mod key_set;
mod rules;
mod session;
#[cfg(test)]
mod tests;

pub use accept::{Accepted, Unbelieved, accept};
pub use expectation::{Expectation, begin, spend};
pub use rules::Rules;
pub use session::{Entered, EntryRefusal, Person, enter, leave, note, who};

/// The store's name of a secret: SHA-256, in hexadecimal.
fn place(secret: &str) -> String {
    super::secret::hash(secret).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

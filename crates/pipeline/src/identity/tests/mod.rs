//! What the token endpoint and the token check must refuse, and what they must not.

mod attacks;
mod clients;
mod keys;
mod stage;

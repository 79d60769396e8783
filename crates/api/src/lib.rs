//! JSON over HTTP: routes, callers, problems.
//!
//! A handler is a paragraph: its signature says who may call it and what the request holds ([`extract`]), its body asks a
//! use case of `hub-pipeline` and answers. Every refusal is a [`Problem`]; which status belongs to which is decided in
//! one file. Work that writes runs in a task that a caller's hanging up cannot cancel. [`ROUTES`] is the list of all
//! there is and who may call it; the gate refuses what is not on it.
//!
//! This room knows no SQL: it reads through `hub-store` and changes things through `hub-pipeline` only.

mod accept;
pub mod extract;
mod gate;
mod limit;
mod openapi;
mod page;
mod problem;
mod route;
mod router;
mod routes;
mod serve;
mod sheet;
mod state;
#[cfg(test)]
mod tests;
mod webhooks;

pub use problem::{KINDS, Kind, Problem};
pub use router::{openapi, router};
pub use routes::{ROUTES, Route, Who};
pub use serve::serve;
pub use state::{Api, RenderMetrics};

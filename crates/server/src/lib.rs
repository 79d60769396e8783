//! The binary `hub`: settings, telemetry, wiring and commands.
//!
//! [`wire`] makes a running hub out of the other crates; [`command`] is what a person types. Nothing is decided here
//! that a use case in `hub-pipeline` could decide.

pub mod command;
mod screen;
mod settings;
mod telemetry;
pub mod wire;

pub use settings::DEFAULT_DATABASE;

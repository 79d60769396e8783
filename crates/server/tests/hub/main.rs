#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test says so by failing")]
//! The binary as a person runs it.

mod add_a_dataset;
mod clients;
mod contracts;
mod demo;
mod doctor;
mod filled;
mod kept;
mod lists;
mod market;
mod serve;
mod support;
mod usage;
mod validate;

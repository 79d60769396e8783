//! What the hub keeps. The only crate that names the SQL library.
//!
//! `db` alone knows that there are two databases; every other module writes each statement once, in the portable
//! subset, names it, and runs it over a [`Link`]. Functions that only read take `&mut Link`; functions that write take
//! `&mut Tx`, and whoever began the transaction commits it.

use async_recursion::async_recursion as boxed;

mod batch;
mod db;
mod pairs;
mod registry;

pub mod audit;
pub mod delivery;
pub mod endpoint;
pub mod envelope;
pub mod event;
pub mod holiday;
pub mod idempotency;
pub mod identity;
pub mod job;
pub mod ladder;
pub mod member;
pub mod notice;
pub mod population;
pub mod reading;
pub mod reconciliation;
pub mod record;
pub mod release;
pub mod retention;
pub mod schedule;
pub mod sealing;
pub mod source;
pub mod statement;
pub mod submission;
pub mod trend;

#[cfg(feature = "testing")]
pub use db::testing;
/// Whole tables: what backups are made of.
pub mod tables {
    pub use crate::db::{Cell, Column, Kind, Shape, Value};
}

pub use db::{Cause, Checked, Link, Read, Settings, Store, StoreError, Tx};

//! Work to be done: queued in the transaction that causes it, held under a lease while it runs.
//!
//! A lease is a compare-and-set on `(authority, id, attempt, state)`: whoever finds the row as it was read has it, and
//! every later word about it must name the same attempt, so a worker that lost its lease changes nothing.

mod lease;
mod list;
mod queue;
mod row;

pub use lease::{claim, fail, finish, hand_back, holders, renew};
pub use list::{due, find, list, oldest_due};
pub use queue::{NewJob, enqueue};
pub use row::{Job, State};

use crate::db::Statement;

/// Every statement of the module.
pub(crate) const ALL: &[&[Statement]] = &[lease::ALL, list::ALL, queue::ALL];

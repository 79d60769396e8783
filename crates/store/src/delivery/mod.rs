//! The outbox: what is to be sent to whom, under the authority that is told, and every attempt at it.
//!
//! Sending holds a lease, not a lock: [`due()`] reads, [`claim_many`] takes by compare-and-set, the sender talks to
//! strangers with no transaction open, and [`settle_many`] says what came of it, many deliveries to a transaction.

mod attempt;
mod claim;
mod due;
mod enqueue;
mod list;
mod row;
mod settle;

pub use attempt::{Attempt, attempts};
pub use claim::{claim_many, hand_back, holders, replay};
pub use due::{Backlog, Due, backlog, due};
pub use enqueue::{NewDelivery, enqueue_many};
pub use list::{Stats, by_notice, find, late, of_notice, refused, stats};
pub use row::{Delivery, State};
pub use settle::{Next, Settled, settle_many};

use crate::db::Statement;

/// Every statement of the module.
pub(crate) const ALL: &[&[Statement]] = &[attempt::ALL, claim::ALL, due::ALL, enqueue::ALL, list::ALL, settle::ALL];

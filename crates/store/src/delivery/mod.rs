//! The outbox: what is to be sent to whom, under the authority that is told, and every attempt at it.
//!
//! Sending holds a lease, not a lock: [`due()`] reads, [`claim_many`] takes by compare-and-set, the sender talks to
//! strangers with no transaction open, and [`settle_many`] says what came of it, many deliveries to a transaction.

mod attempt;
mod claim;
mod due;
mod enqueue;
mod late;
mod list;
mod log;
mod row;
mod settle;

pub use attempt::{Attempt, attempts};
pub use claim::{claim_many, hand_back, hasten, holders, release_many, replay, replay_since};
pub use due::{Backlog, Due, backlog, dead, due};
pub use enqueue::{NewDelivery, enqueue_many};
pub use late::{Late, hopeless, late_endpoints};
pub use list::{Stats, by_notice, find, of_notice, refused, stats};
pub use log::{Filter, locate, log};
pub use row::{CHALLENGE, Delivery, PING, State};
pub use settle::{Next, Settled, give_up_many, settle_many, spare_challenges};

use crate::db::Statement;

/// Every statement of the module.
pub(crate) const ALL: &[&[Statement]] =
    &[attempt::ALL, claim::ALL, due::ALL, enqueue::ALL, late::ALL, list::ALL, log::ALL, settle::ALL];

//! Where the hub collects feeds itself, and what came of each time.

mod change;
mod collection;
mod list;
mod row;

pub use change::{Settled, insert, queue, remove, seal, set_paused, settle};
pub use collection::{Collection, Outcome, collections, record};
pub use list::{active, all, find, list, locate};
pub use row::{Source, State};

use crate::db::Statement;

/// Every statement of the module.
pub(crate) const ALL: &[&[Statement]] = &[change::ALL, collection::ALL, list::ALL];

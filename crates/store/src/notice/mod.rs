//! Notices, and the append-only history of each. Kept under the placing authority; read by it and by the host.
//!
//! Every write is a compare-and-set on `revision`: the placing authority's feed and the host's answer may meet.

mod history;
mod inbox;
mod known;
mod late;
mod list;
mod row;
mod save;
mod watch;

pub use history::{NoticeEvent, append_event, append_events, events};
pub use inbox::{find_for_host, inbox};
pub use known::{by_ids, children, each, ended_since, held, placers};
pub use late::{authorities, late, tell_late};
pub use list::{Filter, by_children, find, overdue, sent};
pub use row::NoticeRow;
pub use save::{insert, save_many, update};
pub use watch::{Leaf, hosted, placed, started_hosted, started_placed, watched};

use crate::db::Statement;

/// Every statement of the module.
pub(crate) const ALL: &[&[Statement]] =
    &[history::ALL, inbox::ALL, known::ALL, late::ALL, list::ALL, save::ALL, watch::ALL];

//! What was submitted, by whom, and what was decided of it.

mod decide;
mod find;
mod payload;
mod row;
mod state;
mod write;

pub use decide::{Decision, Expect, confirm, decide, report, supersede};
pub use find::{
    Applied, Content, Filter, applied, find, first_of_night, has_undecided_before, last_decided, last_received,
    latest_applied, latest_standing, list, locate, same_content, sequences,
};
pub use payload::{drop_payload, payload_piece, put_payload};
pub use row::{Counts, Submission};
pub use state::{State, Verdict};
pub use write::{insert, lock, next_seq};

use crate::db::Statement;

/// Every statement of the module.
pub(crate) const ALL: &[&[Statement]] = &[find::ALL, write::ALL, decide::ALL, payload::ALL];

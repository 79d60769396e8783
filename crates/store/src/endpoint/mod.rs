//! Where an authority wants its notices sent: proved before it is used, paused and resumed by people, its health kept.

mod change;
mod health;
mod list;
mod row;

pub use change::{
    Details, Rotation, challenge, describe, disable, insert, nudge, pause, remove, resume, rotate, seal, seal_old,
    tell_late, verify,
};
pub use health::{BREAK, Health, note_many};
pub use list::{all, all_failing_since, all_late, find, list, listening, locate};
pub use row::{Endpoint, Scheme, State};

use crate::db::Statement;

/// Every statement of the module.
pub(crate) const ALL: &[&[Statement]] = &[change::ALL, health::ALL, list::ALL];

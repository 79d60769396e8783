//! The host's desk: which children others have placed in the area, what is known of each, by when it must be said, and what
//! the desk says back. Everything is asked and done as one host authority of the person's; somebody else's notice is not
//! there.

mod answer;
mod inbox;
mod notice;
mod overdue;
mod register;
mod sealed;
mod tone;

pub(crate) use answer::{acknowledge, dispute, open, query};
pub(crate) use inbox::{inbox, short};
pub(crate) use notice::{clock_table, history_table, notice};
pub(crate) use overdue::overdue;
pub(crate) use register::register;
pub(crate) use sealed::download;
pub(crate) use tone::{clock_cell, pressing, state_cell};

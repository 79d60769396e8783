//! What every page has around it: head, navigation by role, the person's name, and the words when there is no page.

mod choice;
mod format;
mod page;
mod paging;
mod shell;
mod table;

pub(crate) use choice::{Choice, choices};
pub(crate) use format::{ago, date, day_count, name_of, plural, when};
pub(crate) use page::{Page, Seen, lead_to};
pub(crate) use paging::Paging;
pub(crate) use shell::{admits, refuse};
pub(crate) use table::{Cell, Head, Table, Tone};

//! Notices: what a host is told, what a placing authority told, and what was tried.

mod answer;
mod clock;
mod give;
mod list;
mod view;

pub(crate) use answer::*;
pub(crate) use give::*;
pub(crate) use list::*;
pub(crate) use view::{AttemptView, AuthorityName};

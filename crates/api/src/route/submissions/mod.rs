//! Submissions: sent, looked at, confirmed, withdrawn.

mod findings;
mod linger;
mod look;
mod send;
mod upload;
mod view;

pub(crate) use findings::*;
pub(crate) use linger::linger;
pub(crate) use look::*;
pub(crate) use send::*;
pub(crate) use upload::take as take_body;

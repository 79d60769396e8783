//! The operator's pages: who takes part and who may call, whether last night's feeds came, what runs when and what did not,
//! what could not be delivered, and what the release gate said. Nothing of any child.

mod audit;
mod feeds;
mod letters;
mod overview;
mod people;
mod releases;
mod work;

pub(crate) use audit::audit;
pub(crate) use feeds::feeds;
pub(crate) use letters::{letters, replay};
pub(crate) use overview::overview;
pub(crate) use people::people;
pub(crate) use releases::releases;
pub(crate) use work::work;

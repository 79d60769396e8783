//! The borough's desk: which feeds came, what was found in each and how to mend it, what the authority has still to give
//! notice of, and who has looked at its data. Everything is asked and done as one authority of the person's.

mod check;
mod compare;
mod deed;
mod feeds;
mod found;
mod looked;
mod notices;
mod submission;
mod submissions;
mod upload;
mod words;

pub(crate) use check::{ask, check};
pub(crate) use deed::{confirm, withdraw};
pub(crate) use feeds::feeds;
pub(crate) use found::findings;
pub(crate) use looked::looked;
pub(crate) use notices::{notice, notices};
pub(crate) use submission::submission;
pub(crate) use submissions::submissions;
pub(crate) use words::{arrival_cell, dataset_name, verdict_cell};

//! The DfE's rules over the SSDA903 return itself, before anything of it is degraded: they run at the borough, for the
//! columns they read (dates of birth, UPN, health, adoption) never leave it.
//!
//! Feeding it: make a [`Return`] for the year at hand — and one for the year before, if it is there — and for each file
//! [`Return::table`], [`Table::begin`] with the file's name and headings, then [`Table::push`] for every row with the line it
//! stands on. Cells are read once, as they are pushed; nothing of the file need be kept. Then [`judge`] sorts every table by
//! child and sweeps once. Adding a rule is one entry in a list under `rules`: its number, its words, its test, and a sample that
//! trips it beside one that does not.

mod cell;
mod child;
mod frame;
mod page;
mod rule;
mod rules;
#[cfg(test)]
mod sample;
mod sweep;
mod table;
mod verdict;

pub use frame::Frame;
pub use page::{return_rules, rules_page};
pub use rule::{Level, ReturnRule};
pub use sweep::judge;
pub use table::{Return, Table, TableName};
pub use verdict::{NotRun, ReturnFinding, Verdict};

//! The API as a caller meets it, over a real store.

mod checks;
mod document;
mod figures;
mod gate;
mod persona;
mod refusals;
mod register;
mod sealed;
mod sending;
mod serving;
mod stage;
mod tokens;

//! The release gate: tables and a policy in, tables that may leave out.
//!
//! A count between one and the threshold is hidden; further cells are hidden until no line of any
//! linked table gives it back; then the gate attacks its own answer and refuses what it cannot prove.
//! Only [`gate()`] makes a [`Gated`], so that "published" implies "protected" by type.
//!
//! What is proved: for every cell hidden on its own account there are other whole, possible counts —
//! the gate exhibits them — that agree with everything shown in the release and differ in that cell
//! by more than the policy's protection. What is not: nothing is remembered from one release to the
//! next, an insider who knows some rows is not modelled, and a shown zero is taken to be safe.
//!
//! This crate knows nothing of children, does no I/O, and must never keep or print a hidden value
//! past the gate.

mod attack;
mod check;
mod cube;
mod gate;
mod hide;
mod policy;
mod render;
mod system;
mod table;
mod walk;

#[cfg(test)]
mod trials;

pub use cube::{Cube, Dimension, Node, Rename};
pub use gate::{Gated, GatedTable, Refused, Shown, ShownRow, Utility, gate};
pub use policy::Policy;
pub use render::{MARKER, Stamp};
pub use table::{Cell, DefinitionRef, Line, Row, Table};

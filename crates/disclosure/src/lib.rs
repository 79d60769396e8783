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
mod audit;
mod check;
mod cube;
mod exposure;
mod gate;
mod hide;
mod known;
mod linear;
mod policy;
mod render;
mod system;
mod table;
mod walk;

#[cfg(test)]
mod trials;

pub use audit::{Audit, audit};
pub use cube::{Cube, Dimension, Node, Rename};
pub use exposure::Exposure;
pub use gate::{Gated, GatedTable, OwnTable, Refused, Shown, ShownRow, Utility, gate, gate_knowing};
pub use known::{Forgotten, Known, Memory, REMEMBERED, Remembered, Shares};
pub use policy::Policy;
pub use render::{MARKER, Stamp};
pub use table::{Cell, DefinitionRef, Line, Row, Table};

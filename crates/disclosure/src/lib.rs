//! The release gate: tables and a policy in, tables that may leave out.
//!
//! A count between one and the threshold is hidden; further cells are hidden until no line of any
//! linked table gives it back; then the gate attacks its own answer and refuses what it cannot prove.
//! Only [`gate()`] makes a [`Gated`], so that "published" implies "protected" by type.
//!
//! What is proved: for every count hidden on its own account there are other whole, possible counts —
//! the gate exhibits them — that agree with everything shown in the release and differ in that cell
//! by more than the policy's protection; to readers, and to each contributor that knows its own rows.
//! Costs are ruled by what stands behind them ([`Cell::Cost`]). What is not: contributors that pool
//! what they know are not modelled, and a shown zero is taken to be safe.
//!
//! This crate knows nothing of children, does no I/O, and must never keep or print a hidden value
//! past the gate.

mod attack;
mod audit;
mod behind;
mod check;
mod costs;
mod cube;
mod exposure;
mod fate;
mod gate;
mod hide;
mod kept;
mod known;
mod linear;
mod policy;
mod render;
mod stake;
mod system;
mod table;
mod walk;

#[cfg(test)]
mod trials;

pub use audit::{Audit, Reading, audit};
pub use behind::Contributors;
pub use cube::{Cube, Dimension, Node, Rename};
pub use exposure::Exposure;
pub use gate::{Gated, GatedTable, OwnTable, Refused, Shown, ShownRow, Utility, gate, gate_knowing};
pub use known::{Forgotten, Known, Memory, REMEMBERED, Remembered, Shares};
pub use policy::{CostRule, Policy};
pub use render::{HELD, MARKER, PROVENANCE, Stamp, csv_line, plain};
pub use stake::Stake;
pub use table::{Cell, DefinitionRef, Line, Row, Table};

//! The runner and the sweeper against a real queue.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up should stop")]

mod fair;
mod runner;
mod support;
mod sweep;

//! Work that is done later: schedules say what is due, the queue in the store keeps it, the runner does it.
//!
//! * [`schedule`] is arithmetic: which slots of a cron pattern are due, in London's time.
//! * [`Sweeper`] turns due slots into queued jobs, each slot once, whatever the number of replicas: the
//!   ledger's key decides, not a leader.
//! * [`heartbeat()`] calls the sweeper every 15 seconds.
//! * [`Runner`] leases queued jobs and runs their handlers: at least once, so handlers are idempotent.
//!
//! What a job does is not known here. Handlers are registered by whoever wires the process.

pub mod runner;
pub mod schedule;

mod heartbeat;
mod sweep;

pub use heartbeat::{BEAT, HeartbeatError, heartbeat};
pub use runner::{JobContext, JobError, Runner, Stopped, Tally, Wake};
pub use schedule::{Misfire, Schedule};
pub use sweep::{Plan, ScheduledSlot, SweepError, Sweeper, lag};

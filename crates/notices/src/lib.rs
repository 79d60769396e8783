//! Out-of-area notices: who is told of a child placed in their area, by when, and in what state each
//! notice is (Care Planning, Placement and Case Review Regulations 2010, regs 11, 13 and 14).
//!
//! A placing authority's believed episodes become [stays](stay), stays become the notices that should
//! exist, and the difference from those held becomes [changes](plan()). Nothing here reads a clock,
//! sends, or stores; times and settings are arguments.

pub mod alert;
pub mod clock;
pub mod deadline;
pub mod details;
pub mod envelope;
pub mod give;
pub mod ladder;
pub mod meant;
pub mod notice;
pub mod payload;
pub mod plan;
pub mod reconcile;
pub mod register;
pub mod reschedule;
pub mod rules;
pub mod sealed;
mod settle;
pub mod standing;
pub mod state;
pub mod statement;
pub mod stay;
pub mod terms;
pub mod timeliness;

pub use clock::{Clock, ClockKind, ClockStatus, clocks};
pub use deadline::{Basis, Deadline, Timing};
pub use details::Details;
pub use give::{Admitted, GiveRefusal, give};
pub use ladder::{Audience, Awaited, Sight, Step, Watched};
pub use meant::Meant;
pub use notice::{Ending, EndingCause, Flag, HeldReason, Notice, NoticeKind, WithdrawalReason};
pub use payload::NoticeData;
pub use plan::{Event, NoticeChange, plan};
pub use reschedule::{Moved, Rescheduled, reschedule};
pub use rules::{Context, Described, Rules};
pub use sealed::SealedPart;
pub use standing::{Mark, Standing};
pub use state::{DisputeReason, EventKind, NoticeState, Party, Refusal, apply};
pub use statement::{Admission, Given, Outstanding, Stated, Statement, StatementKind, outstanding, outstanding_of};
pub use stay::{Origin, Stay, stays};
pub use terms::Terms;

#[cfg(test)]
mod fixture;

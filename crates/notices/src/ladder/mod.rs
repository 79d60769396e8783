//! The ladder of escalation: which step a notice has reached on a day.
//!
//! A step waits for something: a notice given, an opening, a delivery. What has come is never escalated, so whoever asks
//! again after a step's cause is gone hears nothing of it. Working days are the calendar's; the day of the event is day 0.

mod own;
mod watch;
mod words;

use hub_domain::working::BeyondKnownHolidays;
use hub_domain::{Calendar, Timestamp, london_date};

use crate::{Deadline, Timing};

pub use own::{Unregistered, unregistered_at_home};
pub use watch::{Sight, cause, is_unregistered, unregistered};
pub use words::{Audience, Step};

/// Working days after the due date until the director's office hears of it.
pub const DIRECTOR_AFTER: i32 = 2;
/// Working days after the due date until a placement counts as missing.
pub const COUNTED_AFTER: i32 = 5;
/// Working days in which a host is to open what it was told.
pub const OPEN_WITHIN: u32 = 2;

/// Something that is due, and whether it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Awaited {
    /// By when.
    pub deadline: Deadline,
    /// When it came; `None` while it has not, whatever is said of why.
    pub came: Option<Timestamp>,
}

impl Awaited {
    fn is_waiting(&self) -> bool {
        self.came.is_none()
    }
}

/// What the ladder looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Watched {
    /// Notice of the placement; `None` on a register entry, which has no clock.
    pub placement: Option<Awaited>,
    /// What that notice must include (reg 13(4)(b)), once it was given.
    pub details: Option<Awaited>,
    /// Notice of its end, once it has ended.
    pub ending: Option<Awaited>,
    /// Since when the host could open it; `None` while it is held.
    pub issued_at: Option<Timestamp>,
    /// Nobody has placed the child yet, and perhaps nobody will: a draft, or a consultation. The team is nudged, no more,
    /// and nobody is alarmed.
    pub is_proposed: bool,
    /// The host has opened or answered what was last said.
    pub is_opened: bool,
    /// An address of the host's has refused it for good.
    pub is_bounced: bool,
    /// The child lives there, as far as anyone knows.
    pub is_live: bool,
    /// The child lives there, but the host cannot be told.
    pub is_held: bool,
    /// The host was told, and is an authority no more.
    pub is_host_gone: bool,
    /// The setting is unregistered in law, and the child is under 18.
    pub is_unregistered: bool,
    /// It was taken back, or said by mistake: nothing is awaited.
    pub is_withdrawn: bool,
}

impl Watched {
    /// Whether the notice has reached `step` at `now`. Steps about a home rather than a notice are never reached here.
    ///
    /// # Errors
    /// Where the bank holidays of a year that matters are not known: then nobody can say.
    pub fn has_reached(&self, step: Step, now: Timestamp, calendar: &Calendar) -> Result<bool, BeyondKnownHolidays> {
        if self.is_withdrawn {
            return Ok(false);
        }
        let placed = self.placement.filter(|_| !self.is_proposed);
        let behind = |at_least| is_behind(placed, at_least, now, calendar);
        Ok(match step {
            Step::Nudge => is_near(self.placement, now, calendar)?,
            Step::Overdue => behind(0)?,
            Step::Director => behind(DIRECTOR_AFTER)?,
            Step::Counted => behind(COUNTED_AFTER)?,
            Step::Details => is_behind(self.details, 0, now, calendar)?,
            Step::SilentEnd => is_behind(self.ending, 0, now, calendar)?,
            Step::Unopened => self.is_live && !self.is_opened && self.is_stale(now, calendar)?,
            Step::Undeliverable => self.is_live && !self.is_opened && self.is_bounced,
            Step::HostEnded => self.is_live && self.is_host_gone,
            Step::Unregistered => (self.is_live || self.is_held) && !self.is_proposed && self.is_unregistered,
            Step::Cluster | Step::Worsened => false,
        })
    }

    /// Whole working days in which to open it have passed since the host could.
    fn is_stale(&self, now: Timestamp, calendar: &Calendar) -> Result<bool, BeyondKnownHolidays> {
        let Some(issued_at) = self.issued_at else { return Ok(false) };
        let last = calendar.add_working_days(london_date(issued_at), OPEN_WITHIN)?;
        Ok(london_date(now) > last)
    }
}

/// Time remains, but no more than one working day after today.
fn is_near(awaited: Option<Awaited>, now: Timestamp, calendar: &Calendar) -> Result<bool, BeyondKnownHolidays> {
    let Some(awaited) = awaited.filter(Awaited::is_waiting) else { return Ok(false) };
    let timing = awaited.deadline.timing(None, now, calendar)?;
    Ok(matches!(timing, Timing::Running { working_days_left } if working_days_left <= 1))
}

/// Time is up, and as many working days have begun since.
fn is_behind(
    awaited: Option<Awaited>,
    at_least: i32,
    now: Timestamp,
    calendar: &Calendar,
) -> Result<bool, BeyondKnownHolidays> {
    let Some(awaited) = awaited.filter(Awaited::is_waiting) else { return Ok(false) };
    let timing = awaited.deadline.timing(None, now, calendar)?;
    Ok(matches!(timing, Timing::Overdue { working_days } if working_days >= at_least))
}

#[cfg(test)]
mod tests;

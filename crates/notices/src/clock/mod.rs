//! Clocks: every deadline about a notice, and how the authority stands against it.
//!
//! A clock is met by the notice that was given, not by the feed that happened to show the placement. A dispute stops none.

use hub_domain::working::BeyondKnownHolidays;
use hub_domain::{Calendar, Date, Timestamp, words};
use serde::{Deserialize, Serialize};

use crate::settle::known;
use crate::{Basis, Deadline, Details, Notice, NoticeKind, NoticeState, Rules, Standing, Timing};

words! {
    /// What a clock is for.
    ClockKind("kind of clock") {
        /// Notice to the host before a planned placement.
        Planned = "planned", "Notice before a planned placement";
        /// Notice to the host after an emergency placement.
        Emergency = "emergency", "Notice of an emergency placement";
        /// What that notice must include: needs and care plan.
        Details = "details", "Needs and care plan to the host";
        /// Notice to the host that the placement ended.
        Ending = "ending", "Notice of the ending";
        /// The placement plan, where it could not be made before the start.
        PlacementPlan = "placement_plan", "Placement plan";
        /// The home's own notice of the admission.
        Provider = "provider", "Home's notice of admission";
    }
}

impl ClockKind {
    /// Where the deadline comes from.
    pub const fn source(self) -> &'static str {
        match self {
            Self::Planned | Self::Emergency => "Care Planning Regulations 2010, reg 13(4)(a)",
            Self::Details => "Care Planning Regulations 2010, reg 13(4)(b)",
            Self::Ending => "Care Planning Regulations 2010, reg 14(2)(c) and (4)",
            Self::PlacementPlan => "Care Planning Regulations 2010, reg 9",
            Self::Provider => "hub policy for \"without delay\" (SI 2015/541 reg 41, SI 2023/416 reg 28)",
        }
    }

    /// The length is the hub's policy, not law.
    pub const fn is_policy(self) -> bool {
        matches!(self, Self::Provider)
    }
}

words! {
    /// How a clock stands.
    ClockStatus("status of a clock") {
        /// Not done, and time remains.
        Running = "running", "Running";
        /// Done in time.
        Met = "met", "Met";
        /// Done, but late.
        Late = "late", "Late";
        /// Not done, and time is up.
        Overdue = "overdue", "Overdue";
        /// Late or overdue, and said not to have been reasonably practicable (reg 13(4)(a)).
        NotPracticable = "not_practicable", "Not reasonably practicable";
        /// The days cannot be counted: bank holidays of that year are not loaded.
        Unknown = "unknown", "Not known";
    }
}

/// One clock, as it stands at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// What it is for.
    pub kind: ClockKind,
    /// In time strictly before this instant: a midnight in London.
    pub due_at: Timestamp,
    /// The last whole day that is in time.
    pub last_day: Date,
    /// How it stands.
    pub status: ClockStatus,
    /// Working days: left while it runs, 0 on the last day; negative once past, by how many; 0 when met.
    pub working_days: i32,
    /// When it was done.
    pub given_at: Option<Timestamp>,
    /// Where the deadline comes from.
    pub source: String,
    /// The length is the hub's policy, not law.
    pub policy: bool,
    /// Why it was not reasonably practicable.
    pub reason: Option<String>,
}

/// Every clock of `notice` at `now`. None runs for a register entry, a consultation, a draft, or what was withdrawn.
pub fn clocks(notice: &Notice, now: Timestamp, calendar: &Calendar, rules: &Rules) -> Vec<Clock> {
    if !runs(notice) {
        return Vec::new();
    }
    let at = At { now, calendar };
    [
        host_clock(notice, at),
        details_clock(notice, at),
        plan_clock(notice, at, rules),
        provider_clock(notice, at, rules),
        ending_clock(notice, at),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The clock of notice to the host alone; `None` where none runs.
pub(crate) fn host_clock_at(notice: &Notice, now: Timestamp, calendar: &Calendar) -> Option<Clock> {
    runs(notice).then(|| host_clock(notice, At { now, calendar })).flatten()
}

/// The clock of notice of the ending alone; `None` where none runs.
pub(crate) fn ending_clock_at(notice: &Notice, now: Timestamp, calendar: &Calendar) -> Option<Clock> {
    runs(notice).then(|| ending_clock(notice, At { now, calendar })).flatten()
}

fn runs(notice: &Notice) -> bool {
    notice.kind == NoticeKind::Placement && !matches!(notice.state, NoticeState::Withdrawn | NoticeState::Draft)
}

#[derive(Clone, Copy)]
struct At<'a> {
    now: Timestamp,
    calendar: &'a Calendar,
}

fn host_clock(notice: &Notice, at: At<'_>) -> Option<Clock> {
    let deadline = notice.deadline?;
    let kind = if deadline.basis == Basis::Emergency { ClockKind::Emergency } else { ClockKind::Planned };
    Some(excuse(clock(kind, deadline, notice.given_at(), at), reason(notice)))
}

/// Runs beside it once notice was given, to the same day: a notice without what the regulation wants in it is no more
/// than half of one.
fn details_clock(notice: &Notice, at: At<'_>) -> Option<Clock> {
    let deadline = notice.deadline.filter(|_| notice.details() != Details::NotDue)?;
    let given = notice.details_given();
    // A reason excuses that they come late, never that they do not come.
    Some(excuse(clock(ClockKind::Details, deadline, given, at), reason(notice).filter(|_| given.is_some())))
}

fn reason(notice: &Notice) -> Option<String> {
    notice.not_practicable().map(str::to_owned)
}

/// Runs only where the placing authority speaks: a feed says nothing of the plan.
fn plan_clock(notice: &Notice, at: At<'_>, rules: &Rules) -> Option<Clock> {
    let stated = notice.statement.as_deref().filter(|_| notice.standing() == Standing::Stated)?;
    let deadline = known(Deadline::after_days(notice.start, rules.plan_days, at.calendar))?;
    let made = stated.said.placement_plan_on.and_then(crate::deadline::noon);
    Some(clock(ClockKind::PlacementPlan, deadline, made, at))
}

/// Runs only where the home spoke: nobody else knows that it had to.
fn provider_clock(notice: &Notice, at: At<'_>, rules: &Rules) -> Option<Clock> {
    let admission = notice.admission.as_ref()?;
    let deadline = known(Deadline::after_days(admission.on, rules.provider_days, at.calendar))?;
    Some(clock(ClockKind::Provider, deadline, Some(admission.reported_at), at))
}

/// Met by notice of the intention, or else of the ending itself.
fn ending_clock(notice: &Notice, at: At<'_>) -> Option<Clock> {
    let deadline = notice.ending.as_ref()?.deadline?;
    Some(clock(ClockKind::Ending, deadline, notice.end_given_at(), at))
}

fn clock(kind: ClockKind, deadline: Deadline, given: Option<Timestamp>, at: At<'_>) -> Clock {
    let (status, working_days) = match deadline.timing(given, at.now, at.calendar) {
        Ok(Timing::Running { working_days_left }) => (ClockStatus::Running, working_days_left),
        Ok(Timing::Met) => (ClockStatus::Met, 0),
        Ok(Timing::Late { working_days }) => (ClockStatus::Late, -working_days),
        Ok(Timing::Overdue { working_days }) => (ClockStatus::Overdue, -working_days),
        Err(BeyondKnownHolidays { .. }) => (ClockStatus::Unknown, 0),
    };
    Clock {
        kind,
        due_at: deadline.due_at,
        last_day: deadline.last_day,
        status,
        working_days,
        given_at: given,
        source: kind.source().to_owned(),
        policy: kind.is_policy(),
        reason: None,
    }
}

/// A reason excuses lateness and nothing else.
fn excuse(clock: Clock, reason: Option<String>) -> Clock {
    let late = matches!(clock.status, ClockStatus::Late | ClockStatus::Overdue);
    match reason {
        Some(reason) if late => Clock { status: ClockStatus::NotPracticable, reason: Some(reason), ..clock },
        _ => clock,
    }
}

#[cfg(test)]
mod tests;

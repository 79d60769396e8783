//! Due dates that move because the calendar is now known better: a bank holiday was proclaimed, moved or taken back, or a
//! new year's were loaded.
//!
//! A clock that was met in time is settled and stays as it was. Any other, running, overdue or late, is counted anew: the
//! law counts by the days that were holidays, not by when the hub heard of them.

use hub_domain::{Calendar, Date, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Basis, ClockKind, Deadline, Flag, Notice, NoticeKind, NoticeState, Rules};

/// A due date that moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Whose clock it is.
    pub clock: ClockKind,
    /// When it was due before; none where the days could not be counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was_due_at: Option<Timestamp>,
    /// In time strictly before this instant.
    pub due_at: Timestamp,
    /// The days between its day 0 and its last day, before or now, of which the operator has said that they are bank holidays,
    /// or none after all.
    pub holidays: Vec<Date>,
}

/// A notice whose due dates moved, and which.
#[derive(Debug, Clone, PartialEq)]
pub struct Rescheduled {
    /// As it now stands: no version of its own, since nobody said anything new of the child.
    pub notice: Box<Notice>,
    /// What moved.
    pub moved: Vec<Moved>,
}

/// The notice with its due dates as `calendar` now counts them; `None` where none moves. `said` are the days of which the
/// operator has said anything. A date that can be counted no longer stays as it was.
pub fn reschedule(notice: &Notice, calendar: &Calendar, rules: &Rules, said: &[Date]) -> Option<Rescheduled> {
    if notice.kind != NoticeKind::Placement || notice.state == NoticeState::Withdrawn {
        return None;
    }
    let mut next = Box::new(notice.clone());
    let moved: Vec<Moved> = [placement(&mut next, calendar, rules, said), ending(&mut next, calendar, rules, said)]
        .into_iter()
        .flatten()
        .collect();
    if moved.is_empty() {
        return None;
    }
    let dated = next.deadline.is_some() && next.ending.as_ref().is_none_or(|ending| ending.deadline.is_some());
    next.flags.retain(|flag| *flag != Flag::DeadlineUnknown || !dated);
    Some(Rescheduled { notice: next, moved })
}

fn placement(notice: &mut Notice, calendar: &Calendar, rules: &Rules, said: &[Date]) -> Option<Moved> {
    let (was, now) = (notice.deadline, notice.due(calendar, rules)?);
    if is_met(was, notice.given_at()) || was == Some(now) {
        return None;
    }
    notice.deadline = Some(now);
    let clock = if now.basis == Basis::Emergency { ClockKind::Emergency } else { ClockKind::Planned };
    Some(moved(clock, notice.start, (was, now), said))
}

/// An ending without a due date, though the days could be counted, has none: a home's word alone, or a host's successor.
fn ending(notice: &mut Notice, calendar: &Calendar, rules: &Rules, said: &[Date]) -> Option<Moved> {
    let (came, uncounted) = (notice.end_given_at(), notice.flags.contains(&Flag::DeadlineUnknown));
    let ending = notice.ending.as_mut().filter(|ending| ending.deadline.is_some() || uncounted)?;
    let (was, now) = (ending.deadline, Deadline::ending(ending.on, rules.ending_days, calendar).ok()?);
    if is_met(was, came) || was == Some(now) {
        return None;
    }
    ending.deadline = Some(now);
    Some(moved(ClockKind::Ending, ending.on, (was, now), said))
}

fn moved(clock: ClockKind, day_0: Date, (was, now): (Option<Deadline>, Deadline), said: &[Date]) -> Moved {
    let last = was.map_or(now.last_day, |was| was.last_day.max(now.last_day));
    let between = said.iter().copied().filter(|day| *day > day_0 && *day <= last);
    Moved { clock, was_due_at: was.map(|was| was.due_at), due_at: now.due_at, holidays: between.collect() }
}

fn is_met(deadline: Option<Deadline>, came: Option<Timestamp>) -> bool {
    deadline.zip(came).is_some_and(|(deadline, came)| came < deadline.due_at)
}

impl Notice {
    /// Keeps the due dates of `prior` whose clocks were met in time, where what they are counted from is the same: what a
    /// holiday proclaimed since would make of them tells nobody anything.
    pub(crate) fn keep_met(&mut self, prior: &Self) {
        let counted_alike =
            self.kind == prior.kind && self.start == prior.start && self.is_emergency() == prior.is_emergency();
        let given_alike = (self.given.placement, self.given.released) == (prior.given.placement, prior.given.released);
        if counted_alike && given_alike && is_met(prior.deadline, prior.given_at()) {
            self.deadline = prior.deadline;
        }
        let told_alike = (self.given.intention, self.given.ended) == (prior.given.intention, prior.given.ended);
        let before = prior.ending.as_ref().filter(|before| told_alike && is_met(before.deadline, prior.end_given_at()));
        if let Some((ending, before)) = self.ending.as_mut().zip(before).filter(|(now, before)| now.on == before.on) {
            ending.deadline = before.deadline;
        }
    }
}

#[cfg(test)]
mod tests;

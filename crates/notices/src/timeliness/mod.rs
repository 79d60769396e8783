//! How notice of each placement came, for the monthly table of placing by host authority.

use hub_domain::timeliness::Timeliness;
use hub_domain::{AuthorityCode, Calendar, Date, Timestamp};

use crate::clock::host_clock_at;
use crate::ladder::COUNTED_AFTER;
use crate::{ClockStatus, Notice, NoticeKind, NoticeState};

/// A placement out of area of which notice was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// Who placed.
    pub placing: AuthorityCode,
    /// In whose area.
    pub host: AuthorityCode,
    /// First day: the month it counts in.
    pub on: Date,
    /// How notice came.
    pub outcome: Timeliness,
    /// Working days late, where it came late; 0 over a weekend.
    pub days_late: Option<u32>,
}

/// How notice of a placement came, at `now`. `None` where none was due or nobody can count the days: register entries,
/// drafts, consultations, what was taken back, what waits for a host.
pub fn start(notice: &Notice, now: Timestamp, calendar: &Calendar) -> Option<Start> {
    let counts = notice.kind == NoticeKind::Placement
        && !matches!(notice.state, NoticeState::Draft | NoticeState::Held | NoticeState::Withdrawn);
    let clock = host_clock_at(notice, now, calendar).filter(|_| counts)?;
    let outcome = match clock.status {
        ClockStatus::Met => Timeliness::InTime,
        ClockStatus::Late => Timeliness::Late,
        ClockStatus::NotPracticable => Timeliness::NotPracticable,
        ClockStatus::Overdue if -clock.working_days >= COUNTED_AFTER => Timeliness::Missing,
        ClockStatus::Overdue | ClockStatus::Running => Timeliness::Open,
        ClockStatus::Unknown => return None,
    };
    let late = outcome == Timeliness::Late;
    let days_late = late.then(|| clock.working_days.unsigned_abs());
    Some(Start { placing: notice.placing, host: notice.host, on: notice.start, outcome, days_late })
}

#[cfg(test)]
mod tests;

//! How notice of each placement came, for the monthly table of placing by host authority.

mod line;

use hub_domain::timeliness::{NoticeStart, Timeliness};
use hub_domain::{Calendar, Timestamp};

use crate::clock::host_clock_at;
use crate::ladder::COUNTED_AFTER;
use crate::{ClockStatus, Notice, NoticeKind, NoticeState};

pub use line::{Line, by_month};

/// How notice of a placement came, at `now`. `None` where none was due or nobody can count the days: register entries,
/// drafts, consultations, what was taken back, what waits for a host.
pub fn start(notice: &Notice, now: Timestamp, calendar: &Calendar) -> Option<NoticeStart> {
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
    Some(NoticeStart { placing: notice.placing, host: notice.host, on: notice.start, outcome, days_late })
}

#[cfg(test)]
mod tests;

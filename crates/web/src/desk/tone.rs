//! How much a notice or a clock asks for attention.

use hub_notices::{Clock, ClockStatus, NoticeState};

use crate::layout::{Cell, Tone, day_count};

/// The clock that presses most: the most overdue one, else the one with least left. What was met presses nobody.
pub(crate) fn pressing(clocks: &[Clock]) -> Option<&Clock> {
    let open = clocks.iter().filter(|clock| matches!(clock.status, ClockStatus::Running | ClockStatus::Overdue));
    open.min_by_key(|clock| clock.working_days)
}

/// A clock in words: what is left of it, or how it ended.
pub(crate) fn clock_cell(clock: Option<&Clock>) -> Cell {
    let Some(clock) = clock else { return Cell::text("–") };
    let (tone, words) = match clock.status {
        ClockStatus::Overdue => (Tone::Urgent, day_count(clock.working_days)),
        ClockStatus::Running if clock.working_days <= 1 => (Tone::Soon, day_count(clock.working_days)),
        ClockStatus::Running => (Tone::Plain, day_count(clock.working_days)),
        ClockStatus::Met => (Tone::Good, "in time".to_owned()),
        ClockStatus::Late | ClockStatus::NotPracticable | ClockStatus::Unknown => {
            (Tone::Plain, clock.status.label().to_lowercase())
        }
    };
    Cell::tag(tone, words)
}

/// How far the desk has got with a notice.
pub(crate) fn state_cell(state: NoticeState) -> Cell {
    let tone = match state {
        NoticeState::Raised | NoticeState::Delivered => Tone::Soon,
        NoticeState::Disputed | NoticeState::Queried => Tone::Urgent,
        NoticeState::Acknowledged | NoticeState::Complete => Tone::Good,
        NoticeState::Draft | NoticeState::Held | NoticeState::Opened | NoticeState::Ended | NoticeState::Withdrawn => {
            Tone::Plain
        }
    };
    Cell::tag(tone, state.label())
}

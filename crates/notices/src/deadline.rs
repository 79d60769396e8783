//! When a notice is due, and whether it was in time.
//!
//! A planned placement: before it starts. An emergency: by the end of the fifth working day after it
//! started. An ending that nobody was warned of: by the end of the tenth working day after.

use hub_domain::clock::london;
use hub_domain::working::BeyondKnownHolidays;
use hub_domain::{Calendar, Date, Timestamp, london_date, words};
use serde::{Deserialize, Serialize};

words! {
    /// What a deadline is counted from.
    Basis("deadline basis") {
        /// Before the placement starts (reg 13(4)(a)).
        Planned = "planned", "Before a planned placement starts";
        /// Working days after an emergency placement started (reg 13(4)(a)).
        Emergency = "emergency", "Working days after an emergency placement";
        /// Working days after the placement ended (reg 14(4)).
        Ending = "ending", "Working days after a placement ended";
        /// Working days after another event.
        Days = "days", "Working days after the event";
    }
}

/// The instant by which the host must have been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// What it is counted from.
    pub basis: Basis,
    /// In time strictly before this instant: a midnight in London.
    pub due_at: Timestamp,
    /// The last whole day on which telling is in time.
    pub last_day: Date,
}

/// How a notice stands against its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "timing", rename_all = "snake_case")]
pub enum Timing {
    /// Not yet told, and time remains.
    Running {
        /// Whole working days left after today; 0 on the last day.
        working_days_left: i32,
    },
    /// Told in time.
    Met,
    /// Told, but late.
    Late {
        /// Working days begun between the last day in time and the telling; 0 over a weekend.
        working_days: i32,
    },
    /// Not told, and time is up.
    Overdue {
        /// Working days begun since the last day in time; 0 over a weekend.
        working_days: i32,
    },
}

impl Deadline {
    /// For a planned placement: 00:00 in London on the day it starts. `None` only at the ends of the calendar.
    pub fn planned(start: Date) -> Option<Self> {
        Some(Self { basis: Basis::Planned, due_at: midnight(start)?, last_day: start.yesterday().ok()? })
    }

    /// For an emergency placement: the end of the `days`th working day after `start`.
    pub fn emergency(start: Date, days: u32, calendar: &Calendar) -> Result<Self, BeyondKnownHolidays> {
        Self::after(Basis::Emergency, start, days, calendar)
    }

    /// For an ending: the end of the `days`th working day after `ended`.
    pub fn ending(ended: Date, days: u32, calendar: &Calendar) -> Result<Self, BeyondKnownHolidays> {
        Self::after(Basis::Ending, ended, days, calendar)
    }

    /// For what else is counted from a day: the end of the `days`th working day after it.
    pub(crate) fn after_days(day_0: Date, days: u32, calendar: &Calendar) -> Result<Self, BeyondKnownHolidays> {
        Self::after(Basis::Days, day_0, days, calendar)
    }

    fn after(basis: Basis, day_0: Date, days: u32, calendar: &Calendar) -> Result<Self, BeyondKnownHolidays> {
        let last_day = calendar.add_working_days(day_0, days)?;
        let (first, last) = calendar.known_years();
        let beyond = BeyondKnownHolidays { year: last_day.year(), first, last };
        let due_at = last_day.tomorrow().ok().and_then(midnight).ok_or(beyond)?;
        Ok(Self { basis, due_at, last_day })
    }

    /// How the notice stands at `now`, having been told at `told` or not at all.
    pub fn timing(
        &self,
        told: Option<Timestamp>,
        now: Timestamp,
        calendar: &Calendar,
    ) -> Result<Timing, BeyondKnownHolidays> {
        let judged = told.unwrap_or(now);
        let in_time = judged < self.due_at;
        let past = || calendar.working_days_between(self.last_day, london_date(judged));
        Ok(match told {
            Some(_) if in_time => Timing::Met,
            Some(_) => Timing::Late { working_days: past()? },
            None if in_time => Timing::Running { working_days_left: -past()? },
            None => Timing::Overdue { working_days: past()? },
        })
    }

    /// Already passed on the business date the placement was first reported for: shown as late from
    /// the first, the due date unmoved.
    pub fn passed_before(&self, first_seen: Date) -> bool {
        self.last_day < first_seen
    }
}

/// An instant of `day`, for what is known to the day only.
pub(crate) fn noon(day: Date) -> Option<Timestamp> {
    day.at(12, 0, 0, 0).to_zoned(london()).ok().map(|zoned| zoned.timestamp())
}

fn midnight(day: Date) -> Option<Timestamp> {
    day.to_zoned(london()).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn calendar() -> &'static Calendar {
        Calendar::england_and_wales()
    }

    #[test]
    fn a_planned_placement_is_due_before_its_day_begins_in_london() {
        let summer = Deadline::planned(date(2026, 6, 1)).unwrap();
        assert_eq!((summer.due_at, summer.last_day), (at("2026-05-31T23:00:00Z"), date(2026, 5, 31)));
        assert_eq!(Deadline::planned(date(2026, 12, 1)).unwrap().due_at, at("2026-12-01T00:00:00Z"));
        // Days on which the clocks change still begin at midnight.
        assert_eq!(Deadline::planned(date(2026, 3, 29)).unwrap().due_at, at("2026-03-29T00:00:00Z"));
        assert_eq!(Deadline::planned(date(2026, 10, 25)).unwrap().due_at, at("2026-10-24T23:00:00Z"));
    }

    #[test]
    fn an_emergency_has_until_the_end_of_the_fifth_working_day() {
        let deadline = Deadline::emergency(date(2026, 12, 24), 5, calendar()).unwrap();
        assert_eq!((deadline.last_day, deadline.due_at), (date(2027, 1, 5), at("2027-01-06T00:00:00Z")));
        let deadline = Deadline::emergency(date(2026, 8, 24), 5, calendar()).unwrap();
        assert_eq!((deadline.last_day, deadline.due_at), (date(2026, 9, 1), at("2026-09-01T23:00:00Z")));
    }

    #[test]
    fn an_ending_has_until_the_end_of_the_tenth() {
        assert_eq!(Deadline::ending(date(2026, 12, 18), 10, calendar()).unwrap().last_day, date(2027, 1, 6));
        assert!(Deadline::ending(date(2028, 12, 18), 10, calendar()).is_err());
    }

    #[test]
    fn the_last_instant_is_in_time_and_the_next_is_not() {
        let deadline = Deadline::emergency(date(2026, 8, 24), 5, calendar()).unwrap();
        let timing = |told: &str| deadline.timing(Some(at(told)), at(told), calendar()).unwrap();
        assert_eq!(timing("2026-09-01T22:59:59.999999Z"), Timing::Met);
        assert_eq!(timing("2026-09-01T23:00:00Z"), Timing::Late { working_days: 1 });
        assert_eq!(timing("2026-09-04T09:00:00Z"), Timing::Late { working_days: 3 });
    }

    #[test]
    fn an_untold_notice_runs_and_then_is_overdue() {
        let deadline = Deadline::emergency(date(2026, 8, 22), 5, calendar()).unwrap();
        let timing = |now: &str| deadline.timing(None, at(now), calendar()).unwrap();
        assert_eq!(timing("2026-08-24T09:00:00Z"), Timing::Running { working_days_left: 4 });
        assert_eq!(timing("2026-08-28T20:00:00Z"), Timing::Running { working_days_left: 0 });
        // Saturday to Monday, a bank holiday: late, but by no working day.
        assert_eq!(timing("2026-08-29T09:00:00Z"), Timing::Overdue { working_days: 0 });
        assert_eq!(timing("2026-08-31T09:00:00Z"), Timing::Overdue { working_days: 0 });
        assert_eq!(timing("2026-09-01T09:00:00Z"), Timing::Overdue { working_days: 1 });
    }

    #[test]
    fn a_planned_placement_first_reported_on_its_day_is_late_already() {
        let deadline = Deadline::planned(date(2026, 6, 1)).unwrap();
        assert!(deadline.passed_before(date(2026, 6, 1)));
        assert!(!deadline.passed_before(date(2026, 5, 31)));
        let told = at("2026-06-01T05:00:00Z");
        assert_eq!(deadline.timing(Some(told), told, calendar()), Ok(Timing::Late { working_days: 1 }));
    }
}

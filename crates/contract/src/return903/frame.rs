//! The days that a return covers.

use jiff::civil::Date;

use crate::cell::date::{civil_of, day_number, day_of};

/// The collection year that is judged, and how much of it has passed. "The end of the collection year" of DfE's rules is
/// `until` where the past is meant, and 31 March where an age is counted on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// 1 April, as days since 1970.
    pub(super) starts: i32,
    /// The last day that is known of.
    pub(super) until: i32,
    /// 31 March.
    pub(super) ends: i32,
    /// The year it ends in.
    pub(super) year: i32,
}

impl Frame {
    /// The whole collection year that ends on 31 March of `year`, as the yearly return is judged.
    pub const fn of_year(year: i16) -> Self {
        let year = year as i32;
        let ends = day_of(year, 3, 31);
        Self { starts: day_of(year - 1, 4, 1), until: ends, ends, year }
    }

    /// The collection year that holds `as_at`, known until that day.
    pub fn at(as_at: Date) -> Self {
        let year = if as_at.month() >= 4 { as_at.year() + 1 } else { as_at.year() };
        Self { until: day_number(as_at), ..Self::of_year(year) }
    }

    /// The first day of the twelve months that end on the last day known.
    pub(super) const fn year_back(self) -> i32 {
        let (year, month, day) = civil_of(self.until + 1);
        day_of(year - 1, month, day)
    }
}

/// The birthday: who is born on 29 February has it on the 28th in a year that has no 29th.
pub(super) const fn birthday(born: i32, age: i32) -> i32 {
    let (year, month, day) = civil_of(born);
    let year = year + age;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    day_of(year, month, if month == 2 && day == 29 && !leap { 28 } else { day })
}

/// Whether somebody born on `born` has reached `age` on `day`.
pub(super) const fn has_reached(born: i32, age: i32, day: i32) -> bool {
    birthday(born, age) <= day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nightly_frame_knows_the_year_so_far() {
        let night = Frame::at(jiff::civil::date(2026, 2, 10));
        let year = Frame::of_year(2026);
        assert_eq!((night.starts, night.ends, night.year), (year.starts, year.ends, 2026));
        assert_eq!(night.until, day_of(2026, 2, 10));
        assert_eq!((night.year_back(), year.year_back()), (day_of(2025, 2, 11), year.starts));
        assert_eq!(Frame::at(jiff::civil::date(2026, 4, 1)).year, 2027);
    }

    #[test]
    fn birthdays_of_leap_days() {
        let born = day_of(2008, 2, 29);
        assert_eq!((birthday(born, 4), birthday(born, 18)), (day_of(2012, 2, 29), day_of(2026, 2, 28)));
        assert!(has_reached(born, 18, day_of(2026, 2, 28)) && !has_reached(born, 18, day_of(2026, 2, 27)));
    }
}

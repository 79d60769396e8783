//! Working days in England and Wales: not Saturday, Sunday, Christmas Day, Good Friday or a bank
//! holiday (Care Planning Regulations 2010, reg 2).
//!
//! The day of an event is day 0. A calendar knows the holidays of certain years and no others: asked
//! about a day beyond them it refuses rather than count a holiday as a working day.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};

use crate::table;

/// A day that the calendar knows the holidays of no more (or not yet).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("bank holidays are known from {first} to {last} only, not for {year}")]
pub struct BeyondKnownHolidays {
    /// The year asked about.
    pub year: i16,
    /// First year known.
    pub first: i16,
    /// Last year known.
    pub last: i16,
}

/// Bank holidays of whole years. One-off proclaimed days are rows like any other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    holidays: Vec<Date>,
    first: i16,
    last: i16,
}

/// A year after the last known one, without all of its bank holidays: there are eight in every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{year} is known with all of its bank holidays, eight at least, or not at all; and no year is left out")]
pub struct IncompleteYear {
    /// The year.
    pub year: i16,
}

/// Fewest bank holidays in a year, with Christmas Day and Good Friday.
const FEWEST: usize = 8;

static ENGLAND_AND_WALES: LazyLock<Calendar> = LazyLock::new(|| {
    let rows: Vec<(Date,)> = table::rows(include_str!("../../data/bank_holidays.csv"));
    Calendar::of(rows.into_iter().map(|(date,)| date))
});

impl Calendar {
    /// England and Wales, 2024 to 2028.
    pub fn england_and_wales() -> &'static Self {
        &ENGLAND_AND_WALES
    }

    /// A calendar of these holidays, which are all there are in the years from the first to the last.
    pub fn of(holidays: impl IntoIterator<Item = Date>) -> Self {
        let mut holidays: Vec<Date> = holidays.into_iter().collect();
        holidays.sort_unstable();
        let (first, last) = (holidays.first().map_or(1, |day| day.year()), holidays.last().map_or(0, |day| day.year()));
        Self { holidays, first, last }
    }

    /// The calendar with more holidays: days proclaimed in a known year, and whole years after the last.
    pub fn with(&self, more: impl IntoIterator<Item = Date>) -> Result<Self, IncompleteYear> {
        self.amended(more, &BTreeSet::new())
    }

    /// The calendar with `more` holidays and without `fewer`: a holiday that is moved is one of each.
    pub fn amended(
        &self,
        more: impl IntoIterator<Item = Date>,
        fewer: &BTreeSet<Date>,
    ) -> Result<Self, IncompleteYear> {
        let mut holidays: Vec<Date> = self.holidays.iter().copied().chain(more).collect();
        holidays.retain(|day| !fewer.contains(day));
        holidays.sort_unstable();
        holidays.dedup();
        let whole = Self::of(holidays);
        let in_year = |year: i16| whole.holidays.iter().filter(|day| day.year() == year).count();
        match (whole.first..=whole.last).find(|year| in_year(*year) < FEWEST) {
            Some(year) => Err(IncompleteYear { year }),
            None => Ok(whole),
        }
    }

    /// Every bank holiday that is known, in order.
    pub fn holidays(&self) -> &[Date] {
        &self.holidays
    }

    /// Whether `date` is known to be a bank holiday.
    pub fn is_holiday(&self, date: Date) -> bool {
        self.holidays.binary_search(&date).is_ok()
    }

    /// First and last year known; the last is what an operator must keep ahead of.
    pub const fn known_years(&self) -> (i16, i16) {
        (self.first, self.last)
    }

    /// Whether `date` is a working day.
    pub fn is_working(&self, date: Date) -> Result<bool, BeyondKnownHolidays> {
        if date.year() < self.first || date.year() > self.last {
            return Err(BeyondKnownHolidays { year: date.year(), first: self.first, last: self.last });
        }
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        Ok(!weekend && !self.is_holiday(date))
    }

    /// The `n`th working day after `date`, which is day 0 and need not itself be a working day.
    pub fn add_working_days(&self, date: Date, n: u32) -> Result<Date, BeyondKnownHolidays> {
        let mut day = date;
        for _ in 0..n {
            day = self.next_working(day)?;
        }
        Ok(day)
    }

    /// Working days after `from` up to and including `to`; negative when `to` is the earlier.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<i32, BeyondKnownHolidays> {
        if to < from {
            return Ok(-self.working_days_between(to, from)?);
        }
        let mut days = 0;
        let mut day = from;
        while day < to {
            day = self.tomorrow(day)?;
            days += i32::from(self.is_working(day)?);
        }
        Ok(days)
    }

    /// Working days left on `today` to a thing due by the end of `due`: 0 on the day, negative after.
    pub fn remaining(&self, due: Date, today: Date) -> Result<i32, BeyondKnownHolidays> {
        self.working_days_between(today, due)
    }

    fn next_working(&self, date: Date) -> Result<Date, BeyondKnownHolidays> {
        let mut day = self.tomorrow(date)?;
        while !self.is_working(day)? {
            day = self.tomorrow(day)?;
        }
        Ok(day)
    }

    fn tomorrow(&self, date: Date) -> Result<Date, BeyondKnownHolidays> {
        date.tomorrow().map_err(|_| BeyondKnownHolidays { year: date.year(), first: self.first, last: self.last })
    }
}

#[cfg(test)]
mod tests;

//! Time in care, child by child: all that the model looks at.

use hub_domain::Date;

use crate::episode::Child;

/// Whole years from which nobody is looked after.
pub(super) const ADULT: i16 = 18;

/// An unbroken time in care of a child whose birth month is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spell {
    /// The day of birth, taken as the first of its month.
    pub(super) born: Date,
    pub(super) start: Date,
    /// Exclusive; `None` while it lasts.
    pub(super) end: Option<Date>,
}

impl Spell {
    /// A child's times in care, as far as they are held: episodes that touch or overlap are one.
    pub(super) fn of(child: &Child) -> Vec<Self> {
        let mut episodes: Vec<_> = child.before.iter().chain(&child.recent).collect();
        episodes.sort_unstable_by_key(|episode| episode.start);
        let mut spells: Vec<Self> = Vec::new();
        for episode in episodes {
            let Some(born) = episode.born else { continue };
            match spells.last_mut() {
                Some(last) if last.end.is_none_or(|end| end >= episode.start) => {
                    last.end = last.end.zip(episode.end).map(|(last, next)| last.max(next));
                }
                _ => spells.push(Self { born, start: episode.start, end: episode.end }),
            }
        }
        spells
    }

    /// In care on a day, and not yet an adult.
    pub(super) fn holds(&self, on: Date) -> bool {
        self.start <= on && self.end.is_none_or(|end| on < end) && on < self.adult_on()
    }

    /// Years of age on a day, with the part of the year that has passed; whole on a birthday, negative before birth.
    pub(super) fn age(&self, on: Date) -> f64 {
        let months = i32::from(on.year() - self.born.year()) * 12 + i32::from(on.month() - self.born.month());
        (f64::from(months) + f64::from(on.day() - 1) / 31.0) / 12.0
    }

    /// The eighteenth birthday.
    pub(super) fn adult_on(&self) -> Date {
        let year = self.born.year().saturating_add(ADULT);
        Date::new(year, self.born.month(), 1).unwrap_or(Date::MAX)
    }

    /// The day care ended before the child was an adult, if it had by `known`.
    pub(super) fn left_on(&self, known: Date) -> Option<Date> {
        self.end.filter(|end| *end <= known && *end < self.adult_on())
    }
}

/// Days of a mean month.
pub(super) const MONTH: f64 = 365.25 / 12.0;

/// Days from one to the other; negative the other way round.
pub(super) fn days(from: Date, to: Date) -> f64 {
    to.since(from).map_or(0.0, |span| f64::from(span.get_days()))
}

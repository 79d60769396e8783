//! Days within the year, split at the birthdays on which a child passes from one band of age to the next. A child whose
//! month of birth gives no birthday passes none.

use hub_domain::Date;

use crate::region::Picture;
use crate::stay::Piece;

/// First ages of the bands of the boroughs' strategies, but for the youngest.
pub(crate) const FIRST_AGES: [i16; 4] = [5, 10, 13, 16];

/// The days looked at.
pub(crate) struct Year {
    pub(crate) from: Date,
    /// Exclusive.
    pub(crate) to: Date,
}

impl Year {
    /// The twelve months up to and including the day.
    pub(crate) fn of(picture: &Picture) -> Self {
        let after = |day: Date| day.tomorrow().unwrap_or(Date::MAX);
        Self { from: after(picture.window), to: after(picture.as_at) }
    }

    /// The days of a piece within the year, cut at the birthdays given; with each part the age at its start.
    pub(crate) fn split(&self, piece: &Piece<'_>, birthdays: &[i16]) -> Vec<(Option<i16>, u64)> {
        let (from, to) = (piece.from.max(self.from), piece.to.map_or(self.to, |to| to.min(self.to)));
        let mut cuts: Vec<Date> = birthdays
            .iter()
            .filter_map(|&age| piece.episode.birthday(age))
            .filter(|day| from < *day && *day < to)
            .collect();
        cuts.push(to);
        let mut start = from;
        let mut parts = Vec::new();
        for cut in cuts {
            let days = days_between(start, cut);
            if days > 0 {
                parts.push((piece.episode.age_on(start), days));
            }
            start = cut;
        }
        parts
    }
}

/// Days from one to before the other; none where it is not later.
pub(crate) fn days_between(from: Date, to: Date) -> u64 {
    from.until(to).map_or(0, |span| u64::try_from(span.get_days()).unwrap_or(0))
}

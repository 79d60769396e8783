//! Periods of care.

use hub_domain::Date;

use super::{STARTED, in_order};
use crate::episode::{Child, Episode};

/// Not a reason for care to cease (903 REC): another episode starts the same day.
const NEW_EPISODE: &str = "X1";

/// A period of care: episodes, temporary ones among them, each beginning on the day the one before it ended.
pub(crate) struct Period<'a> {
    /// The earliest episode of it that is held.
    pub(crate) first: &'a Episode,
    /// The latest.
    pub(crate) last: &'a Episode,
}

impl Period<'_> {
    /// The first day of care: the day the first episode says, where it says one before its own.
    pub(crate) fn start(&self) -> Date {
        if let Some(known) = self.started_on() {
            return known;
        }
        let stated = [self.first.care_start, self.last.care_start].into_iter().flatten();
        stated.chain([self.first.start]).min().unwrap_or(self.first.start)
    }

    /// The day care started, where the first episode is known to have started it (903 RNE S).
    pub(crate) fn started_on(&self) -> Option<Date> {
        (self.first.reason == STARTED).then_some(self.first.start)
    }

    /// The day care ceased: the last episode has ended, and not for another to start (903 REC X1).
    pub(crate) fn ceased_on(&self) -> Option<Date> {
        self.last.end.filter(|_| self.last.ceased.as_str() != NEW_EPISODE)
    }
}

/// A child's periods of care, oldest first.
pub(crate) fn periods(child: &Child) -> Vec<Period<'_>> {
    let mut periods: Vec<Period<'_>> = Vec::new();
    for episode in in_order(child) {
        let goes_on = |last: &Episode| episode.reason != STARTED && last.end.is_none_or(|end| end >= episode.start);
        match periods.last_mut().filter(|period| goes_on(period.last)) {
            Some(period) => period.last = episode,
            None => periods.push(Period { first: episode, last: episode }),
        }
    }
    periods
}

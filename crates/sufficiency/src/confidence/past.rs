//! What a reporter said of its vacancies before, and on which day it said otherwise.

use std::collections::BTreeMap;

use hub_domain::{AuthorityCode, Date, VacancyRow, london_date};
use jiff::Span;

use super::starts::{DAYS, Starts};

/// A setting: URN and reference.
pub(super) type Key = (String, String);

/// Reports of the last 60 days that were replaced since: of settings that had a place to offer.
#[derive(Clone)]
pub struct Past {
    as_at: Date,
    from: Date,
    /// Whether a setting was ever said to have a place.
    told: BTreeMap<(AuthorityCode, Key), Vec<Stale>>,
}

/// A report that went on being said for days after anybody had looked: from, until, places.
#[derive(Clone, Copy)]
struct Stale {
    confirmed: Date,
    replaced: Date,
    places: i64,
}

impl std::fmt::Debug for Past {
    /// The day only: small homes are personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Past").field("as_at", &self.as_at).finish_non_exhaustive()
    }
}

impl Past {
    /// None yet.
    pub fn new(as_at: Date) -> Self {
        let from = as_at.checked_sub(Span::new().days(DAYS)).unwrap_or(Date::MIN);
        Self { as_at, from, told: BTreeMap::new() }
    }

    /// The day after which a report must have been replaced to count.
    pub fn since(&self) -> Date {
        self.from
    }

    /// Takes one report, and the day of the feed that said otherwise or no longer.
    pub fn add(&mut self, authority: AuthorityCode, row: &VacancyRow, replaced: Date) {
        if row.available_places < 1 || replaced <= self.from || replaced > self.as_at {
            return;
        }
        let key = (row.urn.trim().to_owned(), row.setting_ref.clone());
        let stale = self.told.entry((authority, key)).or_default();
        // Nobody can have moved in between a look and the next feed that this one does not tell of.
        let confirmed = row.confirmed_at.map(london_date).filter(|day| *day < replaced);
        if let Some(confirmed) = confirmed {
            stale.push(Stale { confirmed, replaced, places: row.available_places });
        }
    }

    /// Takes over another authority's.
    pub fn join(&mut self, other: &Self) {
        for (key, stale) in &other.told {
            self.told.entry(key.clone()).or_default().extend(stale);
        }
    }

    /// Each setting that was said to have a place, by whom, and whether as many moved in as there were places between the
    /// last look and the feed that said otherwise: until then it was still on offer.
    pub(super) fn settings<'a>(&'a self, starts: &'a Starts) -> impl Iterator<Item = (AuthorityCode, &'a Key, bool)> {
        self.told.iter().map(|((authority, key), stale)| {
            let filled = |one: &Stale| {
                let moved = starts.between((&key.0, &key.1), one.confirmed, one.replaced);
                i64::try_from(moved).unwrap_or(i64::MAX) >= one.places
            };
            (*authority, key, stale.iter().any(filled))
        })
    }
}

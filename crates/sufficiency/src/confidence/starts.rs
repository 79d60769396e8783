//! Children who have lately moved in somewhere.

use std::collections::{HashMap, HashSet};

use hub_domain::{Date, PlacementRow, VacancyRow};
use jiff::Span;

use crate::episode::is_urn;

/// Days for which a move is remembered: longer than any confirmation counts for.
pub(super) const DAYS: i32 = 60;

/// A setting, and its URN where the record gives one.
type Place = (String, Option<String>);

/// Stays begun in named settings in the last 60 days, whoever placed the child.
#[derive(Clone)]
pub struct Starts {
    as_at: Date,
    from: Date,
    /// By setting and URN; a record without a URN speaks for the setting of any.
    begun: HashMap<Place, HashSet<(String, Date)>>,
}

impl std::fmt::Debug for Starts {
    /// The day only: it is about children.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Starts").field("as_at", &self.as_at).finish_non_exhaustive()
    }
}

impl Starts {
    /// None yet.
    pub fn new(as_at: Date) -> Self {
        let from = as_at.checked_sub(Span::new().days(DAYS)).unwrap_or(Date::MIN);
        Self { as_at, from, begun: HashMap::new() }
    }

    /// Takes one episode; counts where it begins a stay (903 RNE S, P, B) in a named setting.
    pub fn add(&mut self, row: &PlacementRow) {
        let begins = matches!(row.reason_new_episode.bytes().next(), Some(b'S' | b'P' | b'B'));
        let Some(setting) = row.setting_ref.as_deref().filter(|_| begins) else { return };
        if row.episode_start <= self.from || row.episode_start > self.as_at {
            return;
        }
        let urn = row.urn.as_deref().filter(|urn| is_urn(urn)).map(|urn| urn.trim().to_owned());
        let begun = self.begun.entry((setting.to_owned(), urn)).or_default();
        begun.insert((row.child_ref.clone(), row.episode_start));
    }

    /// Takes over another authority's.
    pub fn join(&mut self, other: &Self) {
        for (setting, begun) in &other.begun {
            self.begun.entry(setting.clone()).or_default().extend(begun.iter().cloned());
        }
    }

    /// Children who moved into the setting after `day`.
    pub(crate) fn after(&self, setting: &VacancyRow, day: Date) -> usize {
        self.between((&setting.urn, &setting.setting_ref), day, Date::MAX)
    }

    /// Children who moved into the setting (URN, reference) after one day and before another.
    pub(super) fn between(&self, (urn, setting_ref): (&str, &str), after: Date, before: Date) -> usize {
        let urns = [None, Some(urn.trim().to_owned())];
        let keys = urns.map(|urn| (setting_ref.to_owned(), urn));
        let begun = keys.iter().filter_map(|key| self.begun.get(key)).flatten();
        begun.filter(|(_, start)| *start > after && *start < before).count()
    }
}

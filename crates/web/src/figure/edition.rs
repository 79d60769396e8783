//! Which release a page is of, whom it is for, and how old it is.

use std::sync::Arc;

use hub_domain::{Date, Timestamp};
use hub_pipeline::identity::Role;
use hub_pipeline::publish::{Audience, Published};

use crate::layout::{Page, ago, date, when};

/// Roles that read the consortium's release, as by the API.
const CONSORTIUM: [Role; 5] = [Role::Borough, Role::Commissioner, Role::QualityLead, Role::Broker, Role::Operator];

/// Whether whoever asks may read the consortium's release.
pub(crate) fn is_consortium(page: &Page) -> bool {
    page.principal().is_ok_and(|principal| CONSORTIUM.iter().any(|role| principal.has(*role)))
}

/// The release that a page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edition {
    /// Its id.
    pub(crate) id: String,
    /// Counted from one.
    pub(crate) number: i64,
    /// The day it is true of.
    pub(crate) as_at: Date,
    /// When it was published.
    pub(crate) published_at: Timestamp,
    /// How long ago, in words.
    pub(crate) age: String,
    /// Published longer ago than a night and a day: a release should have come since.
    pub(crate) is_old: bool,
    /// It is the public's: once a quarter, rounded to five.
    pub(crate) is_public: bool,
    /// Counts from one to one below this are hidden.
    pub(crate) threshold: u64,
}

/// A nightly release older than this is told to be old.
const NIGHT_AND_DAY: i64 = 36;

impl Edition {
    /// The release that whoever asks for the page may see, and which it is; `None` before the first. The consortium's to
    /// whoever may read that by the API, the public's to everybody else, signed in or not.
    pub(crate) fn shown(page: &Page) -> Option<(Arc<Published>, Self)> {
        let hub = page.hub();
        let is_public = !is_consortium(page);
        let (audience, served) =
            if is_public { (Audience::Public, &hub.public) } else { (Audience::Consortium, &hub.published) };
        let published = served.load_full()?;
        let threshold = audience.policy(&hub.settings).threshold;
        let edition = Self::of(&published, page.now(), (is_public, threshold));
        Some((published, edition))
    }

    /// The release as it stands at `now`; the public's where `is_public`.
    pub(crate) fn of(published: &Published, now: Timestamp, (is_public, threshold): (bool, u64)) -> Self {
        let release = &published.release;
        let hours = now.duration_since(release.published_at).as_hours();
        Self {
            id: release.id.to_string(),
            number: release.number,
            as_at: release.as_at,
            published_at: release.published_at,
            age: ago(release.published_at, now),
            is_old: !is_public && hours >= NIGHT_AND_DAY,
            is_public,
            threshold,
        }
    }

    /// The largest count that is hidden.
    pub(crate) fn most_hidden(&self) -> u64 {
        self.threshold.saturating_sub(1)
    }

    /// The day and the time of day at which it was published, in London.
    pub(crate) fn published_on(&self) -> String {
        when(self.published_at)
    }

    /// The day it is true of, as people write it.
    pub(crate) fn day(&self) -> String {
        date(self.as_at)
    }
}

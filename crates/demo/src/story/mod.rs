//! What came of the night, read through the public API by those who may read it.

mod distant;
mod fed;
mod market;
mod morning;
mod next;
mod screen;
mod told;

use std::collections::BTreeMap;

use hub_domain::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::play::{self, Callers, PlayError, Sent, Stage};
use crate::receiver::Receivers;
use crate::region::NIGHT;

pub use distant::Distant;
pub use fed::{Fed, Found};
pub use market::{Gap, Stale};
pub use morning::{Disagreement, Line, Morning, Party, Reconciled, Said, Trouble};
pub use next::{Next, Persona};
pub(crate) use told::Notice;
pub use told::{Delivery, HostStory, Told};

/// What came of the night.
#[derive(Debug, Clone, Serialize)]
pub struct Story {
    /// The business date.
    pub night: Date,
    /// What everything was drawn from.
    pub seed: u64,
    /// Every feed, its verdict, and what was found by rule.
    pub submissions: Vec<Fed>,
    /// Every notice: to whom, of what class, due when, delivered how.
    pub notices: Vec<Told>,
    /// The same by host authority.
    pub hosts: Vec<HostStory>,
    /// A placement at a distance, from the consultation to the details that its host opened.
    pub distant: Option<Distant>,
    /// The morning list of the host with most placements under a clock.
    pub morning: Morning,
    /// The largest market gaps that the release shows, five at most.
    pub gaps: Vec<Gap>,
    /// The five vacancies that nobody has looked at for longest.
    pub stale_vacancies: Vec<Stale>,
    /// What was published.
    pub release: Release,
    /// How long it took.
    pub timings: Timings,
    /// What to open next.
    pub next: Next,
}

/// The release of the night.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Release {
    /// Its id.
    pub id: Uuid,
    /// Counted from one.
    pub number: i64,
    /// The day it is true of.
    pub as_at: Date,
    /// SHA-256 of its figures: the same for the same seed.
    pub digest: String,
    /// Rows by table, and the share of safe cells shown.
    pub summary: serde_json::Value,
}

/// How long the parts of the night took, milliseconds.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Timings {
    /// The boroughs' systems writing their files.
    pub files_ms: u64,
    /// The agents reading, checking and submitting, and the hub judging: until the last verdict.
    pub feeds_ms: u64,
    /// The slowest receipt for a feed.
    pub slowest_receipt_ms: u64,
    /// The slowest verdict on a feed.
    pub slowest_verdict_ms: u64,
    /// Publishing the release.
    pub release_ms: u64,
    /// From then until the last webhook had arrived.
    pub delivery_ms: u64,
    /// All of it.
    pub total_ms: u64,
}

impl Timings {
    pub(crate) fn of(sent: &[Sent]) -> Self {
        let slowest = |read: fn(&Sent) -> u64| sent.iter().map(read).max().unwrap_or_default();
        Self {
            slowest_receipt_ms: slowest(|one| one.receipt_ms),
            slowest_verdict_ms: slowest(|one| one.verdict_ms),
            ..Self::default()
        }
    }
}

/// A page of releases.
#[derive(Deserialize)]
struct Releases {
    items: Vec<Release>,
}

/// What the play itself knows of what came of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Came<'a> {
    pub(crate) sent: &'a [Sent],
    pub(crate) trouble: &'a play::Trouble,
    pub(crate) opened: Option<&'a play::Opened>,
}

/// Reads what came of the night.
pub(crate) async fn tell(
    stage: &Stage,
    callers: &Callers,
    receivers: &Receivers,
    Came { sent, trouble, opened }: Came<'_>,
) -> Result<Story, PlayError> {
    let submissions = fed::read(callers, sent).await?;
    let notices = told::read(callers, receivers).await?;
    let releases: Releases = callers.commissioner()?.get("/v1/releases?limit=1").await?;
    let release = releases.items.into_iter().next().ok_or_else(|| PlayError::Unregistered("a release".to_owned()))?;
    Ok(Story {
        night: NIGHT,
        seed: stage.seed,
        submissions,
        hosts: told::by_host(&notices, receivers),
        notices,
        distant: match opened {
            Some(opened) => Some(distant::read(callers, opened).await?),
            None => None,
        },
        morning: morning::read(callers, trouble.host).await?,
        gaps: market::gaps(callers).await?,
        stale_vacancies: market::stale(callers).await?,
        next: next::after(stage, &release),
        release,
        timings: Timings::default(),
    })
}

/// How often each key comes.
fn tally<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, u64> {
    let mut tally = BTreeMap::new();
    for key in keys {
        *tally.entry(key).or_default() += 1;
    }
    tally
}

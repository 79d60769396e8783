//! The play: one night, from the boroughs' files to what the commissioner sees.

mod borough;
mod distant;
mod hosts;
mod notices;
mod provider;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hub_agent::HubError;
use hub_agent::keys::KeyError;
use hub_agent::prepare::PrepareError;
use hub_domain::{AuthorityCode, Clock};
use secrecy::SecretString;
use serde_json::json;
use tokio::task::{JoinError, JoinSet};
use uuid::Uuid;

use crate::call::{CallError, Caller};
use crate::cast::{COMMISSIONER, Character, OPERATOR, Secrets};
use crate::receiver::Receivers;
use crate::region::{CAST, Member, Region, Role};
use crate::story::{self, Story, Timings};

pub(crate) use borough::{Sent, push};
pub(crate) use distant::{Opened, Pair};
pub(crate) use notices::Trouble;

/// Where the play is given: a hub that runs, with its characters registered.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The hub's address.
    pub base_url: String,
    /// A folder for the boroughs' files, that nobody else uses.
    pub folder: PathBuf,
    /// The hub's time.
    pub clock: Arc<dyn Clock>,
    /// What everything is drawn from.
    pub seed: u64,
    /// Who was registered.
    pub characters: Vec<Character>,
    /// The secrets that the hub made for them.
    pub secrets: Secrets,
    /// What the hub does at night without being asked.
    pub nightly: Arc<dyn Nightly>,
    /// Who watches.
    pub audience: Arc<dyn Audience>,
}

/// Somebody who is told how the play goes.
pub trait Audience: Send + Sync + fmt::Debug {
    /// An act begins; it has so many steps.
    fn act(&self, title: &str, steps: u64);
    /// One of them is done.
    fn step(&self);
}

/// Why the hub's own work failed.
pub type NightlyError = Box<dyn std::error::Error + Send + Sync>;

/// The hub's own work, begun when the play comes to it: a demonstration does not wait for the hour of the schedule.
pub trait Nightly: Send + Sync + fmt::Debug {
    /// Runs what the hub's schedule runs to set episodes, notices and admissions beside each other.
    fn reconcile(&self) -> Pin<Box<dyn Future<Output = Result<(), NightlyError>> + Send + '_>>;
}

/// The play, played: its story, and the receivers, which go on taking letters until this is dropped.
#[derive(Debug)]
pub struct Played {
    /// What came of it.
    pub story: Story,
    _receivers: Receivers,
}

/// The play stopped.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// A file could not be written or read, or an address not be listened on.
    #[error("{what}")]
    Io {
        /// What.
        what: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// A key could not be made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The agent could not do its work.
    #[error("{borough}: the agent could not prepare its feeds")]
    Prepare {
        /// Whose.
        borough: String,
        /// Why.
        source: PrepareError,
    },
    /// The agent could not submit a feed.
    #[error("{borough}: the agent could not submit its feeds")]
    Push {
        /// Whose.
        borough: String,
        /// Why.
        source: HubError,
    },
    /// Somebody could not ask the hub.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The details could not be sealed or opened.
    #[error("the details could not be sealed or opened")]
    Sealing(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A character of the play was not registered.
    #[error("{0} is not registered")]
    Unregistered(String),
    /// Webhooks were still on their way when patience ended.
    #[error("{0} webhooks were still undelivered when patience ended")]
    Undelivered(usize),
    /// The hub could not reconcile.
    #[error("the hub could not reconcile")]
    Nightly(#[source] NightlyError),
    /// A part of the play was cut short.
    #[error("a part of the play was cut short")]
    Cut(#[from] JoinError),
}

/// How long deliveries are waited for.
const PATIENCE: Duration = Duration::from_secs(90);

/// Everybody who asks the hub with a secret, by client id.
#[derive(Debug)]
pub(crate) struct Callers(BTreeMap<String, Arc<Caller>>);

impl Callers {
    fn of(stage: &Stage) -> Self {
        let caller = |(id, secret): (&String, &SecretString)| {
            (id.clone(), Arc::new(Caller::new(&stage.base_url, id, secret.clone(), Arc::clone(&stage.clock))))
        };
        Self(stage.secrets.iter().map(caller).collect())
    }

    pub(crate) fn named(&self, id: &str) -> Result<&Arc<Caller>, PlayError> {
        self.0.get(id).ok_or_else(|| PlayError::Unregistered(id.to_owned()))
    }

    pub(crate) fn of_member(&self, member: &Member) -> Result<&Arc<Caller>, PlayError> {
        self.named(&member.slug())
    }

    pub(crate) fn commissioner(&self) -> Result<&Arc<Caller>, PlayError> {
        self.named(COMMISSIONER)
    }

    pub(crate) fn operator(&self) -> Result<&Arc<Caller>, PlayError> {
        self.named(OPERATOR)
    }
}

/// Plays the night.
pub async fn play(stage: Stage) -> Result<Played, PlayError> {
    let began = Instant::now();
    let callers = Callers::of(&stage);
    let receivers = hosts::open(&stage, &callers).await?;
    let files = write_files(&stage).await?;
    let written = Instant::now();
    let sent = submit(&stage, files).await?;
    let pushed = Instant::now();
    let audience = &stage.audience;
    audience.act("publishing", 1);
    let _: serde_json::Value = callers.operator()?.post("/v1/releases", &json!({ "reason": "demonstration" })).await?;
    let published = Instant::now();
    audience.act("telling the host authorities", 1);
    hosts::settle(&callers, &receivers, PATIENCE).await?;
    audience.step();
    let delivered = Instant::now();
    let trouble = notices::give(&stage, &callers).await?;
    let pair = trouble.afar.map(|placing| Pair { placing, host: trouble.host });
    let consulted = match pair {
        Some(pair) => Some((pair, distant::consult(&stage, &callers, pair).await?)),
        None => None,
    };
    hosts::settle(&callers, &receivers, PATIENCE).await?;
    let opened = afar(&stage, (&callers, &receivers), consulted).await?;
    audience.act("the homes tell the host, the hosts answer, the hub reconciles", 3);
    provider::file(&stage, &callers, &trouble).await?;
    audience.step();
    hosts::answer(&callers, &trouble).await?;
    audience.step();
    stage.nightly.reconcile().await.map_err(PlayError::Nightly)?;
    audience.step();
    hosts::settle(&callers, &receivers, PATIENCE).await?;
    let mut timings = Timings {
        files_ms: milliseconds(began, written),
        feeds_ms: milliseconds(written, pushed),
        release_ms: milliseconds(pushed, published),
        delivery_ms: milliseconds(published, delivered),
        ..Timings::of(&sent)
    };
    let came = story::Came { sent: &sent, trouble: &trouble, opened: opened.as_ref() };
    let mut story = story::tell(&stage, &callers, &receivers, came).await?;
    timings.total_ms = milliseconds(began, Instant::now());
    story.timings = timings;
    Ok(Played { story, _receivers: receivers })
}

/// A placement at a distance goes on from its consultation to its opened details.
async fn afar(
    stage: &Stage,
    (callers, receivers): (&Callers, &Receivers),
    consulted: Option<(Pair, Uuid)>,
) -> Result<Option<Opened>, PlayError> {
    let Some(consulted) = consulted else { return Ok(None) };
    stage.audience.act("a placement at a distance, from consultation to opened details", 2);
    distant::give(stage, callers, consulted).await?;
    stage.audience.step();
    hosts::settle(callers, receivers, PATIENCE).await?;
    let opened = distant::seal_and_open(stage, callers, consulted).await?;
    stage.audience.step();
    Ok(Some(opened))
}

fn milliseconds(from: Instant, to: Instant) -> u64 {
    u64::try_from(to.duration_since(from).as_millis()).unwrap_or(u64::MAX)
}

pub(crate) fn boroughs() -> impl Iterator<Item = &'static Member> {
    CAST.iter().filter(|member| member.role == Role::Borough)
}

/// Writes every borough's files, as its systems would export them; their folders.
async fn write_files(stage: &Stage) -> Result<BTreeMap<AuthorityCode, PathBuf>, PlayError> {
    let (seed, folder) = (stage.seed, stage.folder.join("boroughs"));
    let audience = Arc::clone(&stage.audience);
    let write = move || {
        let region = Region::drawn(seed);
        audience.act("the boroughs' systems write their files", boroughs().count() as u64);
        let mut folders = BTreeMap::new();
        for member in boroughs() {
            let own = folder.join(member.slug());
            region.files(member).write(&own)?;
            folders.insert(member.authority(), own);
            audience.step();
        }
        Ok(folders)
    };
    let written = tokio::task::spawn_blocking(write).await?;
    written.map_err(|source| PlayError::Io { what: "the boroughs' files cannot be written", source })
}

/// Every borough's agent at once: reads, prepares, submits, waits for the verdicts.
async fn submit(stage: &Stage, folders: BTreeMap<AuthorityCode, PathBuf>) -> Result<Vec<Sent>, PlayError> {
    stage.audience.act("the agents read, check and submit", boroughs().count() as u64);
    let mut agents = JoinSet::new();
    for member in boroughs() {
        let folder = folders.get(&member.authority()).cloned().unwrap_or_default();
        agents.spawn(push(stage.clone(), member, folder));
    }
    let mut sent = Vec::new();
    while let Some(done) = agents.join_next().await {
        sent.extend(done??);
        stage.audience.step();
    }
    sent.sort_by_key(|one| (one.authority, one.dataset));
    Ok(sent)
}

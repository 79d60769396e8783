//! `source`: where the hub collects feeds itself.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use hub_domain::{AuthorityCode, Dataset, Mode, Timestamp};
use hub_pipeline::sources::{self, AsAt, Checksum, Collected, NewSource, Shows, SourceRefusal, Terms};
use hub_store::source::{self as kept, Collection, Source as Kept};
use hub_webhook::{Allowance, Fetcher, Guard};
use secrecy::SecretString;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::office::{Office, name_of, parse_authority};
use super::serve::{guard, parse_network};
use super::{Global, Stop};
use crate::screen::{Answer, local, or_dash};

#[derive(Debug, Subcommand)]
pub(super) enum Source {
    /// Have the hub collect a feed itself, at set times, from a file that a borough drops.
    Add(Box<Add>),
    /// List the sources, and how each has been doing; exit 1 when one is failing.
    List {
        /// Only those of this authority.
        #[arg(long, value_name = "CODE", value_parser = parse_authority)]
        authority: Option<AuthorityCode>,
    },
    /// Show one source, and what came of the last times that it was looked at.
    Show {
        /// The source's id.
        id: Uuid,
    },
    /// Look at what lies there now and say what the hub would say of it; nothing is kept. Exit 1 when it would be refused.
    Test(One),
    /// Collect now, whatever the pattern says.
    Run(One),
    /// Stop collecting for a while.
    Pause {
        /// The source's id.
        id: Uuid,
    },
    /// Collect again, from the next slot on.
    Resume {
        /// The source's id.
        id: Uuid,
    },
    /// Stop collecting for good, and forget the credential. What was collected stays.
    Remove {
        /// The source's id.
        id: Uuid,
    },
}

/// What `source add` is told.
#[derive(Debug, Args)]
pub(super) struct Add {
    /// Whose feed.
    #[arg(value_parser = parse_authority)]
    authority: AuthorityCode,
    /// Which contract.
    dataset: Dataset,
    /// Where the file lies: https, a public address. {date} stands for the business date.
    url: String,
    /// When it is collected: a cron pattern of five fields, London's time. It is looked for every five minutes.
    #[arg(long, value_name = "PATTERN", default_value = "30 3 * * *")]
    at: String,
    /// How much a file covers: full, window or changes.
    #[arg(long, default_value = "full")]
    mode: Mode,
    /// With --mode window: it covers what is open, or ended so many days before its business date or later.
    #[arg(long, value_name = "DAYS", required_if_eq("mode", "window"), value_parser = clap::value_parser!(u16).range(1..=1_000))]
    window_days: Option<u16>,
    /// Which business date a file describes: day (on which it is collected) or day_before.
    #[arg(long, value_name = "RULE", default_value = "day")]
    as_at: AsAt,
    /// Of a file with .sha256 at the end of its name: if_there, required or none.
    #[arg(long, value_name = "RULE", default_value = "if_there")]
    checksum: Checksum,
    /// The file is Windows-1252 rather than UTF-8.
    #[arg(long)]
    windows_1252: bool,
    /// A file with the bearer token that the file's server asks for.
    #[arg(long, value_name = "FILE", conflicts_with = "user")]
    token_file: Option<PathBuf>,
    /// The user that the file's server asks for.
    #[arg(long, requires = "password_file")]
    user: Option<String>,
    /// A file with the user's password.
    #[arg(long, value_name = "FILE", requires = "user")]
    password_file: Option<PathBuf>,
    #[command(flatten)]
    reach: Reach,
}

/// What `source test` and `source run` are told.
#[derive(Debug, Args)]
pub(super) struct One {
    /// The source's id.
    id: Uuid,
    #[command(flatten)]
    reach: Reach,
}

/// Where calls may go: as for `serve`.
#[derive(Debug, Args)]
struct Reach {
    /// A private network that one council's addresses may be in: E09000023=10.20.0.0/16. May be repeated.
    #[arg(long = "webhook-network", env = "HUB_WEBHOOK_NETWORKS", value_name = "CODE=NETWORK", value_delimiter = ';', value_parser = parse_network)]
    networks: Vec<(AuthorityCode, Allowance)>,
    /// For tests: calls go to this machine and nowhere else. A release build refuses it.
    #[arg(long, env = "HUB_WEBHOOK_LOOPBACK", hide = true)]
    webhook_loopback: bool,
}

impl Reach {
    fn guard(&self) -> Result<Guard, Stop> {
        guard(self.webhook_loopback, cfg!(debug_assertions), self.networks.clone())
    }

    fn fetcher(&self) -> Result<Fetcher, Stop> {
        Fetcher::new(self.guard()?).map_err(|error| Stop::Fault(error.into()))
    }
}

/// A source as it is listed: nothing secret, and of its address only the origin.
#[derive(Serialize)]
struct Listed {
    id: Uuid,
    authority: AuthorityCode,
    name: String,
    dataset: Dataset,
    origin: String,
    pattern: String,
    state: kept::State,
    next_at: Option<Timestamp>,
    failing_since: Option<Timestamp>,
}

pub(super) async fn run(asked: Source, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    match asked {
        Source::Add(asked) => add(&office, *asked).await,
        Source::List { authority } => list(&office, authority).await,
        Source::Show { id } => show(&office, id).await,
        Source::Test(asked) => test(&office, &asked).await,
        Source::Run(asked) => collect(&office, &asked).await,
        Source::Pause { id } => turn(&office, id, true).await,
        Source::Resume { id } => turn(&office, id, false).await,
        Source::Remove { id } => {
            let source = locate(&office, id).await?;
            sources::remove(&office.hub, source.authority, id).await?;
            Answer::new(format!("{id} is removed and its credential forgotten.\n"), json!({ "id": id }))
        }
    }
}

async fn add(office: &Office, asked: Add) -> Result<Answer, Stop> {
    let guard = asked.reach.guard()?;
    let shows = asked.user.map(Shows::Basic).or(asked.token_file.as_ref().map(|_| Shows::Bearer));
    let secret = asked.token_file.or(asked.password_file).map(|file| read_secret(&file)).transpose()?;
    let Add { mode, window_days, as_at, checksum, windows_1252, .. } = asked;
    let new = NewSource {
        authority: asked.authority,
        dataset: asked.dataset,
        url: asked.url,
        pattern: asked.at,
        terms: Terms { mode, window_days, as_at, checksum, windows_1252, shows },
        secret,
        by: "operator".to_owned(),
    };
    let source = sources::register(&office.hub, &guard, &new).await.map_err(refuse)?;
    let listed = Listed::of(&source, office.now());
    let text = format!(
        "{}\n{} of {} is collected from {} from {} on.\nTry it: hub source test {}\n",
        source.id,
        source.dataset,
        listed.name,
        listed.origin,
        or_dash(listed.next_at.map(local)),
        source.id
    );
    Answer::new(text, listed)
}

fn read_secret(file: &std::path::Path) -> Result<SecretString, Stop> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Stop::Usage(format!("{} cannot be read: {error}", file.display())))?;
    let text = text.trim();
    if text.is_empty() || text.contains(char::is_control) {
        return Err(Stop::Usage(format!("{} holds no token or password on one line", file.display())));
    }
    Ok(SecretString::from(text))
}

async fn list(office: &Office, authority: Option<AuthorityCode>) -> Result<Answer, Stop> {
    let all = match authority {
        Some(authority) => sources::list(&office.hub, authority).await?,
        None => sources::all(&office.hub).await?,
    };
    let listed: Vec<Listed> = all.iter().map(|source| Listed::of(source, office.now())).collect();
    let is_good = listed.iter().all(|source| source.failing_since.is_none());
    let headings = ["authority", "dataset", "from", "pattern (London)", "state", "next", "failing since", "id"];
    let row = |one: &Listed| {
        let state = if one.failing_since.is_some() { "FAILING" } else { one.state.as_str() };
        vec![
            one.name.clone(),
            one.dataset.to_string(),
            one.origin.clone(),
            one.pattern.clone(),
            state.to_owned(),
            or_dash(one.next_at.map(local)),
            or_dash(one.failing_since.map(local)),
            one.id.to_string(),
        ]
    };
    Ok(Answer::list(&headings, &listed, row)?.judged(is_good))
}

async fn show(office: &Office, id: Uuid) -> Result<Answer, Stop> {
    let source = locate(office, id).await?;
    let found = sources::find(&office.hub, source.authority, id, 20).await?;
    let times = found.map(|(_, times)| times).unwrap_or_default();
    let listed = Listed::of(&source, office.now());
    let text =
        format!("{} of {} from {}, {}\n{}", listed.dataset, listed.name, listed.origin, listed.state, table(&times));
    let documents: Vec<_> = times.iter().map(describe).collect();
    Answer::new(text, json!({ "source": listed, "collections": documents }))
}

fn table(times: &[Collection]) -> String {
    let rows: Vec<Vec<String>> = times
        .iter()
        .map(|one| {
            let (reason, submission) = (or_dash(one.reason.clone()), or_dash(one.submission));
            vec![local(one.at), one.outcome.to_string(), reason, one.bytes.to_string(), submission]
        })
        .collect();
    crate::screen::table(&["when", "outcome", "reason", "bytes", "submission"], &rows)
}

fn describe(one: &Collection) -> serde_json::Value {
    json!({
        "at": one.at,
        "slot": one.slot,
        "outcome": one.outcome,
        "reason": one.reason,
        "bytes": one.bytes,
        "digest": one.digest,
        "submission": one.submission,
    })
}

async fn test(office: &Office, asked: &One) -> Result<Answer, Stop> {
    let source = locate(office, asked.id).await?;
    let looked = sources::look(&office.hub, &asked.reach.fetcher()?, &source).await.map_err(refuse)?;
    let checksum = match &looked.checksum {
        None => "no checksum file",
        Some(said) if *said == looked.digest => "its checksum file agrees",
        Some(_) => "ITS CHECKSUM FILE DISAGREES",
    };
    let agrees = looked.checksum.as_ref().is_none_or(|said| *said == looked.digest);
    let is_good = agrees && !looked.report.has_errors();
    let text = format!("{} bytes, {checksum}.\n{}", looked.bytes, looked.report.render_text());
    let document =
        json!({ "bytes": looked.bytes, "digest": looked.digest, "checksum": looked.checksum, "report": looked.report });
    Ok(Answer::new(text, document)?.judged(is_good))
}

async fn collect(office: &Office, asked: &One) -> Result<Answer, Stop> {
    let source = locate(office, asked.id).await?;
    let place = (source.authority, source.id);
    let done = sources::collect(&office.hub, &asked.reach.fetcher()?, place, office.now()).await?;
    let found = sources::find(&office.hub, source.authority, asked.id, 1).await?;
    let times = found.map(|(_, times)| times).unwrap_or_default();
    let documents: Vec<_> = times.iter().map(describe).collect();
    let refused = times.iter().any(|one| one.outcome == kept::Outcome::Refused);
    let is_good = done == Collected::Settled && !refused;
    Ok(Answer::new(table(&times), json!({ "collection": documents.first() }))?.judged(is_good))
}

async fn turn(office: &Office, id: Uuid, paused: bool) -> Result<Answer, Stop> {
    let source = locate(office, id).await?;
    let changed = sources::pause(&office.hub, source.authority, id, paused).await?;
    let said = match (paused, changed) {
        (true, true) => "is paused",
        (false, true) => "is collected from again",
        (true, false) => "was paused already",
        (false, false) => "was not paused",
    };
    Answer::new(format!("{id} {said}.\n"), json!({ "id": id, "paused": paused, "changed": changed }))
}

async fn locate(office: &Office, id: Uuid) -> Result<Kept, Stop> {
    let found = kept::locate(&mut *office.read().await?, id).await?;
    found.ok_or_else(|| refuse(SourceRefusal::NotFound))
}

fn refuse(refusal: SourceRefusal) -> Stop {
    match refusal {
        SourceRefusal::Fault(fault) => fault.into(),
        SourceRefusal::NotFound => Stop::Refused("there is no source of this id".to_owned()),
        refusal @ (SourceRefusal::Address(_) | SourceRefusal::Unreadable(_) | SourceRefusal::TooMany) => {
            Stop::Refused(refusal.to_string())
        }
        refusal @ (SourceRefusal::Pattern(_)
        | SourceRefusal::Dataset
        | SourceRefusal::Credential
        | SourceRefusal::Window) => Stop::Usage(refusal.to_string()),
    }
}

impl Listed {
    fn of(source: &Kept, now: Timestamp) -> Self {
        let parsed = url::Url::parse(&source.url).ok();
        Self {
            id: source.id,
            authority: source.authority,
            name: name_of(source.authority),
            dataset: source.dataset,
            origin: parsed.map_or_else(|| "–".to_owned(), |url| url.origin().ascii_serialization()),
            pattern: source.pattern.clone(),
            state: source.state,
            next_at: sources::next_slot(source, now),
            failing_since: source.failing_since,
        }
    }
}

//! `endpoint`: where notices are sent, and how each receiver does.

use clap::{Args, Subcommand};
use hub_domain::{AuthorityCode, authority};
use hub_pipeline::endpoints::{self, EndpointRefusal};
use hub_store::endpoint::{self as kept, Endpoint as Kept, State};
use serde_json::{Value, json};
use uuid::Uuid;

use super::office::{Office, name_of, parse_authority};
use super::{Global, Stop};
use crate::screen::{Answer, local, or_dash};

#[derive(Debug, Subcommand)]
pub(super) enum Endpoint {
    /// List endpoints and how each has been doing.
    List(List),
    /// Stop sending to an endpoint for a while; what is queued for it waits.
    Pause {
        /// The endpoint's id.
        id: Uuid,
    },
    /// Send again: what has waited is due at once.
    Resume {
        /// The endpoint's id.
        id: Uuid,
    },
    /// Queue a signed test event; `hub delivery list --endpoint ID` shows what came of it.
    Ping {
        /// The endpoint's id.
        id: Uuid,
    },
}

/// What `endpoint list` is told.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Only those of this authority.
    #[arg(long, value_name = "CODE", value_parser = parse_authority)]
    authority: Option<AuthorityCode>,
}

pub(super) async fn run(endpoint: Endpoint, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    match endpoint {
        Endpoint::List(list) => self::list(&office, list.authority).await,
        Endpoint::Pause { id } => {
            let host = host_of(&office, id).await?;
            let paused = endpoints::pause(&office.hub, host, id).await.map_err(refuse)?;
            Answer::new("Paused: what is queued waits, for fourteen days at most.\n", describe(&paused))
        }
        Endpoint::Resume { id } => {
            let host = host_of(&office, id).await?;
            let resumed = endpoints::resume(&office.hub, host, id).await.map_err(refuse)?;
            Answer::new("Resumed: what has waited is due at once.\n", describe(&resumed))
        }
        Endpoint::Ping { id } => {
            let host = host_of(&office, id).await?;
            let delivery = endpoints::ping(&office.hub, host, id).await.map_err(refuse)?;
            let text = format!("Queued as delivery {delivery}; the hub that runs on this database sends it.\n");
            Answer::new(text, json!({ "delivery": delivery }))
        }
    }
}

async fn list(office: &Office, named: Option<AuthorityCode>) -> Result<Answer, Stop> {
    let mut link = office.read().await?;
    let all = match named {
        Some(host) => kept::list(&mut link, host).await?,
        None => kept::all(&mut link).await?,
    };
    let there: Vec<Kept> = all.into_iter().filter(|endpoint| endpoint.state != State::Removed).collect();
    let headings = ["authority", "state", "failures", "last success", "last error", "ms", "host", "id"];
    let rows: Vec<Vec<String>> = there.iter().map(row).collect();
    let documents: Vec<Value> = there.iter().map(describe).collect();
    Answer::new(crate::screen::table(&headings, &rows), documents)
}

async fn host_of(office: &Office, id: Uuid) -> Result<AuthorityCode, Stop> {
    let mut link = office.read().await?;
    let found = kept::locate(&mut link, id).await?;
    found.map(|endpoint| endpoint.authority).ok_or_else(|| refuse(EndpointRefusal::NotFound))
}

fn refuse(refusal: EndpointRefusal) -> Stop {
    match refusal {
        EndpointRefusal::Fault(fault) => fault.into(),
        EndpointRefusal::NotFound => Stop::Refused("there is no endpoint of this id".to_owned()),
        refusal @ (EndpointRefusal::Address(_)
        | EndpointRefusal::Description
        | EndpointRefusal::Events
        | EndpointRefusal::TooMany
        | EndpointRefusal::State(_)
        | EndpointRefusal::Token
        | EndpointRefusal::NoSecret
        | EndpointRefusal::Overlap) => Stop::Refused(refusal.to_string()),
    }
}

/// Its state as people see it: one that is sent to and keeps failing is failing.
fn standing(endpoint: &Kept) -> &'static str {
    if endpoint.state == State::Active && endpoint.health.is_failing() { "failing" } else { endpoint.state.as_str() }
}

/// As much of the address as may be shown: its path may hold a token.
fn origin(endpoint: &Kept) -> String {
    let parsed = url::Url::parse(&endpoint.url).ok();
    parsed.map_or_else(|| "–".to_owned(), |url| url.origin().ascii_serialization())
}

fn row(endpoint: &Kept) -> Vec<String> {
    vec![
        name_of(endpoint.authority),
        standing(endpoint).to_owned(),
        endpoint.health.failures.to_string(),
        or_dash(endpoint.health.succeeded_at.map(local)),
        or_dash(endpoint.health.error.as_ref()),
        or_dash(endpoint.health.milliseconds),
        origin(endpoint),
        endpoint.id.to_string(),
    ]
}

fn describe(endpoint: &Kept) -> Value {
    let health = &endpoint.health;
    json!({
        "id": endpoint.id,
        "authority": endpoint.authority,
        "name": authority::find(endpoint.authority).map(|known| known.name.as_str()),
        "origin": origin(endpoint),
        "scheme": endpoint.scheme,
        "description": endpoint.description,
        "events": endpoint.events,
        "state": standing(endpoint),
        "created_at": endpoint.created_at,
        "verified_at": endpoint.verified_at,
        "failures": health.failures,
        "failing_since": health.failing_since,
        "next_try_at": health.open_until,
        "last_success_at": health.succeeded_at,
        "last_failure_at": health.failed_at,
        "last_error": health.error,
        "milliseconds": health.milliseconds,
        "late_since": endpoint.late_since,
    })
}

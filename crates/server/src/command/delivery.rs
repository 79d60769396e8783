//! `delivery`: what was queued for endpoints, and what came of it.

use clap::{Args, Subcommand};
use hub_domain::{AuthorityCode, Timestamp};
use hub_pipeline::deliveries::{self, ResendRefusal};
use hub_store::delivery::{self as kept, Delivery as Kept, Filter, State};
use hub_store::endpoint;
use serde_json::{Value, json};
use uuid::Uuid;

use super::office::{Office, name_of, parse_authority};
use super::{Global, Stop};
use crate::screen::{Answer, local, or_dash};

#[derive(Debug, Subcommand)]
pub(super) enum Delivery {
    /// List deliveries, newest first. `--state dead` lists the dead letters.
    List(List),
    /// Send what is over once more: the same bytes under the same id.
    Replay(Replay),
}

/// What `delivery list` is told.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Only those of this host authority.
    #[arg(long, value_name = "CODE", value_parser = parse_authority)]
    authority: Option<AuthorityCode>,
    /// Only those to this endpoint.
    #[arg(long, value_name = "ID")]
    endpoint: Option<Uuid>,
    /// Only those in this state: ready, sending, delivered or dead.
    #[arg(long, value_name = "STATE")]
    state: Option<State>,
    /// Only those about this notice.
    #[arg(long, value_name = "ID")]
    notice: Option<Uuid>,
    /// Only those first queued then or later.
    #[arg(long, value_name = "INSTANT")]
    since: Option<Timestamp>,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
}

/// What `delivery replay` is told.
#[derive(Debug, Args)]
pub(super) struct Replay {
    /// The delivery's id.
    #[arg(required_unless_present = "endpoint", conflicts_with = "endpoint")]
    id: Option<Uuid>,
    /// Instead of one delivery: everything about notices that was queued for this endpoint.
    #[arg(long, value_name = "ID", requires = "since")]
    endpoint: Option<Uuid>,
    /// With --endpoint: since when.
    #[arg(long, value_name = "INSTANT")]
    since: Option<Timestamp>,
}

pub(super) async fn run(delivery: Delivery, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    match delivery {
        Delivery::List(list) => self::list(&office, list).await,
        Delivery::Replay(Replay { id: Some(id), .. }) => one(&office, id).await,
        Delivery::Replay(Replay { endpoint: Some(id), since: Some(since), .. }) => range(&office, id, since).await,
        Delivery::Replay(_) => Err(Stop::Usage("name a delivery, or an endpoint and since when".to_owned())),
    }
}

async fn list(office: &Office, list: List) -> Result<Answer, Stop> {
    let filter = Filter {
        authority: list.authority,
        endpoint: list.endpoint,
        state: list.state,
        event_type: None,
        notice: list.notice,
        since: list.since,
        before: None,
        limit: list.limit,
    };
    let mut link = office.read().await?;
    let all = kept::log(&mut link, &filter).await?;
    let headings = ["queued", "authority", "event", "state", "attempts", "reason", "next", "id"];
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let documents: Vec<Value> = all.iter().map(describe).collect();
    Answer::new(crate::screen::table(&headings, &rows), documents)
}

async fn one(office: &Office, id: Uuid) -> Result<Answer, Stop> {
    let mut link = office.read().await?;
    let found = kept::locate(&mut link, id).await?.ok_or_else(|| refuse(ResendRefusal::NotFound))?;
    drop(link);
    let again = deliveries::replay(&office.hub, found.authority, id).await.map_err(refuse)?;
    Answer::new("Queued once more; the hub that runs on this database sends it.\n", describe(&again))
}

async fn range(office: &Office, id: Uuid, since: Timestamp) -> Result<Answer, Stop> {
    let mut link = office.read().await?;
    let found = endpoint::locate(&mut link, id).await?;
    drop(link);
    let found = found.ok_or_else(|| Stop::Refused("there is no endpoint of this id".to_owned()))?;
    let replayed = deliveries::replay_since(&office.hub, found.authority, id, since).await.map_err(refuse)?;
    Answer::new(format!("{replayed} deliveries are queued once more.\n"), json!({ "replayed": replayed }))
}

fn refuse(refusal: ResendRefusal) -> Stop {
    match refusal {
        ResendRefusal::Fault(fault) => fault.into(),
        ResendRefusal::NotFound => Stop::Refused("there is no delivery of this id".to_owned()),
        refusal @ (ResendRefusal::NotOver(_) | ResendRefusal::Endpoint(_)) => Stop::Refused(refusal.to_string()),
    }
}

fn row(delivery: &Kept) -> Vec<String> {
    let next = delivery.finished_at.is_none().then(|| local(delivery.next_at));
    let event = delivery.event_type.trim_start_matches("uk.sufficiencyhub.").trim_end_matches(".v1");
    vec![
        local(delivery.created_at),
        name_of(delivery.authority),
        event.to_owned(),
        delivery.state.to_string(),
        delivery.attempt.to_string(),
        or_dash(delivery.error.as_ref()),
        or_dash(next),
        delivery.id.to_string(),
    ]
}

/// Nothing of what was sent.
fn describe(delivery: &Kept) -> Value {
    json!({
        "id": delivery.id,
        "authority": delivery.authority,
        "endpoint": delivery.endpoint,
        "event_id": delivery.event_id,
        "event_type": delivery.event_type,
        "notice": (!delivery.is_service()).then_some(delivery.notice),
        "state": delivery.state,
        "attempts": delivery.attempt,
        "reason": delivery.error,
        "next_at": delivery.finished_at.is_none().then_some(delivery.next_at),
        "created_at": delivery.created_at,
        "queued_at": delivery.queued_at,
        "finished_at": delivery.finished_at,
    })
}

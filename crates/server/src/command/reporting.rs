//! `reporting-key`: read-only keys for reporting tools such as Power BI.

use clap::{Args, Subcommand};
use hub_domain::Timestamp;
use hub_domain::clock::london_midnight;
use hub_pipeline::identity::reporting::{NewKey, issue, revoke};
use hub_store::identity::{ReportingKey as Kept, reporting_keys};
use jiff::ToSpan as _;
use jiff::civil::Date;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use serde_json::json;

use super::office::{Office, parse_date, today};
use super::{Global, Stop};
use crate::screen::{Answer, local, or_dash};

#[derive(Debug, Subcommand)]
pub(super) enum ReportingKey {
    /// Issue a key. It reads the consortium's published tables, their definitions and their catalogue, and nothing that is live
    /// or a child's. Its secret is shown once.
    Add(Add),
    /// List the keys: when each ends, and when it was last used.
    List,
    /// End a key: within a minute nobody reads with it.
    Revoke {
        /// The key's id.
        id: String,
    },
}

/// What `reporting-key add` is told.
#[derive(Debug, Args)]
pub(super) struct Add {
    /// The id it will have, such as croydon-power-bi: the user name that it is sent with. Ids are never used again.
    id: String,
    /// What people call it; the id, when not given.
    #[arg(long)]
    name: Option<String>,
    /// The last day it may be used, within two years; a year from today, when not given.
    #[arg(long, value_name = "DATE", value_parser = parse_date, conflicts_with = "days")]
    until: Option<Date>,
    /// For so many days from today.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..=730))]
    days: Option<i32>,
}

/// A key as it is listed: nothing secret.
#[derive(Serialize)]
struct Listed {
    id: String,
    name: String,
    state: &'static str,
    created_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    /// To the hour.
    used_at: Option<Timestamp>,
}

pub(super) async fn run(key: ReportingKey, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    match key {
        ReportingKey::Add(asked) => add(&office, asked).await,
        ReportingKey::List => list(&office).await,
        ReportingKey::Revoke { id } => {
            revoke(&office.hub, &id).await?;
            let text = format!("{id} is revoked: within a minute nobody reads with it.\n");
            Answer::new(text, json!({ "key": id, "state": "revoked" }))
        }
    }
}

async fn add(office: &Office, asked: Add) -> Result<Answer, Stop> {
    let last = asked.until.unwrap_or_else(|| {
        let today = today();
        today.checked_add(asked.days.unwrap_or(365).days()).unwrap_or(today)
    });
    let expires_at = after(last)?;
    let new = NewKey { name: asked.name.unwrap_or_else(|| asked.id.clone()), id: asked.id, expires_at };
    let secret = issue(&office.hub, &new).await?;
    let (id, secret) = (new.id, secret.expose_secret());
    let text = format!(
        "{id} is issued; its last day is {last}.\n\
         User name  {id}\n\
         Password   {secret}\n\
         The password is not kept and not shown again.\n"
    );
    Answer::new(text, json!({ "key": id, "secret": secret, "expires_at": expires_at }))
}

/// The end of a day, in London.
fn after(day: Date) -> Result<Timestamp, Stop> {
    let next = day.tomorrow().ok().and_then(london_midnight);
    next.ok_or_else(|| Stop::Usage(format!("{day} is no day that a key can end on")))
}

async fn list(office: &Office) -> Result<Answer, Stop> {
    let now = office.now();
    let all = reporting_keys(&mut *office.read().await?).await?;
    let all: Vec<Listed> = all.into_iter().map(|key| Listed::of(key, now)).collect();
    Answer::list(&["key", "name", "state", "issued", "ends", "last used"], &all, |key| {
        vec![
            key.id.clone(),
            key.name.clone(),
            key.state.to_owned(),
            local(key.created_at),
            local(key.expires_at),
            or_dash(key.used_at.map(local)),
        ]
    })
}

impl Listed {
    fn of(key: Kept, now: Timestamp) -> Self {
        let Kept { id, name, created_at, expires_at, revoked_at, used_at, .. } = key;
        let state = match revoked_at {
            Some(_) => "revoked",
            None if expires_at <= now => "ended",
            None => "active",
        };
        Self { id, name, state, created_at, expires_at, revoked_at, used_at }
    }
}

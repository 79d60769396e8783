//! `release`: what was published.

use clap::{Args, Subcommand};
use hub_pipeline::publish::{PublishRefusal, Refusal, publish, refusals};
use hub_store::release::{self, Release as Kept};
use serde_json::{Value, json};

use super::office::Office;
use super::{Global, Stop};
use crate::screen::{Answer, local, table};

#[derive(Debug, Subcommand)]
pub(super) enum Release {
    /// Publish what is believed now, through the release gate. Running hubs take it up within a second.
    Publish(Publish),
    /// List releases, latest first.
    List(List),
}

/// What `release publish` is told.
#[derive(Debug, Args)]
pub(super) struct Publish {
    /// Why, for the record.
    #[arg(long, default_value = "request")]
    reason: String,
}

/// What `release list` is told.
#[derive(Debug, Args)]
pub(super) struct List {
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
}

pub(super) async fn run(command: Release, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    match command {
        Release::Publish(asked) => {
            let published = publish(&office.hub, &asked.reason).await.map_err(refuse)?;
            let Kept { number, id, digest, .. } = &published.release;
            let tables: Vec<&str> = published.tables.keys().map(String::as_str).collect();
            let text = format!(
                "Release {number} is published.\n  id      {id}\n  digest  {digest}\n  tables  {}\n",
                tables.join(", ")
            );
            Answer::new(text, describe(&published.release))
        }
        Release::List(list) => {
            let mut link = office.read().await?;
            let all = release::list(&mut link, None, list.limit).await?;
            let refused = refusals(&mut link, list.limit).await?;
            Answer::new(shown(&all, &refused), documents(&all, &refused))
        }
    }
}

/// Releases, and below them what the gate refused and why.
fn shown(all: &[Kept], refused: &[Refusal]) -> String {
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let mut text = table(&["number", "published", "as at", "reason", "digest", "id"], &rows);
    if !refused.is_empty() {
        let rows =
            refused.iter().map(|one| vec![local(one.at), one.as_at.to_string(), one.reason.clone(), one.why.clone()]);
        text.push_str("\nRefused by the release gate; nothing of these was published:\n");
        text.push_str(&table(&["refused", "as at", "reason", "why"], &rows.collect::<Vec<_>>()));
    }
    text
}

/// Releases as documents; a refusal is one without an id and a number, and with `refused`.
fn documents(all: &[Kept], refused: &[Refusal]) -> Vec<Value> {
    let refusal = |one: &Refusal| json!({ "as_at": one.as_at, "reason": one.reason, "refused": { "at": one.at, "why": one.why } });
    all.iter().map(describe).chain(refused.iter().map(refusal)).collect()
}

fn refuse(refusal: PublishRefusal) -> Stop {
    match refusal {
        PublishRefusal::Fault(fault) => fault.into(),
        PublishRefusal::Gate(refused) => {
            Stop::Refused(format!("the release gate refused, and nothing was published: {refused}"))
        }
    }
}

fn row(kept: &Kept) -> Vec<String> {
    vec![
        kept.number.to_string(),
        local(kept.published_at),
        kept.as_at.to_string(),
        kept.reason.clone(),
        kept.digest.chars().take(16).collect(),
        kept.id.to_string(),
    ]
}

fn describe(kept: &Kept) -> Value {
    let inner = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
    json!({
        "id": kept.id,
        "number": kept.number,
        "as_at": kept.as_at,
        "published_at": kept.published_at,
        "digest": kept.digest,
        "reason": kept.reason,
        "basis": inner(&kept.basis),
        "summary": inner(&kept.summary),
    })
}

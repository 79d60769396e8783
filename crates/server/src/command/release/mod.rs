//! `release`: what was published.

mod again;

use clap::{Args, Subcommand};
use hub_domain::AuthorityCode;
use hub_pipeline::publish::{Audience, PublishRefusal, Refusal, publish_to, refusals};
use hub_store::release::{self, Release as Kept};
use serde_json::{Value, json};
use uuid::Uuid;

use super::office::Office;
use super::{Global, Stop};
use crate::screen::{Answer, local, table};

#[derive(Debug, Subcommand)]
pub(super) enum Release {
    /// Publish what is believed now, through the release gate. Running hubs take it up within a second.
    Publish(Publish),
    /// List releases, latest first.
    List(List),
    /// Show one release: what it rests on, and how much of what could be shown is.
    Show(Which),
    /// Attack a release from what it shows, with the twelve before it, as any reader and as each authority that knows its
    /// own rows. Exit 1 when anything is worked out.
    Audit(Which),
    /// Make a release anew from the records as they were known then, and compare it byte for byte. Exit 1 when it differs.
    Recompute(Which),
    /// Say what stands behind a figure: its definition, the rules it passed, and the submissions it was made of.
    Explain(Explain),
}

/// Which release.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// The release's id, as `hub release list` prints it.
    id: Uuid,
}

/// What `release explain` is told.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The release's id.
    id: Uuid,
    /// A table, such as `flows`.
    table: String,
    /// Labels of the row, with commas between: `Lewisham,10-12`.
    #[arg(value_delimiter = ',', required = true)]
    row: Vec<String>,
    /// For whom: only this authority's own submissions are named.
    #[arg(long, value_name = "CODE")]
    authority: Option<AuthorityCode>,
}

/// What `release publish` is told.
#[derive(Debug, Args)]
pub(super) struct Publish {
    /// Why, for the record.
    #[arg(long, default_value = "request")]
    reason: String,
    /// For whom: the consortium, or the public (threshold ten, rounded to five, meant for once a quarter).
    #[arg(long, value_name = "AUDIENCE", default_value = "consortium")]
    audience: Audience,
}

/// What `release list` is told.
#[derive(Debug, Args)]
pub(super) struct List {
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
    /// Of which audience.
    #[arg(long, value_name = "AUDIENCE", default_value = "consortium")]
    audience: Audience,
}

pub(super) async fn run(command: Release, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    match command {
        Release::Publish(asked) => {
            let published = publish_to(&office.hub, asked.audience, &asked.reason).await.map_err(refuse)?;
            let Kept { number, id, digest, .. } = &published.release;
            let tables: Vec<&str> = published.tables.keys().map(String::as_str).collect();
            let text = format!(
                "Release {number} is published.\n  id      {id}\n  digest  {digest}\n  tables  {}\n  shown   {} of the counts that are safe\n",
                tables.join(", "),
                shown_share(&published.release)
            );
            Answer::new(text, describe(&published.release))
        }
        Release::List(list) => {
            let mut link = office.read().await?;
            let all = release::list(&mut link, list.audience.as_str(), None, list.limit).await?;
            let refused = refusals(&mut link, list.limit).await?;
            Answer::new(shown(&all, &refused), documents(&all, &refused))
        }
        Release::Show(which) => again::show(&office, which.id).await,
        Release::Audit(which) => again::audit(&office, which.id).await,
        Release::Recompute(which) => again::recompute(&office, which.id).await,
        Release::Explain(asked) => again::explain(&office, &asked).await,
    }
}

/// Releases, and below them what the gate refused and why.
fn shown(all: &[Kept], refused: &[Refusal]) -> String {
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let mut text = table(&["number", "published", "as at", "reason", "shown", "digest", "id"], &rows);
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
        shown_share(kept),
        kept.digest.chars().take(16).collect(),
        kept.id.to_string(),
    ]
}

/// The share of safe counts that the release shows.
fn shown_share(kept: &Kept) -> String {
    let summary: Value = serde_json::from_str(&kept.summary).unwrap_or_default();
    let per_mille = summary.get("shown_per_mille_of_safe_cells").and_then(Value::as_u64);
    per_mille.map_or_else(|| "-".to_owned(), |share| format!("{}.{} %", share / 10, share % 10))
}

fn describe(kept: &Kept) -> Value {
    let inner = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
    json!({
        "id": kept.id,
        "number": kept.number,
        "audience": kept.audience,
        "as_at": kept.as_at,
        "published_at": kept.published_at,
        "digest": kept.digest,
        "reason": kept.reason,
        "basis": inner(&kept.basis),
        "summary": inner(&kept.summary),
    })
}

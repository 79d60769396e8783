//! `audit`: what was done to records other than by a feed, and whether nobody has changed what was written of it.

use clap::{Args, Subcommand};
use hub_domain::AuthorityCode;
use hub_pipeline::audit;
use hub_store::audit::Entry;
use serde_json::{Value, json};

use super::office::{Office, name_of, parse_authority};
use super::{Global, Stop};
use crate::screen::{Answer, local, table};

#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// List what was deleted under a rule of retention, handed out of a child, or erased: with who, when and the proof.
    List(List),
    /// Follow every chain from its first entry; exit 1 when an entry is missing or is not what was written.
    Verify,
}

/// What `audit list` is told.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Whose records.
    #[arg(long, value_name = "CODE", value_parser = parse_authority)]
    authority: AuthorityCode,
    /// Entries after this number.
    #[arg(long, value_name = "N", default_value_t = 0)]
    after: i64,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(i64).range(1..=100_000))]
    limit: i64,
}

pub(super) async fn run(command: Audit, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    let mut link = office.read().await?;
    match command {
        Audit::List(List { authority, after, limit }) => {
            let entries = audit::entries(&mut link, authority, after, limit).await?;
            let rows: Vec<Vec<String>> = entries.iter().map(row).collect();
            let documents: Vec<Value> = entries.iter().map(describe).collect();
            Answer::new(table(&["n", "at", "who", "what", "to what", "detail"], &rows), documents)
        }
        Audit::Verify => {
            let (heads, broken) = audit::verify(&mut link).await?;
            let entries: i64 = heads.values().map(|head| head.n).sum();
            let whole = format!("{entries} entries of {} authorities follow each from the one before.\n", heads.len());
            let breaks =
                broken.iter().map(|one| format!("{}: entry {}: {}.\n", name_of(one.authority), one.n, one.why));
            let text: String = std::iter::once(whole).chain(breaks).collect();
            let document = json!({ "heads": heads, "broken": broken });
            Ok(Answer::new(text, document)?.judged(broken.is_empty()))
        }
    }
}

fn row(entry: &Entry) -> Vec<String> {
    let Entry { n, at, actor, action, subject, detail, .. } = entry;
    vec![n.to_string(), local(*at), actor.clone(), action.clone(), subject.clone(), detail.clone()]
}

fn describe(entry: &Entry) -> Value {
    let detail: Value = serde_json::from_str(&entry.detail).unwrap_or_default();
    json!({
        "n": entry.n, "at": entry.at, "actor": entry.actor, "action": entry.action, "subject": entry.subject,
        "detail": detail,
    })
}

//! `submission`: what was sent, and what became of it.

use clap::{Args, Subcommand};
use hub_domain::{AuthorityCode, Dataset};
use hub_pipeline::submissions::{self, Refused};
use hub_store::submission::{self as kept, Filter, Submission as Kept};
use serde_json::{Value, json};
use uuid::Uuid;

use super::office::{Office, name_of, parse_authority};
use super::{Global, Stop};
use crate::screen::{Answer, local, or_dash};

#[derive(Debug, Subcommand)]
pub(super) enum Submission {
    /// List submissions, newest first.
    List(List),
    /// Show a submission and its report.
    Show {
        /// The submission's id.
        id: Uuid,
    },
    /// Take an applied submission back: records return to what they were, and what was derived is corrected.
    Withdraw {
        /// The submission's id.
        id: Uuid,
    },
}

/// What `submission list` is told.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Only those of this authority.
    #[arg(long, value_name = "CODE", value_parser = parse_authority)]
    authority: Option<AuthorityCode>,
    /// Only those of this dataset.
    #[arg(long, value_name = "NAME")]
    dataset: Option<Dataset>,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
}

pub(super) async fn run(submission: Submission, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    match submission {
        Submission::List(list) => {
            let filter = Filter { authority: list.authority, dataset: list.dataset, before: None, limit: list.limit };
            let mut link = office.read().await?;
            let all = kept::list(&mut link, &filter).await?;
            let documents: Vec<(Kept, Value)> = all.into_iter().map(|kept| (kept.clone(), describe(&kept))).collect();
            table(&documents)
        }
        Submission::Show { id } => show(&office, &find(&office, id).await?).await,
        Submission::Withdraw { id } => {
            let found = find(&office, id).await?;
            let withdrawn = submissions::withdraw(&office.hub, found.authority, id).await.map_err(refuse)?;
            let whose = (withdrawn.dataset, name_of(withdrawn.authority));
            Answer::new(format!("The {} submission of {} is withdrawn.\n", whose.0, whose.1), describe(&withdrawn))
        }
    }
}

async fn find(office: &Office, id: Uuid) -> Result<Kept, Stop> {
    let mut link = office.read().await?;
    kept::locate(&mut link, id).await?.ok_or_else(|| Stop::Refused("there is no submission of this id".to_owned()))
}

fn refuse(refused: Refused) -> Stop {
    match refused {
        Refused::Fault(fault) => fault.into(),
        refused @ (Refused::NotFound | Refused::NotHeld | Refused::NotApplied) => Stop::Refused(refused.to_string()),
    }
}

fn table(all: &[(Kept, Value)]) -> Result<Answer, Stop> {
    let headings =
        ["received", "authority", "dataset", "mode", "as at", "verdict", "rows", "new", "changed", "ended", "id"];
    let documents: Vec<&Value> = all.iter().map(|(_, document)| document).collect();
    let rows: Vec<Vec<String>> = all.iter().map(|(kept, _)| row(kept)).collect();
    Answer::new(crate::screen::table(&headings, &rows), documents)
}

fn row(kept: &Kept) -> Vec<String> {
    let count = |read: fn(&kept::Counts) -> u64| or_dash(kept.counts.as_ref().map(read));
    vec![
        local(kept.received_at),
        name_of(kept.authority),
        kept.dataset.to_string(),
        kept.mode.to_string(),
        kept.as_at.to_string(),
        kept.verdict.map_or("not decided yet", |verdict| verdict.as_str()).to_owned(),
        count(|counts| counts.rows_read),
        count(|counts| counts.opened),
        count(|counts| counts.amended),
        count(|counts| counts.closed),
        kept.id.to_string(),
    ]
}

async fn show(office: &Office, kept: &Kept) -> Result<Answer, Stop> {
    let report = submissions::report(&office.hub, kept.authority, kept.id).await?;
    let mut document = describe(kept);
    if let (Some(members), Some(report)) = (document.as_object_mut(), &report) {
        members.insert("report".to_owned(), serde_json::to_value(report).map_err(anyhow::Error::from)?);
    }
    let report = report.map(|report| format!("\n{}", report.render_text())).unwrap_or_default();
    let text = format!("{}{report}", summary(kept));
    Answer::new(text, document)
}

fn summary(kept: &Kept) -> String {
    let verdict = kept.verdict.map_or("not decided yet", |verdict| verdict.as_str());
    let reason = kept.held_reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    let counts = kept.counts.as_ref().map(|counts| {
        let kept::Counts { opened, amended, closed, unchanged, .. } = counts;
        format!("  records: {opened} new, {amended} changed, {closed} ended, {unchanged} as before\n")
    });
    format!(
        "{} of {} as at {}\n  {}\n  received {} from {}, number {} of the authority, {} bytes\n  verdict {verdict}{reason}\n{}",
        kept.dataset,
        name_of(kept.authority),
        kept.as_at,
        kept.id,
        local(kept.received_at),
        kept.client,
        kept.seq,
        kept.bytes,
        counts.unwrap_or_default(),
    )
}

fn describe(kept: &Kept) -> Value {
    json!({
        "id": kept.id,
        "authority": kept.authority,
        "dataset": kept.dataset,
        "mode": kept.mode,
        "as_at": kept.as_at,
        "covers_from": kept.covers_from,
        "correction": kept.correction,
        "client": kept.client,
        "digest": kept.digest,
        "bytes": kept.bytes,
        "contract": kept.contract,
        "state": kept.state,
        "verdict": kept.verdict,
        "held_reason": kept.held_reason,
        "counts": kept.counts,
        "received_at": kept.received_at,
        "decided_at": kept.decided_at,
    })
}

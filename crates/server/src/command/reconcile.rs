//! `reconcile`: what episodes, notices and homes do not agree about.

use clap::{Args, Subcommand};
use hub_domain::{AuthorityCode, Date, london_date};
use hub_notices::reconcile::{Discrepancy, DiscrepancyKind, Side};
use hub_pipeline::reconcile::{self, Reconciliation};
use hub_store::reconciliation::{self as kept, Filter, Kept, Night, Run};
use serde_json::{Value, json};

use super::office::{Office, name_of, parse_authority, parse_date};
use super::{Global, Stop};
use crate::screen::{Answer, local, or_dash, table};

#[derive(Debug, Subcommand)]
pub(super) enum Reconcile {
    /// Set tonight's accounts beside each other now, and keep what does not agree. A running hub does so every night.
    Run,
    /// List what does not agree, as authorities see it; without an authority, how many each has.
    List(List),
}

/// What `reconcile list` is told.
#[derive(Debug, Args)]
pub(super) struct List {
    /// The authority whose list to show.
    #[arg(long, value_name = "CODE", value_parser = parse_authority)]
    authority: Option<AuthorityCode>,
    /// As that night's reconciliation left it; the last when not given.
    #[arg(long, value_name = "DATE", value_parser = parse_date, requires = "authority")]
    night: Option<Date>,
    /// Only of one kind: missing_notice, missing_episode, missing_admission, provider_only, short_break, mismatch, ambiguous.
    #[arg(long, value_name = "KIND", requires = "authority")]
    kind: Option<DiscrepancyKind>,
    /// Those that are over, in place of those that stand.
    #[arg(long, requires = "authority")]
    cleared: bool,
    /// At most so many of each side.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
}

pub(super) async fn run(command: Reconcile, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    match command {
        Reconcile::Run => made(&reconcile::run(&office.hub).await?),
        Reconcile::List(List { authority: None, .. }) => counts(&office).await,
        Reconcile::List(list @ List { authority: Some(authority), .. }) => of(&office, authority, &list).await,
    }
}

fn made(made: &Reconciliation) -> Result<Answer, Stop> {
    let found: u64 = made.found.values().sum();
    let kinds: Vec<String> =
        made.found.iter().map(|(kind, count)| format!("  {count:>7}  {}\n", kind.label())).collect();
    let kinds = kinds.concat();
    let text = format!(
        "The night of {}: {} stays, {} notices and {} admissions; {} agree in all, {found} discrepancies.\n{kinds}",
        made.night, made.stays, made.notices, made.admissions, made.agreed
    );
    Answer::new(text, made)
}

async fn counts(office: &Office) -> Result<Answer, Stop> {
    let runs = kept::latest(&mut *office.read().await?).await?;
    let row = |run: &Run| {
        let count = |number: i64| number.to_string();
        let night = run.night.to_string();
        vec![name_of(run.authority), night, local(run.at), count(run.standing), count(run.opened), count(run.cleared)]
    };
    let documents: Vec<Value> = runs.iter().map(describe_run).collect();
    let rows: Vec<Vec<String>> = runs.iter().map(row).collect();
    Answer::new(table(&["authority", "night", "made", "standing", "new", "cleared"], &rows), documents)
}

fn describe_run(run: &Run) -> Value {
    let Run { authority, at, night, standing, opened, cleared } = run;
    json!({ "authority": authority, "at": at, "night": night, "standing": standing, "opened": opened, "cleared": cleared })
}

async fn of(office: &Office, authority: AuthorityCode, list: &List) -> Result<Answer, Stop> {
    let mut link = office.read().await?;
    let night = match list.night {
        None => Night::Latest,
        Some(night) => match kept::night(&mut link, authority, night).await? {
            Some(run) => Night::Run(run.at),
            None => return Err(Stop::Refused(format!("nothing was reconciled for {} by then", name_of(authority)))),
        },
    };
    let mut found = Vec::new();
    for side in Side::ALL {
        let filter = Filter {
            side: *side,
            night,
            standing: !list.cleared,
            cleared: list.cleared,
            kind: list.kind,
            before: None,
            limit: list.limit,
        };
        for kept in kept::list(&mut link, authority, &filter).await? {
            let read: Discrepancy = serde_json::from_str(&kept.body).map_err(anyhow::Error::from)?;
            found.push((kept, read));
        }
    }
    let rows: Vec<Vec<String>> = found.iter().map(|(kept, found)| row(kept, found)).collect();
    let documents: Vec<Value> = found.iter().map(|(kept, found)| describe(kept, found)).collect();
    let headings = [
        "side",
        "what",
        "episode",
        "notice",
        "admission",
        "who must act",
        "since",
        "first seen",
        "cleared",
        "notice id",
    ];
    Answer::new(table(&headings, &rows), documents)
}

fn row(kept: &Kept, found: &Discrepancy) -> Vec<String> {
    let what = found.field.map_or(found.kind.label(), |field| field.label());
    vec![
        kept.side.to_string(),
        what.to_owned(),
        or_dash(found.said.episode.as_ref()),
        or_dash(found.said.notice.as_ref()),
        or_dash(found.said.admission.as_ref()),
        found.act.label().to_owned(),
        found.since.to_string(),
        london_date(kept.first_seen).to_string(),
        or_dash(cleared(kept)),
        or_dash(found.notice),
    ]
}

fn cleared(kept: &Kept) -> Option<Date> {
    kept.seen_to.filter(|_| kept.cleared).map(london_date)
}

/// Without the child's pseudonym: whoever runs the hub has no business with it.
fn describe(kept: &Kept, found: &Discrepancy) -> Value {
    json!({
        "id": found.id,
        "authority": kept.authority,
        "side": kept.side,
        "kind": found.kind,
        "field": found.field,
        "doubt": found.doubt,
        "candidates": found.candidates,
        "placing": found.placing,
        "hosts": found.hosts,
        "notice": found.notice,
        "admission_ref": found.admission_ref,
        "said": found.said,
        "act": found.act,
        "since": found.since,
        "first_seen": london_date(kept.first_seen),
        "last_seen": kept.last_seen.map(london_date),
        "cleared_on": cleared(kept),
    })
}

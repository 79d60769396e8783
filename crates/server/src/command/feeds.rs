//! `feeds`: which were expected, and whether they came.

use clap::Args;
use hub_domain::AuthorityCode;
use hub_pipeline::feeds::{Arrival, Feed, feeds};

use super::office::{Office, name_of, parse_authority};
use super::{Global, Stop};
use crate::screen::{Answer, local, or_dash};

/// What `feeds` is told.
#[derive(Debug, Args)]
pub(super) struct Feeds {
    /// Only those of this authority.
    #[arg(long, value_name = "CODE", value_parser = parse_authority)]
    authority: Option<AuthorityCode>,
}

/// Lists the feeds; exit 1 when one is late, missing or never came.
pub(super) async fn run(asked: &Feeds, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    let feeds = feeds(&office.hub, asked.authority).await?;
    let is_good =
        feeds.iter().all(|feed| matches!(feed.arrival, Arrival::OnTime | Arrival::ArrivedLate | Arrival::Expected));
    let headings = ["authority", "name", "dataset", "due", "arrival", "last received", "as at", "verdict"];
    Ok(Answer::list(&headings, &feeds, row)?.judged(is_good))
}

fn row(feed: &Feed) -> Vec<String> {
    let arrival = match feed.arrival {
        Arrival::OnTime => "on time",
        Arrival::ArrivedLate => "arrived late",
        Arrival::Late => "LATE",
        Arrival::Missing => "MISSING",
        Arrival::Never => "NEVER CAME",
        Arrival::Expected => "not due yet",
    };
    vec![
        feed.authority.to_string(),
        name_of(feed.authority),
        feed.dataset.to_string(),
        local(feed.due_at),
        arrival.to_owned(),
        or_dash(feed.last_received_at.map(local)),
        or_dash(feed.last_as_at),
        or_dash(feed.last_verdict.map(hub_store::submission::Verdict::as_str)),
    ]
}

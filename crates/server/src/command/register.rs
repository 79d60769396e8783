//! `register`: which children of others live in an authority's area, or where its own live, on any day and as known on any
//! day. Nothing of a child: no pseudonym, no month of birth, no home.

use clap::Args;
use hub_domain::{AuthorityCode, Date, london_date};
use hub_pipeline::register::{self, Asked, Clock, Entry, Side};
use serde_json::{Value, json};

use super::notice::say;
use super::office::{Office, name_of, parse_authority, parse_date};
use super::{Global, Stop};
use crate::screen::{Answer, or_dash, table};

/// What `register` is told.
#[derive(Debug, Args)]
pub(super) struct Register {
    /// The authority: as host, unless --placed.
    #[arg(long, value_name = "CODE", value_parser = parse_authority)]
    authority: AuthorityCode,
    /// The authority's own children in others' areas, in place of others' in its own.
    #[arg(long)]
    placed: bool,
    /// Who was there on this day. [default: the day of --as-known-on, or today]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    as_of: Option<Date>,
    /// As the hub knew it when this day ended in London; as it knows it now when not given.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    as_known_on: Option<Date>,
}

pub(super) async fn run(register: &Register, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    let today = london_date(office.now());
    let as_of = register.as_of.or(register.as_known_on).unwrap_or(today);
    if [Some(as_of), register.as_known_on].into_iter().flatten().any(|day| day > today) {
        return Err(Stop::Usage(format!("the register knows no day to come: it is {today}")));
    }
    let authority = register.authority;
    let side = if register.placed { Side::Placed(authority) } else { Side::Hosted(authority) };
    let asked = Asked { as_of, known_on: register.as_known_on };
    let entries = register::whole(&office.hub, side, asked).await?;
    let headings = ["since", "until", "placed by", "host", "home", "class", "standing", "state", "clock", "notice"];
    let rows: Vec<Vec<String>> = entries.iter().map(row).collect();
    let documents: Vec<Value> = entries.iter().map(describe).collect();
    Answer::new(table(&headings, &rows), documents)
}

fn row(entry: &Entry) -> Vec<String> {
    vec![
        entry.since.to_string(),
        or_dash(entry.until),
        name_of(entry.placing.code),
        name_of(entry.host.code),
        or_dash(entry.terms.placement_group),
        entry.terms.class.to_string(),
        entry.standing.to_string(),
        entry.state.to_string(),
        entry.clock.as_ref().map_or_else(|| or_dash(None::<u8>), say),
        entry.notice.to_string(),
    ]
}

fn describe(entry: &Entry) -> Value {
    let clock = |clock: &Clock| {
        json!({
            "kind": clock.kind, "due_at": clock.due_at, "status": clock.status, "working_days": clock.working_days,
            "given_at": clock.given_at,
        })
    };
    json!({
        "notice": entry.notice,
        "placing": entry.placing.code,
        "host": entry.host.code,
        "since": entry.since,
        "until": entry.until,
        "meant_until": entry.meant_until,
        "group": entry.terms.placement_group.map(|group| group.to_string()),
        "class": entry.terms.class.to_string(),
        "standing": entry.standing,
        "state": entry.state,
        "flags": entry.flags,
        "clock": entry.clock.as_ref().map(clock),
        "ending_clock": entry.ending_clock.as_ref().map(clock),
    })
}

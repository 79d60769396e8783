//! `notice`: how notices stand, for whoever runs the hub. Nothing of a child: no pseudonym, no terms, no statement.

use clap::{Args, Subcommand};
use hub_domain::AuthorityCode;
use hub_notices::{Clock, ClockStatus, NoticeState, outstanding};
use hub_pipeline::notices::{self, Known};
use hub_store::notice::Filter;
use serde_json::{Value, json};
use uuid::Uuid;

use super::office::{Office, name_of, parse_authority};
use super::{Global, Stop};
use crate::screen::{Answer, local, table};

#[derive(Debug, Subcommand)]
pub(super) enum Notice {
    /// List the notices of a placing authority, newest first.
    List(List),
    /// Show a notice: its clocks, what is outstanding, what happened.
    Show {
        /// The notice's id.
        id: Uuid,
        /// The placing authority.
        #[arg(long, value_name = "CODE", value_parser = parse_authority)]
        authority: AuthorityCode,
    },
}

/// What `notice list` is told.
#[derive(Debug, Args)]
pub(super) struct List {
    /// The placing authority.
    #[arg(long, value_name = "CODE", value_parser = parse_authority)]
    authority: AuthorityCode,
    /// Only those in this state.
    #[arg(long, value_name = "STATE")]
    state: Option<NoticeState>,
    /// Only of children believed to be there now.
    #[arg(long)]
    open: bool,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
}

pub(super) async fn run(notice: Notice, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    match notice {
        Notice::List(list) => {
            let filter = Filter { state: list.state, open: list.open, before: None, limit: list.limit };
            let all = notices::sent(&office.hub, list.authority, &filter).await?;
            let documents: Vec<Value> = all.iter().map(|known| describe(&office, known)).collect();
            let rows: Vec<Vec<String>> = all.iter().map(|known| row(&office, known)).collect();
            let headings = ["start", "host", "state", "standing", "clock", "flags", "id"];
            Answer::new(table(&headings, &rows), documents)
        }
        Notice::Show { id, authority } => {
            let found = notices::find(&office.hub, authority, id).await?;
            let known = found.filter(|known| known.notice.placing == authority);
            let known = known.ok_or_else(|| Stop::Refused("there is no notice of this id".to_owned()))?;
            show(&office, &known)
        }
    }
}

fn row(office: &Office, known: &Known) -> Vec<String> {
    let notice = &known.notice;
    let flags: Vec<&str> = notice.flags.iter().map(|flag| flag.as_str()).collect();
    vec![
        notice.start.to_string(),
        name_of(notice.host),
        notice.state.to_string(),
        notice.standing().to_string(),
        known.clocks(&office.hub).first().map(say).unwrap_or_default(),
        flags.join(","),
        notice.id.to_string(),
    ]
}

/// `late by 3`, `2 left`, `met`: in working days.
pub(super) fn say(clock: &Clock) -> String {
    let days = clock.working_days.abs();
    match clock.status {
        ClockStatus::Running => format!("{days} left"),
        ClockStatus::Late | ClockStatus::Overdue | ClockStatus::NotPracticable => format!("{} by {days}", clock.status),
        ClockStatus::Met | ClockStatus::Unknown => clock.status.to_string(),
    }
}

fn show(office: &Office, known: &Known) -> Result<Answer, Stop> {
    let notice = &known.notice;
    let mut text = format!(
        "{} tells {} of a stay from {}\n  {}\n  {}, {}, version {}\n",
        name_of(notice.placing),
        name_of(notice.host),
        notice.start,
        notice.id,
        notice.state,
        notice.standing(),
        notice.version,
    );
    let mut line = |words: String| text.extend(["  ", &words, "\n"]);
    for flag in &notice.flags {
        line(format!("! {}", flag.label()));
    }
    for name in notice.differences_from_feed() {
        line(format!("! {name} is otherwise in the feed"));
    }
    for clock in known.clocks(&office.hub) {
        line(format!("{}: {}, last day {} ({})", clock.kind.label(), say(&clock), clock.last_day, clock.source));
    }
    for one in outstanding(notice) {
        line(format!("outstanding: {}{} ({})", one.field, if one.sealed { ", sealed" } else { "" }, one.rule));
    }
    for event in &known.events {
        line(format!("{} {} by {}", local(event.at), event.kind, event.actor));
    }
    Answer::new(text, describe(office, known))
}

fn describe(office: &Office, known: &Known) -> Value {
    let notice = &known.notice;
    let events: Vec<Value> = known
        .events
        .iter()
        .map(|event| json!({ "kind": event.kind, "at": event.at, "side": event.side, "actor": event.actor }))
        .collect();
    json!({
        "id": notice.id,
        "placing": notice.placing,
        "host": notice.host,
        "start": notice.start,
        "kind": notice.kind,
        "state": notice.state,
        "standing": notice.standing(),
        "marks": notice.marks(),
        "version": notice.version,
        "class": notice.terms.class.as_str(),
        "flags": notice.flags,
        "differences": notice.differences_from_feed(),
        "held_because": notice.held_because,
        "clocks": known.clocks(&office.hub),
        "details": notice.details(),
        "outstanding": outstanding(notice),
        "raised_at": known.raised_at,
        "events": events,
    })
}

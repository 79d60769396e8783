use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use hub_notices::{Clock, DisputeReason, EventKind, outstanding};
use hub_pipeline::envelopes::{self, Party, Reader};
use hub_pipeline::identity::Host;
use hub_pipeline::notices::{self, Known};
use hub_pipeline::readings::Thing;
use hub_store::envelope::Envelope;
use uuid::Uuid;

use super::tone::{clock_cell, state_cell};
use crate::layout::{Cell, Choice, Head, Page, Table, date, name_of, when};
use crate::refused::{Answer, Refused};

#[derive(Template)]
#[template(path = "desk/notice.html")]
struct OneNotice {
    id: Uuid,
    done: Option<&'static str>,
    placing: String,
    state: Table,
    facts: Vec<(&'static str, String)>,
    flags: Vec<&'static str>,
    clocks: Table,
    outstanding: Table,
    history: Table,
    envelopes: Vec<Sealed>,
    reasons: Vec<Choice>,
    is_answerable: bool,
}

/// A sealed envelope from outside.
struct Sealed {
    n: i64,
    contains: String,
    since: String,
    bytes: i64,
    needs_opening: bool,
}

/// `GET /desk/notices/{id}`: all that the host may know of one notice. Reading it is the receipt.
pub(crate) async fn notice(page: Page) -> Answer {
    let id: Uuid = page.parameter("id")?;
    let (host, known) = find(&page, id).await?;
    page.note((&host).into(), Thing::Notice, BTreeSet::from([(known.notice.placing, id.to_string())]));
    let reader = Reader::new(host.authority(), host.client(), Party::Host);
    let sealed = envelopes::list(page.hub(), &reader, id).await?.unwrap_or_default();
    let notice = &known.notice;
    let shown = OneNotice {
        id,
        done: page.query().get("done").and_then(done),
        placing: name_of(notice.placing),
        state: state(&known),
        facts: facts(&known),
        flags: notice.flags.iter().map(|flag| flag.label()).collect(),
        clocks: clock_table(&known.clocks(page.hub())),
        outstanding: missing(&known),
        history: history_table(&known),
        envelopes: sealed.into_iter().filter_map(Sealed::of).collect(),
        reasons: reasons(),
        is_answerable: notice.state.is_live(),
    };
    page.show("Notice of a child living here", &shown)
}

/// The notice, as one of the person's authorities hosts it.
async fn find(page: &Page, id: Uuid) -> Result<(Host, Known), Refused> {
    for own in page.principal()?.hosts() {
        let (hub, host) = (Arc::clone(page.hub()), own.authority());
        let found = if page.is_shown() {
            page.web().write(async move { notices::seen(&hub, host, id).await }).await?
        } else {
            notices::find(&hub, host, id).await?
        };
        if let Some(mut known) = found.filter(|known| known.notice.host == host) {
            // As in the API: nothing that has not been given.
            known.events.retain(|event| event.kind != EventKind::Drafted);
            if known.notice.statement.as_deref().is_some_and(|stated| stated.provisional) {
                known.notice.statement = None;
            }
            return Ok((own, known));
        }
    }
    Err(Refused::NotFound)
}

/// What the page says once a form has come to its end.
fn done(word: &str) -> Option<&'static str> {
    match word {
        "open" => Some("The notice is marked as opened."),
        "acknowledge" => Some("You have acknowledged the notice."),
        "query" => Some("Your question is on its way to the authority that placed the child."),
        "dispute" => Some("Your dispute is on its way to the authority that placed the child. No clock stops."),
        _ => None,
    }
}

fn state(known: &Known) -> Table {
    let heads = [Head::text("State"), Head::text("Who has given notice"), Head::text("Needs and care plan")];
    let notice = &known.notice;
    let row =
        vec![state_cell(notice.state), Cell::text(notice.standing().label()), Cell::text(notice.details().label())];
    Table::new("How it stands", heads).with([row])
}

/// What is said of the home, in words a desk uses; codes where the law has them.
fn facts(known: &Known) -> Vec<(&'static str, String)> {
    let notice = &known.notice;
    let terms = &notice.terms;
    let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let told = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let all = [
        ("Placed by", Some(name_of(notice.placing))),
        ("Child's reference there", told(&notice.child_ref)),
        ("Born", told(&terms.birth_month)),
        ("Sex", told(&terms.sex)),
        ("Living here from", Some(date(notice.there_from()))),
        ("Meant to end", notice.intention.map(date)),
        ("Left on", notice.ending.as_ref().map(|ending| date(ending.on))),
        ("Kind of home (903 PLACE)", told(&terms.placement_type)),
        ("Home's URN at Ofsted", text(&terms.urn)),
        ("Home, as the placing authority names it", text(&terms.setting_ref)),
        ("Postcode sector", text(&terms.placement_sector)),
        ("Registration of the home", text(&terms.registration)),
        ("Legal status (903 LS)", told(&terms.legal_status)),
        ("Distance", Some(terms.class.label().to_owned())),
        ("Why out of area", text(&terms.distance_reason)),
        ("First told to the hub", Some(when(known.raised_at))),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// Every clock of a notice, with where it comes from.
pub(crate) fn clock_table(all: &[Clock]) -> Table {
    let heads = [
        Head::text("What is due"),
        Head::text("Last day in time"),
        Head::text("How it stands"),
        Head::text("Given"),
        Head::text("Where it comes from"),
    ];
    let row = |clock: &Clock| {
        let source = if clock.policy { format!("{} (the hub's policy)", clock.source) } else { clock.source.clone() };
        vec![
            Cell::text(clock.kind.label()),
            Cell::text(date(clock.last_day)),
            clock_cell(Some(clock)),
            Cell::text(clock.given_at.map_or_else(|| "not yet".to_owned(), when)),
            Cell::text(source),
        ]
    };
    Table::new("Clocks, in working days", heads).with(all.iter().map(row)).or_else("No clock runs for this notice.")
}

fn missing(known: &Known) -> Table {
    let heads = [Head::text("What"), Head::text("What wants it"), Head::text("How it comes")];
    let rows = outstanding(&known.notice).into_iter().map(|one| {
        let way = if one.sealed { "sealed to your key" } else { "in the notice" };
        vec![Cell::text(one.field.replace(['_', '.'], " ")), Cell::text(one.rule), Cell::text(way)]
    });
    Table::new("Still to come from the placing authority", heads).with(rows).or_else("Nothing is outstanding.")
}

/// What has happened to a notice.
pub(crate) fn history_table(known: &Known) -> Table {
    let heads = [Head::text("When"), Head::text("What"), Head::text("By"), Head::text("Note")];
    let rows = known.events.iter().map(|event| {
        vec![
            Cell::text(when(event.at)),
            Cell::text(event.kind.label()),
            Cell::text(event.actor.trim_start_matches("person:")),
            Cell::text(note(&event.detail)),
        ]
    });
    Table::new("What has happened, oldest first", heads).with(rows).or_else("Nothing yet.")
}

/// The words and the reason in what is kept of an event; the rest is for machines.
fn note(detail: &str) -> String {
    let detail: serde_json::Value = serde_json::from_str(detail).unwrap_or_default();
    let word = |name: &str| detail.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
    let reason =
        word("reason").map(|reason| reason.parse().map_or(reason, |known: DisputeReason| known.label().to_owned()));
    [reason, word("note"), word("officer")].into_iter().flatten().collect::<Vec<_>>().join(": ")
}

fn reasons() -> Vec<Choice> {
    let line =
        |reason: &DisputeReason| Choice { value: reason.to_string(), label: reason.label().to_owned(), chosen: false };
    DisputeReason::ALL.iter().map(line).collect()
}

impl Sealed {
    /// An envelope whose bytes the hub has.
    fn of((envelope, needs_opening): (Envelope, bool)) -> Option<Self> {
        if envelope.superseded_by.is_some() {
            return None;
        }
        let parts: Vec<_> = envelope.parts.iter().map(|part| part.label()).collect();
        Some(Self {
            n: envelope.n,
            contains: parts.join("; "),
            since: when(envelope.sealed_at),
            bytes: envelope.bytes,
            needs_opening,
        })
    }
}

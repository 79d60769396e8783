use std::sync::Arc;

use askama::Template;
use hub_pipeline::deliveries::{self, ResendRefusal};
use hub_store::delivery::{self, Delivery, Filter, State};
use hub_store::endpoint::{self, Endpoint};
use uuid::Uuid;

use crate::form::Form;
use crate::layout::{Cell, Head, Page, Paging, Table, Tone, lead_to, name_of, when};
use crate::refused::{Answer, Refused};

#[derive(Template)]
#[template(path = "operator/letters.html")]
struct Letters {
    done: bool,
    endpoints: Table,
    dead: Vec<Dead>,
    table: Table,
    only_dead: bool,
    next: Option<String>,
}

/// One that was given up.
struct Dead {
    id: Uuid,
    to: String,
    what: String,
    why: String,
    queued: String,
}

/// Letters that were given up, as many as are offered to be sent again.
const OFFERED: i64 = 20;

/// `GET /operator/letters`: what was queued for receivers, and what came of it. Nothing of what was sent.
pub(crate) async fn letters(page: Page) -> Answer {
    page.operator()?;
    let paging = Paging::read(&page)?;
    let only_dead = page.query().get("dead").is_some();
    let state = only_dead.then_some(State::Dead);
    let mut link = page.hub().store.read().await?;
    let filter = Filter { state, before: paging.after, limit: paging.limit, ..Filter::default() };
    let found = delivery::log(&mut link, &filter).await?;
    let given_up = Filter { state: Some(State::Dead), limit: OFFERED, ..Filter::default() };
    let dead = delivery::log(&mut link, &given_up).await?;
    let endpoints = endpoint::all(&mut link).await?;
    let last = found.last().map(|one| (one.created_at, one.id));
    let shown = Letters {
        done: page.query().get("done").is_some(),
        endpoints: endpoint_table(&endpoints),
        dead: dead.iter().filter(|one| !one.is_service()).map(Dead::of).collect(),
        next: paging.next(found.len(), last),
        table: table(&found),
        only_dead,
    };
    page.show("Deliveries", &shown)
}

/// `POST /operator/letters/{id}/replay`: a letter that was given up is sent once more.
pub(crate) async fn replay(page: Page, Form(_): Form) -> Answer {
    page.operator()?;
    let id: Uuid = page.parameter("id")?;
    let mut link = page.hub().store.read().await?;
    let found = delivery::locate(&mut link, id).await?.ok_or(Refused::NotFound)?;
    drop(link);
    let hub = Arc::clone(page.hub());
    page.web().write(async move { deliveries::replay(&hub, found.authority, id).await }).await?;
    Ok(lead_to("/operator/letters?done=replay"))
}

impl From<ResendRefusal> for Refused {
    fn from(refusal: ResendRefusal) -> Self {
        match refusal {
            ResendRefusal::NotFound => Self::NotFound,
            ResendRefusal::Fault(fault) => fault.into(),
            refusal @ (ResendRefusal::NotOver(_) | ResendRefusal::Endpoint(_)) => Self::Conflict(format!("{refusal}.")),
        }
    }
}

impl Dead {
    fn of(one: &Delivery) -> Self {
        Self {
            id: one.id,
            to: name_of(one.authority),
            what: kind(one),
            why: one.error.clone().unwrap_or_default(),
            queued: when(one.created_at),
        }
    }
}

fn kind(one: &Delivery) -> String {
    one.event_type.trim_start_matches("uk.sufficiencyhub.").trim_end_matches(".v1").to_owned()
}

fn table(all: &[Delivery]) -> Table {
    let heads = [
        Head::text("Queued"),
        Head::text("To"),
        Head::text("What"),
        Head::text("State"),
        Head::number("Attempts"),
        Head::text("Why the last failed"),
        Head::text("Next"),
    ];
    let row = |one: &Delivery| {
        let tone = match one.state {
            State::Ready | State::Sending => Tone::Plain,
            State::Delivered => Tone::Good,
            State::Dead => Tone::Urgent,
        };
        vec![
            Cell::text(when(one.created_at)),
            Cell::text(name_of(one.authority)),
            Cell::text(kind(one)),
            Cell::tag(tone, one.state.label()),
            Cell::number(one.attempt),
            Cell::text(one.error.as_deref().unwrap_or_default()),
            Cell::text(if one.finished_at.is_none() { when(one.next_at) } else { String::new() }),
        ]
    };
    Table::new("Deliveries, newest first", heads).with(all.iter().map(row)).or_else("There is none.")
}

fn endpoint_table(all: &[Endpoint]) -> Table {
    let heads = [Head::text("Authority"), Head::text("Receiver"), Head::text("State"), Head::text("Since")];
    let row = |one: &Endpoint| {
        // The path of an address may be a secret.
        let host = url::Url::parse(&one.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        vec![
            Cell::text(name_of(one.authority)),
            Cell::text(host),
            Cell::text(one.state),
            Cell::text(when(one.created_at)),
        ]
    };
    Table::new("Receivers", heads).with(all.iter().map(row)).or_else("No host has a receiver: each reads its inbox.")
}

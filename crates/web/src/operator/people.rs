use askama::Template;
use hub_pipeline::identity::Purpose;
use hub_store::identity::SigningKey;
use hub_store::identity::{self, Client, ReportingKey};
use hub_store::member::{self, Member};

use crate::layout::{Cell, Head, Page, Table, Tone, date, name_of, when};
use crate::refused::Answer;

#[derive(Template)]
#[template(path = "operator/people.html")]
struct People {
    members: Table,
    clients: Table,
    reporting: Table,
    keys: Table,
}

/// `GET /operator/people`: the authorities that take part, the clients and keys that may call, and the hub's own keys.
pub(crate) async fn people(page: Page) -> Answer {
    page.operator()?;
    let mut link = page.hub().store.read().await?;
    let mut signing = Vec::new();
    for purpose in Purpose::ALL {
        signing.extend(identity::keys(&mut link, purpose.as_str()).await?);
    }
    let shown = People {
        members: members(&member::all(&mut link).await?),
        clients: clients(&identity::clients(&mut link).await?),
        reporting: reporting(&page, &identity::reporting_keys(&mut link).await?),
        keys: keys(&signing),
    };
    page.show("Authorities and clients", &shown)
}

fn members(all: &[Member]) -> Table {
    let heads = [Head::text("Authority"), Head::text("Code"), Head::text("Takes part from")];
    let row = |one: &Member| vec![Cell::text(&one.name), Cell::text(one.code), Cell::text(date(one.joined_on))];
    let table = Table::new("Authorities that take part", heads).with(all.iter().map(row));
    table.or_else("None takes part yet: `hub authority add` lets one join.")
}

fn clients(all: &[Client]) -> Table {
    let heads = [
        Head::text("Client"),
        Head::text("Name"),
        Head::text("Roles"),
        Head::text("For"),
        Head::text("Proves itself by"),
        Head::text("State"),
        Head::text("Changed"),
    ];
    let row = |one: &Client| {
        let names: Vec<String> = one.authorities.iter().map(|code| name_of(*code)).collect();
        let proof = match (&one.jwks, &one.secret) {
            (Some(_), _) => "key",
            (None, Some(_)) => "secret",
            (None, None) => "nothing",
        };
        let state = match one.state {
            identity::State::Active => Cell::tag(Tone::Good, "active"),
            identity::State::Revoked => Cell::tag(Tone::Plain, "revoked"),
        };
        vec![
            Cell::text(&one.id),
            Cell::text(&one.name),
            Cell::text(one.roles.join(", ").replace('_', " ")),
            Cell::text(names.join(", ")),
            Cell::text(proof),
            state,
            Cell::text(when(one.updated_at)),
        ]
    };
    let table = Table::new("Clients", heads).with(all.iter().map(row));
    table.or_else("None may call yet: `hub client add` registers one.")
}

fn reporting(page: &Page, all: &[ReportingKey]) -> Table {
    let heads =
        [Head::text("Key"), Head::text("Name"), Head::text("Ends"), Head::text("Last used"), Head::text("State")];
    let now = page.now();
    let row = |one: &ReportingKey| {
        let state = if one.revoked_at.is_some() {
            Cell::tag(Tone::Plain, "revoked")
        } else if one.expires_at <= now {
            Cell::tag(Tone::Soon, "ended")
        } else {
            Cell::tag(Tone::Good, "active")
        };
        vec![
            Cell::text(&one.id),
            Cell::text(&one.name),
            Cell::text(when(one.expires_at)),
            Cell::text(one.used_at.map_or_else(|| "never".to_owned(), when)),
            state,
        ]
    };
    Table::new("Keys of reporting tools", heads).with(all.iter().map(row)).or_else("There is none.")
}

fn keys(all: &[SigningKey]) -> Table {
    let heads =
        [Head::text("Key"), Head::text("Signs"), Head::text("Algorithm"), Head::text("Made"), Head::text("Retired")];
    let row = |one: &SigningKey| {
        vec![
            Cell::text(&one.kid),
            Cell::text(&one.purpose),
            Cell::text(&one.algorithm),
            Cell::text(when(one.created_at)),
            Cell::text(one.retired_at.map_or_else(|| "no".to_owned(), when)),
        ]
    };
    Table::new("The hub's own keys", heads).with(all.iter().map(row))
}

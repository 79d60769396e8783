use askama::Template;
use hub_pipeline::feeds::{self, Arrival, Feed};
use hub_pipeline::readings::Thing;
use hub_store::submission::State;

use crate::borough::{arrival_cell, dataset_name, verdict_cell};
use crate::layout::{Cell, Head, Page, Table, date, name_of, when};
use crate::refused::Answer;

#[derive(Template)]
#[template(path = "operator/feeds.html")]
struct Feeds {
    table: Table,
    only_out: bool,
}

/// `GET /operator/feeds`: which feeds of all authorities came. Each authority sees that it was looked at.
pub(crate) async fn feeds(page: Page) -> Answer {
    let operator = page.operator()?;
    let only_out = page.query().get("out").is_some();
    let mut all = feeds::feeds(page.hub(), None).await?;
    let seen = all.iter().map(|feed| (feed.authority, String::new())).collect();
    page.note((&operator).into(), Thing::Feeds, seen);
    if only_out {
        all.retain(|feed| matches!(feed.arrival, Arrival::Late | Arrival::Missing | Arrival::Never));
    }
    let heads = [
        Head::text("Authority"),
        Head::text("Feed"),
        Head::text("Night of"),
        Head::text("Did it come?"),
        Head::text("Last came"),
        Head::text("What became of it"),
    ];
    let row = |feed: &Feed| {
        let verdict = match feed.last_received_at {
            None => Cell::text("–"),
            Some(_) => verdict_cell(State::Decided, feed.last_verdict),
        };
        vec![
            Cell::text(name_of(feed.authority)),
            Cell::text(dataset_name(feed.dataset)),
            Cell::text(date(feed.night)),
            arrival_cell(feed.arrival),
            Cell::text(feed.last_received_at.map_or_else(|| "never".to_owned(), when)),
            verdict,
        ]
    };
    let table = Table::new("Expected feeds", heads).with(all.iter().map(row)).or_else("There is none.");
    page.show("Last night's feeds", &Feeds { table, only_out })
}

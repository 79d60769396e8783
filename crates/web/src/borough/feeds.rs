use askama::Template;
use hub_pipeline::feeds::{self, Feed};
use hub_pipeline::identity::Tenant;
use hub_store::submission::State;

use super::submissions::{latest, list};
use super::words::{arrival_cell, dataset_name, verdict_cell};
use crate::layout::{Cell, Choice, Head, Page, Table, choices, date, name_of, when};
use crate::refused::Answer;

#[derive(Template)]
#[template(path = "borough/feeds.html")]
struct Feeds {
    authority: String,
    code: String,
    authorities: Vec<Choice>,
    expected: Table,
    latest: Table,
}

/// `GET /borough`: last night's feeds, and what was sent last.
pub(crate) async fn feeds(page: Page) -> Answer {
    let own = page.tenant()?.authority();
    let all = feeds::feeds(page.hub(), Some(own)).await?;
    let sent = latest(&page, own).await?;
    let shown = Feeds {
        authority: name_of(own),
        code: own.to_string(),
        authorities: choices(page.principal()?.tenants().iter().map(Tenant::authority), own),
        expected: expected(&all),
        latest: list("Sent last", &sent),
    };
    page.show("Our feeds", &shown)
}

fn expected(all: &[Feed]) -> Table {
    let heads = [
        Head::text("Feed"),
        Head::text("Night of"),
        Head::text("Due by"),
        Head::text("Did it come?"),
        Head::text("Last came"),
        Head::text("It described"),
        Head::text("What became of it"),
    ];
    let row = |feed: &Feed| {
        let verdict = match (feed.last_received_at, feed.last_verdict) {
            (None, _) => Cell::text("–"),
            (Some(_), verdict) => verdict_cell(State::Decided, verdict),
        };
        vec![
            Cell::text(dataset_name(feed.dataset)),
            Cell::text(date(feed.night)),
            Cell::text(when(feed.due_at)),
            arrival_cell(feed.arrival),
            Cell::text(feed.last_received_at.map_or_else(|| "never".to_owned(), when)),
            Cell::text(feed.last_as_at.map_or_else(String::new, date)),
            verdict,
        ]
    };
    let table = Table::new("Feeds agreed with the hub", heads).with(all.iter().map(row));
    table.or_else("No feed has been agreed for your authority yet. The hub's operator sets that.")
}

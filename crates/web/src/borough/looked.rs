use askama::Template;
use hub_pipeline::readings::{self, Reading};

use crate::layout::{Cell, Head, Page, Table, name_of, when};
use crate::refused::Answer;

#[derive(Template)]
#[template(path = "borough/looked.html")]
struct Looked {
    authority: String,
    code: String,
    table: Table,
}

/// `GET /borough/looked`: who, that is not of the authority, has looked at its data.
pub(crate) async fn looked(page: Page) -> Answer {
    let own = page.tenant()?.authority();
    let all = readings::list(page.hub(), own).await?;
    let shown = Looked { authority: name_of(own), code: own.to_string(), table: table(&all) };
    page.show("Who has looked at our data", &shown)
}

fn table(all: &[Reading]) -> Table {
    let heads = [
        Head::text("When, first that day"),
        Head::text("Who"),
        Head::text("As what"),
        Head::text("What"),
        Head::text("Which"),
    ];
    let row = |one: &Reading| {
        vec![
            Cell::text(when(one.at)),
            Cell::text(one.reader.trim_start_matches("person:")),
            Cell::text(called(&one.called)),
            Cell::text(one.thing.label()),
            Cell::text(&one.subject),
        ]
    };
    let table = Table::new("Who has looked, latest first", heads).with(all.iter().map(row));
    table.or_else("Nobody outside your authority has looked at your data in the last two years.")
}

/// `host E10000016` in words.
fn called(text: &str) -> String {
    let host = text.strip_prefix("host ").and_then(|code| code.parse().ok());
    host.map_or_else(|| text.to_owned(), |code| format!("host, {}", name_of(code)))
}

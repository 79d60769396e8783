use askama::Template;
use hub_store::audit::{self, Entry};

use crate::layout::{Cell, Head, Page, Table, name_of, when};
use crate::refused::Answer;

#[derive(Template)]
#[template(path = "operator/audit.html")]
struct Audit {
    heads: Table,
}

/// `GET /operator/audit`: where each authority's chain of deeds stands. Whoever keeps a copy of the last link elsewhere can
/// tell later that nothing before it was changed.
pub(crate) async fn audit(page: Page) -> Answer {
    page.operator()?;
    let mut link = page.hub().store.read().await?;
    let mut last = Vec::new();
    for authority in audit::whose(&mut link).await? {
        last.extend(audit::last(&mut link, authority).await?);
    }
    page.show("Audit", &Audit { heads: heads(&last) })
}

fn heads(all: &[Entry]) -> Table {
    let heads = [
        Head::text("Authority"),
        Head::number("Entries"),
        Head::text("Last entry"),
        Head::text("What"),
        Head::text("By"),
        Head::text("Its link (SHA-256)"),
    ];
    let row = |one: &Entry| {
        vec![
            Cell::text(name_of(one.authority)),
            Cell::number(one.n),
            Cell::text(when(one.at)),
            Cell::text(&one.action),
            Cell::text(one.actor.trim_start_matches("person:")),
            Cell::text(one.link.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))),
        ]
    };
    let table = Table::new("Where each chain stands", heads).with(all.iter().map(row));
    table.or_else("Nothing has been deleted, handed out or erased yet.")
}

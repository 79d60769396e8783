//! Every published table.

use askama::Template;
use hub_sufficiency::{definitions, find_definition, is_published};

use crate::figure::{Cell, Column, DataTable, Edition, Row};
use crate::layout::Page;
use crate::refused::Answer;

#[derive(Template)]
#[template(path = "indicators/index.html")]
struct Index {
    edition: Option<Edition>,
    table: DataTable,
    catalogue: &'static str,
}

/// `GET /indicators`.
pub(crate) async fn index(page: Page) -> Answer {
    let found = Edition::shown(&page);
    let is_served = |name: &str| found.as_ref().is_some_and(|(published, _)| published.tables.contains_key(name));
    let in_force = definitions().filter(|one| find_definition(one.id) == Some(*one) && is_published(one.id));
    let row = |definition: &hub_sufficiency::Definition| {
        let name = definition.id;
        let file = |ending: &str| {
            let words = format!("{} of {name}", ending.to_uppercase());
            if is_served(name) {
                Cell::Link(words, format!("/indicators/{name}.{ending}"))
            } else {
                Cell::text("not yet")
            }
        };
        Row::of(vec![
            Cell::Link(definition.title.to_owned(), format!("/indicators/{name}")),
            Cell::text(definition.unit),
            Cell::text(definition.datasets),
            file("csv"),
            file("json"),
        ])
    };
    let table = DataTable {
        id: "tables".to_owned(),
        caption: "Published tables".to_owned(),
        columns: ["Table", "One is", "Read from", "CSV", "JSON"].map(Column::text).to_vec(),
        rows: in_force.map(row).collect(),
        empty: "No table is defined.".to_owned(),
    };
    let is_public = found.as_ref().is_none_or(|(_, edition)| edition.is_public);
    let catalogue = if is_public { "/v1/public/catalogue" } else { "/v1/catalogue" };
    let edition = found.map(|(_, edition)| edition);
    page.show("Indicators", &Index { edition, table, catalogue })
}

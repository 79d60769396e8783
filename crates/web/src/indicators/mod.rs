//! Indicators: every published table with a picture, its definition, its vintage, and its bytes to take away.

mod asked;
mod files;
mod index;
mod own;
mod plot;
mod table;

use askama::Template;
use hub_sufficiency::{Definition, definitions, layout};

use crate::chart::{Bars, Lines, TileMap};
use crate::figure::{DataTable, Edition, Opened, heading};
use crate::layout::{Page, date};
use crate::refused::{Answer, Refused};
use asked::{Asked, Field};
use own::Standing;
use plot::Plot;

pub(crate) use index::index;

#[derive(Template)]
#[template(path = "indicators/table.html")]
struct Indicator {
    name: String,
    definition: &'static Definition,
    edition: Option<Edition>,
    vintage: String,
    day: String,
    fields: Vec<Field>,
    tiles: Option<TileMap>,
    lines: Option<Lines>,
    bars: Option<Bars>,
    table: Option<DataTable>,
    left_out: usize,
    versions: Vec<u32>,
    addresses: [String; 2],
    own: Standing,
}

/// `GET /indicators/{name}`: the page of a table, or with `.csv` or `.json` at its end the table itself.
pub(crate) async fn show(page: Page) -> Answer {
    let named: String = page.parameter("name")?;
    if let Some((name, ending)) = named.rsplit_once('.') {
        return files::give(&page, name, ending).await;
    }
    let definition = layout(&named).and_then(|_| hub_sufficiency::find_definition(&named)).ok_or(Refused::NotFound)?;
    let found = Edition::shown(&page);
    let own = Standing::of(&page)?;
    let own_table = own::table(&page, &named).await?;
    let opened = match (&own_table, &found) {
        (Some(table), _) => Some(Opened::read(&named, table)?),
        (None, Some((published, _))) => Opened::of(published, &named)?,
        (None, None) => None,
    };
    let is_public = found.as_ref().is_none_or(|(_, edition)| edition.is_public);
    let api = match (&own_table, is_public) {
        (Some(_), _) => "/v1/own/tables",
        (None, true) => "/v1/public/tables",
        (None, false) => "/v1/tables",
    };
    let mut view = Indicator {
        definition: opened.as_ref().and_then(|opened| opened.definition).unwrap_or(definition),
        edition: found.map(|(_, edition)| edition),
        vintage: String::new(),
        fields: Vec::new(),
        tiles: None,
        lines: None,
        bars: None,
        table: None,
        left_out: 0,
        versions: definitions().filter(|other| other.id == named).map(|other| other.version).collect(),
        addresses: [format!("{api}/{named}"), format!("{api}/{named}.csv")],
        day: if own_table.is_some() { date(page.today()) } else { String::new() },
        own,
        name: named,
    };
    if let Some(opened) = &opened {
        fill(&mut view, opened, &Asked::read(&page, opened)?);
    }
    page.show(definition.title, &view)
}

fn fill(view: &mut Indicator, opened: &Opened, asked: &Asked) {
    let lines = asked.rows(opened);
    if view.day.is_empty() {
        view.day = view.edition.as_ref().map_or_else(String::new, Edition::day);
    }
    let (table, left_out) = table::of(opened, &lines, &view.day);
    match plot::of(opened, &lines, asked) {
        Some(Plot::Tiles(tiles)) => view.tiles = Some(tiles),
        Some(Plot::Lines(lines)) => view.lines = Some(lines),
        Some(Plot::Bars(bars)) => view.bars = Some(bars),
        None => {}
    }
    (view.table, view.left_out) = (Some(table), left_out);
    view.vintage.clone_from(&opened.vintage);
    view.fields = asked.fields(opened);
}

/// A label column that says in code what its neighbour says in words, or how wide an area is: read by programs.
fn is_code(opened: &Opened, column: &str) -> bool {
    column.ends_with("_level") || opened.labels().any(|other| other.strip_suffix("_name") == Some(column))
}

/// A column's heading.
fn words(column: &str) -> String {
    heading(column.strip_suffix("_name").unwrap_or(column))
}

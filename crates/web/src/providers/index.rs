//! Every provider that the release names; what is in force first.

use std::cmp::Reverse;

use askama::Template;

use crate::figure::{Cell, Column, DataTable, Edition, Figure, Line, Opened, Row};
use crate::layout::Page;
use crate::refused::Answer;

/// Providers on the page; more are found by name or URN.
const MOST: usize = 150;

#[derive(Template)]
#[template(path = "providers/index.html")]
struct Index {
    edition: Option<Edition>,
    asked: String,
    table: DataTable,
    total: usize,
}

/// `GET /providers`.
pub(crate) async fn index(page: Page) -> Answer {
    let asked = page.query().get("name").unwrap_or_default().to_owned();
    let found = Edition::shown(&page);
    let opened = match &found {
        Some((published, _)) => Opened::of(published, "provider_quality")?,
        None => None,
    };
    let sought = asked.to_lowercase();
    let is_meant = |line: &Line<'_>| {
        line.word("provider_name").to_lowercase().contains(&sought) || line.word("urn").to_lowercase().contains(&sought)
    };
    let mut lines: Vec<Line<'_>> = opened.iter().flat_map(Opened::lines).filter(is_meant).collect();
    let number = |line: &Line<'_>, measure: &str| line.figure(measure).number().unwrap_or(0);
    lines.sort_by_key(|line| {
        Reverse((number(line, "suspensions"), number(line, "serious_concerns"), number(line, "watch_concerns")))
    });
    let table = DataTable {
        id: "providers".to_owned(),
        caption: "Providers in use, with a vacancy, or visited; what is in force first".to_owned(),
        columns: ["Provider", "URN"].map(Column::text).into_iter().chain(figures()).collect(),
        rows: lines.iter().take(MOST).map(row).collect(),
        empty: "No provider of that name or URN is in the release.".to_owned(),
    };
    let total = lines.len();
    drop(lines);
    let edition = found.map(|(_, edition)| edition);
    page.show("Providers", &Index { edition, asked, table, total })
}

fn figures() -> impl Iterator<Item = Column> {
    let words = ["Children", "Visits in 12 months", "Suspensions", "Serious concerns", "Watched", "Improvement plans"];
    words.into_iter().map(Column::figures)
}

fn row(line: &Line<'_>) -> Row {
    let (urn, name) = (line.word("urn"), line.word("provider_name"));
    let shown = if name.is_empty() { format!("URN {urn}") } else { name.to_owned() };
    let measures =
        ["children", "visits_12_months", "suspensions", "serious_concerns", "watch_concerns", "improvement_plans"];
    let figures = measures.map(|measure| line.figure(measure));
    let words = [Cell::Link(shown, format!("/providers/{urn}")), Cell::Figure(Figure::Word(urn.to_owned()))];
    Row::of(words.into_iter().chain(figures.map(Cell::Figure)).collect())
}

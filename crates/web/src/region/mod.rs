//! Region today: a map by a measure with its table, the largest gaps, feeds that did not come, notices that did not come in
//! time, and how old all that is.

mod feeds;
mod gaps;
mod measure;
mod notices;

use askama::Template;
use hub_pipeline::publish::Published;

use crate::chart::TileMap;
use crate::figure::{Cell, Column, DataTable, Edition, Figure, Opened, Row};
use crate::layout::Page;
use crate::refused::{Answer, Refused};
use measure::{MEASURES, Measure};

#[derive(Template)]
#[template(path = "region/region.html")]
struct Today {
    edition: Option<Edition>,
    chosen: &'static Measure,
    choices: &'static [Measure],
    shown: Option<Shown>,
    gaps: Option<DataTable>,
    feeds: feeds::Feeds,
    notices: Option<notices::Notices>,
}

/// The chosen measure as a map and as a table.
struct Shown {
    map: TileMap,
    table: DataTable,
    words: &'static str,
    limits: &'static str,
    vintage: String,
}

/// `GET /region`.
pub(crate) async fn today(page: Page) -> Answer {
    let found = Edition::shown(&page);
    let asked = Measure::asked(&page)?;
    let chosen = match (asked, &found) {
        (Some(asked), _) => asked,
        (None, Some((published, _))) => usual(published)?,
        (None, None) => Measure::first(),
    };
    let (mut shown, mut gaps, mut notices) = (None, None, None);
    if let Some((published, edition)) = &found {
        shown = show(published, chosen, edition)?;
        gaps = Some(gaps::largest(published)?);
        notices = notices::of(&page, published).await?;
    }
    let feeds = feeds::of(&page, found.as_ref().map(|(published, _)| &**published)).await?;
    let edition = found.map(|(_, edition)| edition);
    page.show("Region today", &Today { edition, chosen, choices: MEASURES, shown, gaps, feeds, notices })
}

/// The first measure of which the release says anything: a rate wants an estimate of population to be loaded.
fn usual(published: &Published) -> Result<&'static Measure, Refused> {
    for measure in MEASURES {
        let opened = Opened::of(published, measure.table)?;
        if opened.is_some_and(|opened| opened.where_all(measure.labels).next().is_some()) {
            return Ok(measure);
        }
    }
    Ok(Measure::first())
}

/// The measure's rows; `None` where the release has no such table.
fn show(published: &Published, chosen: &Measure, edition: &Edition) -> Result<Option<Shown>, Refused> {
    let Some(opened) = Opened::of(published, chosen.table)? else { return Ok(None) };
    let lines: Vec<_> = opened.where_all(chosen.labels).collect();
    let figure = |code: &str| {
        let line = lines.iter().find(|line| line.word("area") == code);
        line.map_or(Figure::Blank, |line| line.figure(chosen.column))
    };
    let title = format!("{}, by authority ({}), {}", chosen.words, chosen.unit, edition.day());
    let described = "A tile for each authority of London, about where it lies, shaded by the figure printed in it. Each leads \
                     to its row of the table that follows.";
    let map = TileMap::of("map", (title.clone(), described.to_owned()), figure, |code| {
        lines.iter().any(|line| line.word("area") == code).then(|| format!("#row-{code}"))
    });
    let wide = |level: &str| level != "authority";
    let mut rows: Vec<Row> = Vec::new();
    for is_wide in [true, false] {
        rows.extend(lines.iter().filter(|line| wide(line.word("area_level")) == is_wide).map(|line| Row {
            id: format!("row-{}", line.word("area")),
            cells: vec![name(*line, is_wide), Cell::Figure(line.figure(chosen.column))],
        }));
    }
    let definition = opened.definition;
    Ok(Some(Shown {
        map,
        table: DataTable {
            id: "by-area".to_owned(),
            caption: title,
            columns: vec![Column::text("Area"), Column::figures(chosen.words)],
            rows,
            empty: "The release says nothing of this measure: no feed that it is made of has come yet.".to_owned(),
        },
        words: definition.map_or("", |definition| definition.words),
        limits: definition.map_or("", |definition| definition.limits),
        vintage: opened.vintage,
    }))
}

/// The area; an authority leads to who places with it and where it places.
fn name(line: crate::figure::Line<'_>, is_wide: bool) -> Cell {
    let words = line.word("area_name").to_owned();
    if is_wide { Cell::Text(words) } else { Cell::Link(words, format!("/flows?of={}", line.word("area"))) }
}

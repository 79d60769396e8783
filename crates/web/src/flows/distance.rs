//! How far children live, by three measures that strategies confuse.

use hub_domain::AuthorityCode;

use crate::figure::{Cell, Column, DataTable, Edition, Figure, Line, Opened, Row};

/// Bands of an authority; sub-regions have finer ones in the whole table.
const BANDS: [(&str, &str); 4] =
    [("within_20", "Up to 20 miles"), ("beyond_20", "Over 20 miles"), ("known", "Known"), ("unknown", "Not known")];
const FROM: [&str; 3] = ["home", "boundary", "centres"];

/// One authority's distances, or every sub-region's.
pub(super) fn of(opened: &Opened, of: Option<AuthorityCode>, edition: &Edition) -> DataTable {
    let is_meant = |line: &Line<'_>| match of {
        Some(code) => line.word("area") == code.as_str(),
        None => matches!(line.word("area_level"), "region" | "sub_region"),
    };
    let mut areas: Vec<(&str, &str)> = Vec::new();
    for line in opened.lines().filter(is_meant) {
        let area = (line.word("area"), line.word("area_name"));
        if !areas.contains(&area) {
            areas.push(area);
        }
    }
    let row = |(code, name): (&str, &str), from: &str| {
        let figure = |band: &str| {
            let labels = [("area", code), ("measured", from), ("miles", band)];
            let found = opened.where_all(&labels).next();
            found.map_or(Figure::Blank, |line| line.figure("children"))
        };
        let labels = [("area", code), ("measured", from)];
        let measured = opened.where_all(&labels).next().map_or("", |line| line.word("measured_name"));
        let figures = BANDS.iter().map(|(band, _)| Cell::Figure(figure(band)));
        Row::of([Cell::text(name), Cell::text(measured)].into_iter().chain(figures).collect())
    };
    let rows = areas.iter().flat_map(|area| FROM.iter().map(move |from| (*area, *from)));
    DataTable {
        id: "distance".to_owned(),
        caption: format!("How far children in care live, by three measures, {} (children)", edition.day()),
        columns: ["Children of", "Measured"]
            .map(Column::text)
            .into_iter()
            .chain(BANDS.iter().map(|(_, words)| Column::figures(*words)))
            .collect(),
        rows: rows.map(|(area, from)| row(area, from)).collect(),
        empty: "The release says nothing of distance there.".to_owned(),
    }
}

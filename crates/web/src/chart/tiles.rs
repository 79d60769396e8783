//! London as tiles, one for each authority, about where it lies: every borough is as large as every other, and can be reached
//! with the keyboard.

use askama::Template;
use askama::filters::HtmlSafe;
use hub_domain::authority;

use super::{Scale, Step, letters};
use crate::figure::Figure;

/// Side of a tile, and from one to the next.
const SIDE: u32 = 40;
const PITCH: u32 = 43;

/// A map of London by one measure.
#[derive(Debug, Template)]
#[template(path = "chart/tiles.html")]
pub(crate) struct TileMap {
    /// Names it on the page.
    id: String,
    /// What it shows, with unit and day.
    title: String,
    /// How to read it, and where its figures stand as a table.
    description: String,
    tiles: Vec<Tile>,
    legend: Vec<Step>,
    width: u32,
    height: u32,
}

impl HtmlSafe for TileMap {}

/// A tile.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tile {
    x: u32,
    y: u32,
    class: &'static str,
    letters: String,
    figure: Figure,
    said: String,
    to: Option<String>,
}

impl TileMap {
    /// A map of the figures of each authority by its code; `to` is where a tile leads, if anywhere.
    pub(crate) fn of(
        id: &str,
        (title, description): (String, String),
        figure: impl Fn(&str) -> Figure,
        to: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let placed: Vec<_> = authority::all().iter().filter_map(|found| Some((found, found.tile?))).collect();
        let figures: Vec<Figure> = placed.iter().map(|(found, _)| figure(found.code.as_str())).collect();
        let scale = Scale::of(figures.iter());
        let mut tiles: Vec<Tile> = placed
            .iter()
            .zip(figures)
            .map(|((found, (row, column)), figure)| Tile {
                x: u32::from(column.saturating_sub(1)) * PITCH,
                y: u32::from(row.saturating_sub(1)) * PITCH,
                class: scale.class(&figure),
                letters: letters(found.code.as_str()),
                said: format!("{}: {}", found.name, figure.said()),
                to: to(found.code.as_str()),
                figure,
            })
            .collect();
        // The way of the tabulator key: along each row, from the top.
        tiles.sort_by_key(|tile| (tile.y, tile.x));
        let far = |at: fn(&Tile) -> u32| tiles.iter().map(at).max().unwrap_or(0) + SIDE;
        let (width, height) = (far(|tile| tile.x), far(|tile| tile.y));
        Self { id: id.to_owned(), title, description, legend: scale.legend(), tiles, width, height }
    }
}

impl Tile {
    fn middle(&self) -> u32 {
        self.x + SIDE / 2
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn map() -> TileMap {
        let figure = |code: &str| if code == "E09000023" { Figure::Number(480) } else { Figure::Hidden };
        TileMap::of("m", ("Children".into(), "Read it.".into()), figure, |code| Some(format!("#row-{code}")))
    }

    #[test]
    fn every_authority_of_london_has_a_place_of_its_own() {
        let map = map();
        assert_eq!(map.tiles.len(), 33);
        let places: BTreeSet<(u32, u32)> = map.tiles.iter().map(|tile| (tile.x, tile.y)).collect();
        assert_eq!(places.len(), 33);
        assert!(map.tiles.is_sorted_by_key(|tile| (tile.y, tile.x)));
    }

    #[test]
    fn a_tile_is_a_link_that_says_its_name_and_figure() {
        let html = map().to_string();
        assert!(html.contains(r##"<a href="#row-E09000023" aria-label="Lewisham: 480">"##), "{html}");
        assert!(html.contains("<title>Barnet: hidden</title>"), "{html}");
        assert!(html.contains(r#"class="tile sh""#) && !html.contains("style="), "{html}");
    }
}

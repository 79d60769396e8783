//! The picture of a table: a line where its rows are months, tiles where they are London's authorities, bars otherwise.

use hub_domain::{AuthorityCode, authority};

use super::asked::Asked;
use super::table::{about, is_drawn};
use crate::chart::{Bars, Lines, Point, TileMap};
use crate::figure::{Figure, Line, Opened, heading};

/// The most bars.
const BARS: usize = 25;
/// As many authorities make a map worth drawing.
const TILES: usize = 5;
/// The table of forecasts, whose rows are months ahead with an interval each.
const FORECAST: &str = "children_in_care_forecast";

/// A picture.
pub(super) enum Plot {
    /// A map.
    Tiles(TileMap),
    /// Over time.
    Lines(Lines),
    /// Side by side.
    Bars(Bars),
}

/// The picture of these rows; `None` where the measure is in words, or every figure is hidden.
pub(super) fn of(opened: &Opened, lines: &[Line<'_>], asked: &Asked) -> Option<Plot> {
    let measure = asked.measure.as_str();
    let title = opened.definition.map_or("", |definition| definition.title);
    let title = format!("{title}: {}", heading(measure).to_lowercase());
    if !lines.iter().any(|line| line.figure(measure).number().is_some()) {
        return None;
    }
    if let Some(points) = over_time(lines, measure).or_else(|| forecast(opened, lines)) {
        return Some(Plot::Lines(Lines::of("plot", &title, &points))).filter(|_| points.len() > 1);
    }
    if let Some(map) = map(lines, measure, &title) {
        return Some(Plot::Tiles(map));
    }
    let name = |line: &Line<'_>| about(opened, *line, |column| asked.is_each(column));
    let rows = lines.iter().filter(|line| is_drawn(&line.figure(measure))).take(BARS);
    let bars = Bars::of("plot", &title, rows.map(|line| (name(line), line.figure(measure))).collect());
    Some(Plot::Bars(bars)).filter(|plot| !matches!(plot, Plot::Bars(bars) if bars.is_empty()))
}

/// One row for each month.
fn over_time(lines: &[Line<'_>], measure: &str) -> Option<Vec<Point>> {
    let months: Vec<(&str, &Line<'_>)> =
        lines.iter().map(|line| (line.word("month"), line)).filter(|(month, _)| *month != "all").collect();
    let is_one_each = months.len() > 1 && months.windows(2).all(|two| matches!(two, [(a, _), (b, _)] if a < b));
    is_one_each.then(|| {
        let point = |(month, line): (&str, &Line<'_>)| Point {
            at: month.to_owned(),
            figure: line.figure(measure),
            interval: None,
        };
        months.into_iter().map(point).collect()
    })
}

/// Today's count, then each horizon with the interval it is given with; of one area and band alone.
fn forecast(opened: &Opened, lines: &[Line<'_>]) -> Option<Vec<Point>> {
    let first = lines.first().filter(|_| opened.name == FORECAST)?;
    let same = |line: &&Line<'_>| ["area", "age_band"].iter().all(|column| line.word(column) == first.word(column));
    let own: Vec<&Line<'_>> = lines.iter().filter(same).collect();
    let today = Point { at: "today".to_owned(), figure: first.figure("children"), interval: None };
    let ahead = own.into_iter().map(|line| Point {
        at: format!("in {} months", line.word("months_ahead")),
        figure: line.figure("forecast"),
        interval: line.figure("low").number().zip(line.figure("high").number()),
    });
    Some(std::iter::once(today).chain(ahead).collect())
}

/// One row for each of several of London's authorities.
fn map(lines: &[Line<'_>], measure: &str, title: &str) -> Option<TileMap> {
    let areas: Vec<(&str, &Line<'_>)> = lines.iter().map(|line| (line.word("area"), line)).collect();
    let tiled = |code: &str| {
        code.parse::<AuthorityCode>().ok().and_then(authority::find).is_some_and(|found| found.tile.is_some())
    };
    let held: Vec<&(&str, &Line<'_>)> = areas.iter().filter(|(code, _)| tiled(code)).collect();
    let mut codes: Vec<&str> = held.iter().map(|(code, _)| *code).collect();
    codes.sort_unstable();
    let is_one_each = codes.windows(2).all(|two| two.first() != two.last());
    if codes.len() < TILES || !is_one_each {
        return None;
    }
    let figure = |asked: &str| {
        let found = held.iter().find(|(code, _)| *code == asked);
        found.map_or(Figure::Blank, |(_, line)| line.figure(measure))
    };
    let described = "A tile for each authority of London, about where it lies, shaded by the figure printed in it. Each leads \
                     to who places with it and where it places.";
    let words = (title.to_owned(), described.to_owned());
    Some(TileMap::of("plot", words, figure, |code| codes.contains(&code).then(|| format!("/flows?of={code}"))))
}

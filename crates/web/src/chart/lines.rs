//! A figure over time, with the interval around it where it has one. Where it is hidden the line breaks.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::figure::{Figure, grouped};

/// The picture, and the part of it that holds the line.
const WIDTH: i64 = 480;
const HEIGHT: i64 = 200;
const LEFT: i64 = 56;
const TOP: i64 = 12;
const RIGHT: i64 = 12;
const BOTTOM: i64 = 28;

/// A line.
#[derive(Debug, Template)]
#[template(path = "chart/lines.html")]
pub(crate) struct Lines {
    id: String,
    title: String,
    description: String,
    /// Strokes of the line, each the `points` of a polyline.
    strokes: Vec<String>,
    /// The interval as a polygon; blank where there is none.
    band: String,
    dots: Vec<Dot>,
    least: i64,
    most: i64,
    first: String,
    last: String,
}

impl HtmlSafe for Lines {}

/// A figure at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Point {
    /// The day or month, as people write it.
    pub(crate) at: String,
    /// The figure.
    pub(crate) figure: Figure,
    /// The ends of its interval, where it has one.
    pub(crate) interval: Option<(i64, i64)>,
}

#[derive(Debug, PartialEq, Eq)]
struct Dot {
    x: i64,
    y: i64,
    said: String,
    value: String,
}

impl Lines {
    /// A line through these points, evenly set apart.
    pub(crate) fn of(id: &str, title: &str, points: &[Point]) -> Self {
        let ends = points.iter().flat_map(|point| point.interval.into_iter().flat_map(|(low, high)| [low, high]));
        let numbers: Vec<i64> = points.iter().filter_map(|point| point.figure.number()).chain(ends).collect();
        let (least, most) =
            (numbers.iter().copied().min().unwrap_or(0).min(0), numbers.iter().copied().max().unwrap_or(1).max(1));
        let frame = Frame { least, most, points: points.len() };
        let end = |point: Option<&Point>| point.map_or_else(String::new, |point| point.at.clone());
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            description: describe(points),
            strokes: frame.strokes(points),
            band: frame.band(points),
            dots: frame.dots(points),
            least,
            most,
            first: end(points.first()),
            last: end(points.last().filter(|_| points.len() > 1)),
        }
    }

    /// Whether a line can be drawn: through two figures at least.
    pub(crate) fn is_empty(&self) -> bool {
        self.dots.len() < 2
    }
}

/// How figures become places.
struct Frame {
    least: i64,
    most: i64,
    points: usize,
}

impl Frame {
    fn x(&self, at: usize) -> i64 {
        let steps = i64::try_from(self.points.saturating_sub(1)).unwrap_or(i64::MAX).max(1);
        LEFT + (WIDTH - LEFT - RIGHT) * i64::try_from(at).unwrap_or(0) / steps
    }

    fn y(&self, number: i64) -> i64 {
        let span = (self.most - self.least).max(1);
        HEIGHT - BOTTOM - (number - self.least).saturating_mul(HEIGHT - TOP - BOTTOM) / span
    }

    fn dots(&self, points: &[Point]) -> Vec<Dot> {
        let dot = |(at, point): (usize, &Point)| {
            let number = point.figure.number()?;
            let within = point
                .interval
                .map_or_else(String::new, |(low, high)| format!(", between {} and {}", grouped(low), grouped(high)));
            let said = format!("{}: {}{within}", point.at, point.figure);
            Some(Dot { x: self.x(at), y: self.y(number), said, value: point.figure.to_string() })
        };
        points.iter().enumerate().filter_map(dot).collect()
    }

    /// A stroke for each run of figures that are shown.
    fn strokes(&self, points: &[Point]) -> Vec<String> {
        let placed: Vec<Option<String>> = points
            .iter()
            .enumerate()
            .map(|(at, point)| point.figure.number().map(|number| format!("{},{}", self.x(at), self.y(number))))
            .collect();
        let runs = placed.split(Option::is_none).filter(|run| run.len() > 1);
        runs.map(|run| run.iter().flatten().cloned().collect::<Vec<_>>().join(" ")).collect()
    }

    /// Along the low ends and back along the high ones.
    fn band(&self, points: &[Point]) -> String {
        let ends: Vec<(usize, (i64, i64))> =
            points.iter().enumerate().filter_map(|(at, point)| Some((at, point.interval?))).collect();
        if ends.len() < 2 {
            return String::new();
        }
        let low = ends.iter().map(|(at, (low, _))| format!("{},{}", self.x(*at), self.y(*low)));
        let high = ends.iter().rev().map(|(at, (_, high))| format!("{},{}", self.x(*at), self.y(*high)));
        low.chain(high).collect::<Vec<_>>().join(" ")
    }
}

/// The picture in a sentence.
fn describe(points: &[Point]) -> String {
    let mut shown = points.iter().filter(|point| point.figure.number().is_some());
    let Some(first) = shown.next() else { return "No figure is shown.".to_owned() };
    let last = shown.next_back().unwrap_or(first);
    let hidden = points.iter().filter(|point| point.figure.is_hidden()).count();
    let breaks = if hidden == 0 { String::new() } else { format!(" {hidden} are hidden, where the line breaks.") };
    format!("From {} ({}) to {} ({}).{breaks}", first.figure, first.at, last.figure, last.at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(at: &str, figure: Figure) -> Point {
        Point { at: at.to_owned(), figure, interval: None }
    }

    #[test]
    fn a_line_breaks_where_a_figure_is_hidden() {
        let points = [
            point("a", Figure::Number(0)),
            point("b", Figure::Number(10)),
            point("c", Figure::Hidden),
            point("d", Figure::Number(5)),
            point("e", Figure::Number(10)),
        ];
        let lines = Lines::of("l", "Children", &points);
        assert_eq!(lines.strokes, ["56,172 159,12", "365,92 468,12"]);
        assert_eq!(lines.description, "From 0 (a) to 10 (e). 1 are hidden, where the line breaks.");
        assert_eq!(lines.dots.len(), 4);
        assert!(!lines.is_empty() && Lines::of("l", "t", &points[..1]).is_empty());
    }

    #[test]
    fn an_interval_goes_there_and_back() {
        let at = |figure, low, high| Point { interval: Some((low, high)), ..point("x", Figure::Number(figure)) };
        let lines = Lines::of("l", "Children", &[at(10, 5, 20), at(10, 0, 20)]);
        assert_eq!(lines.band, "56,132 468,172 468,12 56,12");
        assert!(lines.to_string().contains("between 5 and 20"));
    }
}

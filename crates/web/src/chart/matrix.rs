//! Figures by row and column, shaded: who places where.

use askama::Template;
use askama::filters::HtmlSafe;

use super::{Scale, Step, letters};
use crate::figure::Figure;

/// Side of a square, and the room for letters beside and above.
const SIDE: usize = 22;
const ROOM: usize = 34;

/// A picture of a table with two sides.
#[derive(Debug, Template)]
#[template(path = "chart/matrix.html")]
pub(crate) struct Matrix {
    id: String,
    title: String,
    description: String,
    /// Letters of the rows, and where.
    rows: Vec<(String, usize)>,
    /// Letters of the columns, and where.
    columns: Vec<(String, usize)>,
    spots: Vec<Spot>,
    legend: Vec<Step>,
    width: usize,
    height: usize,
}

impl HtmlSafe for Matrix {}

/// A square that is not empty.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    x: usize,
    y: usize,
    class: &'static str,
    figure: Figure,
}

impl Matrix {
    /// A picture of the figures that `figure` gives for a row's and a column's code; `None` leaves the square empty.
    pub(crate) fn of(
        id: &str,
        (title, description): (String, String),
        (rows, columns): (&[&str], &[&str]),
        figure: impl Fn(&str, &str) -> Option<Figure>,
    ) -> Self {
        let pairs = rows.iter().enumerate().flat_map(|row| columns.iter().enumerate().map(move |column| (row, column)));
        let found: Vec<(usize, usize, Figure)> =
            pairs.filter_map(|((down, row), (along, column))| Some((along, down, figure(row, column)?))).collect();
        let scale = Scale::of(found.iter().map(|(_, _, figure)| figure));
        let spot = |(along, down, figure): (usize, usize, Figure)| Spot {
            x: ROOM + along * SIDE,
            y: ROOM + down * SIDE,
            class: scale.class(&figure),
            figure,
        };
        let named = |codes: &[&str]| -> Vec<(String, usize)> {
            codes.iter().enumerate().map(|(at, code)| (letters(code), ROOM + at * SIDE + SIDE / 2)).collect()
        };
        Self {
            id: id.to_owned(),
            title,
            description,
            rows: named(rows),
            columns: named(columns),
            spots: found.into_iter().map(spot).collect(),
            legend: scale.legend(),
            width: ROOM + columns.len() * SIDE,
            height: ROOM + rows.len() * SIDE,
        }
    }

    /// Whether there is anything to draw.
    pub(crate) fn is_empty(&self) -> bool {
        self.spots.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_with_nothing_is_left_empty_and_a_hidden_one_is_not() {
        let figure = |row: &str, column: &str| match (row, column) {
            ("E09000023", "E09000011") => Some(Figure::Number(7)),
            ("E09000011", "E09000023") => Some(Figure::Hidden),
            _ => None,
        };
        let codes = ["E09000011", "E09000023"];
        let matrix = Matrix::of("f", ("Flows".into(), "Read it.".into()), (&codes, &codes), figure);
        assert_eq!(matrix.spots.len(), 2);
        assert_eq!((matrix.spots[0].x, matrix.spots[0].y, matrix.spots[0].class), (ROOM + SIDE, ROOM, "sh"));
        assert!(matrix.to_string().contains(">LEW</text>"));
        assert!(!matrix.is_empty());
    }
}

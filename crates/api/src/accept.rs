//! JSON or CSV: by `format=`, else by `Accept`.

use std::str::FromStr;

use axum::http::{HeaderMap, header};

use crate::extract::{Fields, FromFields};
use crate::problem::{NOT_ACCEPTABLE, Problem};

/// A shape that an answer can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `application/json`.
    Json,
    /// `text/csv`.
    Csv,
}

/// The shape asked for by name.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted(Option<Shape>);

impl FromStr for Shape {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "json" => Ok(Self::Json),
            "csv" => Ok(Self::Csv),
            _ => Err(()),
        }
    }
}

impl FromFields for Wanted {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        fields.optional("format", "json or csv").map(Self)
    }
}

impl Wanted {
    /// The shape asked for by name, else by `Accept`; JSON unless something else is preferred.
    pub(crate) fn shape(self, headers: &HeaderMap) -> Result<Shape, Problem> {
        if let Some(shape) = self.0 {
            return Ok(shape);
        }
        let Some(accept) = headers.get(header::ACCEPT) else { return Ok(Shape::Json) };
        let accept = accept.to_str().unwrap_or_default();
        if accept == "application/json" || accept == "*/*" {
            return Ok(Shape::Json);
        }
        let (json, csv) = (weight(accept, "application", "json"), weight(accept, "text", "csv"));
        if json <= 0 && csv <= 0 {
            return Err(Problem::new(NOT_ACCEPTABLE).detail("application/json and text/csv can be given."));
        }
        Ok(if csv > json { Shape::Csv } else { Shape::Json })
    }
}

/// The weight, in thousandths, that the most specific matching range gives to a type (RFC 9110 section 12.5.1).
pub(crate) fn weight(accept: &str, kind: &str, sort: &str) -> i32 {
    let mut best = (0, 0);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let specific = match name.split_once('/') {
            Some((a, b)) if a.eq_ignore_ascii_case(kind) && b.eq_ignore_ascii_case(sort) => 3,
            Some((a, "*")) if a.eq_ignore_ascii_case(kind) => 2,
            Some(("*", "*")) => 1,
            _ => continue,
        };
        let quality = parts.find_map(|part| part.strip_prefix("q=")).map_or(1000, thousandths);
        if specific > best.0 {
            best = (specific, quality);
        }
    }
    best.1
}

fn thousandths(text: &str) -> i32 {
    match text.split_once('.') {
        Some(("0", digits)) => format!("{digits:0<3}").get(..3).and_then(|digits| digits.parse().ok()).unwrap_or(0),
        None if text == "0" => 0,
        _ => 1000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_shape_is_given_and_json_on_a_tie() {
        let table = [
            ("*/*", Some(Shape::Json)),
            ("text/csv", Some(Shape::Csv)),
            ("text/*", Some(Shape::Csv)),
            ("text/csv;q=0.5, application/json", Some(Shape::Json)),
            ("text/csv, application/json;q=0.9", Some(Shape::Csv)),
            ("text/csv, */*;q=0.1", Some(Shape::Csv)),
            ("application/json;q=0, */*", Some(Shape::Csv)),
            ("text/html", None),
            ("application/json;q=0", None),
        ];
        for (accept, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            assert_eq!(Wanted::default().shape(&headers).ok(), expected, "{accept}");
            assert_eq!(Wanted(Some(Shape::Csv)).shape(&headers).unwrap(), Shape::Csv);
        }
    }
}

//! CSV that a spreadsheet shows and does not run.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;

use crate::problem::{INTERNAL, Problem};

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Text, in which a leading sign would be a formula.
    Text(String),
    /// A number.
    Number(i64),
    /// Nothing.
    Blank,
}

impl<T: ToString> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Blank, |value| Self::Text(value.to_string()))
    }
}

impl Cell {
    /// Text.
    pub(crate) fn text<T: ToString + ?Sized>(text: &T) -> Self {
        Self::Text(text.to_string())
    }

    fn shown(&self) -> String {
        match self {
            Self::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Blank => String::new(),
        }
    }
}

/// RFC 4180 CSV with one heading row, as a download of that name.
pub(crate) fn answer(name: &str, headings: &[&str], rows: &[Vec<Cell>]) -> Result<Response, Problem> {
    let bytes = write(headings, rows).map_err(|error| Problem::new(INTERNAL).cause(error))?;
    let named = HeaderValue::from_str(&format!("attachment; filename=\"{name}.csv\""));
    let named = named.map_err(|error| Problem::new(INTERNAL).cause(error))?;
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, named);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn write(headings: &[&str], rows: &[Vec<Cell>]) -> Result<Vec<u8>, csv::Error> {
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    out.write_record(headings)?;
    for row in rows {
        out.write_record(row.iter().map(Cell::shown))?;
    }
    out.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_a_spreadsheet_would_run_is_made_plain_and_numbers_stay_numbers() {
        let row = vec![Cell::text("=1+1"), Cell::text("a, \"b\""), Cell::Number(-3), Cell::Blank, Cell::text("-x")];
        let text = String::from_utf8(write(&["a", "b", "c", "d", "e"], &[row]).unwrap()).unwrap();
        assert_eq!(text, "a,b,c,d,e\r\n'=1+1,\"a, \"\"b\"\"\",-3,,'-x\r\n");
    }
}

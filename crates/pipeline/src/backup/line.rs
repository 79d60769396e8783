//! A row as a line.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hub_store::tables::{Cell, Column, Kind, Value};
use serde::ser::SerializeSeq as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// A row, to be written as a JSON array.
struct Cells<'a>(&'a [Cell<'a>]);

impl Serialize for Cells<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_seq(Some(self.0.len()))?;
        for cell in self.0 {
            match cell {
                Cell::Blank => row.serialize_element(&None::<()>)?,
                Cell::Text(text) => row.serialize_element(text)?,
                Cell::Integer(number) => row.serialize_element(number)?,
                Cell::Bytes(bytes) => row.serialize_element(&STANDARD.encode(bytes))?,
            }
        }
        row.end()
    }
}

/// Writes a row as a line, without its end. There is one way to write a row, so that equal rows are equal lines.
pub(super) fn write(cells: &[Cell<'_>], line: &mut Vec<u8>) -> serde_json::Result<()> {
    serde_json::to_writer(line, &Cells(cells))
}

/// Reads a line; `None` when it is no row of these columns.
pub(super) fn read(line: &str, columns: &[Column]) -> Option<Vec<Value>> {
    let cells: Vec<&RawValue> = serde_json::from_str(line).ok()?;
    if cells.len() != columns.len() {
        return None;
    }
    cells.into_iter().zip(columns).map(|(cell, column)| value(cell.get(), column.kind)).collect()
}

fn value(cell: &str, kind: Kind) -> Option<Value> {
    if cell == "null" {
        return Some(Value::Blank);
    }
    Some(match kind {
        Kind::Text => Value::Text(serde_json::from_str(cell).ok()?),
        Kind::Integer => Value::Integer(serde_json::from_str(cell).ok()?),
        Kind::Bytes => Value::Bytes(STANDARD.decode(serde_json::from_str::<&str>(cell).ok()?).ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<Column> {
        let column = |name: &str, kind| Column { name: name.to_owned(), kind };
        vec![column("a", Kind::Text), column("b", Kind::Integer), column("c", Kind::Bytes)]
    }

    #[test]
    fn a_row_is_read_as_it_was_written() {
        let rows = [
            [Cell::Text("é \"quoted\"\n"), Cell::Integer(i64::MIN), Cell::Bytes(&[0, 255, 10])],
            [Cell::Text(""), Cell::Integer(i64::MAX), Cell::Bytes(&[])],
            [Cell::Blank, Cell::Blank, Cell::Blank],
        ];
        for row in rows {
            let mut line = Vec::new();
            write(&row, &mut line).unwrap();
            let line = String::from_utf8(line).unwrap();
            assert!(!line.contains('\n'), "{line}");
            let again = read(&line, &columns()).unwrap();
            let again: Vec<Cell<'_>> = again.iter().map(as_cell).collect();
            assert!(again == row, "{line}");
        }
    }

    fn as_cell(value: &Value) -> Cell<'_> {
        match value {
            Value::Blank => Cell::Blank,
            Value::Text(text) => Cell::Text(text),
            Value::Integer(number) => Cell::Integer(*number),
            Value::Bytes(bytes) => Cell::Bytes(bytes),
        }
    }

    #[test]
    fn what_is_no_row_is_not_read() {
        for line in ["", "{}", "[1]", "[1,2,\"\"]", "[\"a\",\"2\",\"\"]", "[\"a\",2,\"*\"]", "[\"a\",2,\"\",3]"] {
            assert!(read(line, &columns()).is_none(), "{line}");
        }
    }
}

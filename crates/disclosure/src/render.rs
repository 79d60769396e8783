//! The bytes of a published table: JSON and CSV, the same every time.

use hub_domain::{Date, Timestamp};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::gate::{GatedTable, Shown, ShownRow};

/// What stands in a hidden cell, as in DfE's tables: confidential.
pub const MARKER: &str = "c";

/// Column names every row carries after its own.
pub const PROVENANCE: [&str; 6] =
    ["definition", "definition_version", "release", "as_at", "as_known", "denominator_vintage"];

/// The last column: names of the measures that are held as an earlier release had them, blanks between.
pub const HELD: &str = "held";

/// Which release a rendering belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The release's id.
    pub release: String,
    /// The day the figures describe.
    pub as_at: Date,
    /// The moment as of which the records behind them were known.
    pub as_known: Timestamp,
}

impl GatedTable {
    /// One JSON document: what the table is, then its rows as flat objects in column order.
    pub fn to_json(&self, stamp: &Stamp) -> Vec<u8> {
        let document = Document {
            table: &self.name,
            title: &self.title,
            definition: &self.definition.id,
            definition_version: self.definition.version,
            release: &stamp.release,
            as_at: stamp.as_at,
            as_known: stamp.as_known,
            denominator_vintage: self.definition.vintage.as_deref(),
            threshold: self.threshold,
            marker: MARKER,
            dimensions: &self.dimensions,
            measures: &self.measures,
            rows: Rows(self, stamp),
        };
        // Maps have text keys and no value fails to serialise, so this cannot fail.
        serde_json::to_vec(&document).unwrap_or_default()
    }

    /// RFC 4180 CSV with one heading row. Text that a spreadsheet would run is made plain by a leading apostrophe.
    pub fn to_csv(&self, stamp: &Stamp) -> Vec<u8> {
        let mut out = String::new();
        let headings = self.dimensions.iter().chain(&self.measures).map(String::as_str).chain(PROVENANCE).chain([HELD]);
        csv_line(&mut out, headings.map(plain));
        let version = self.definition.version.to_string();
        let as_at = stamp.as_at.to_string();
        let as_known = stamp.as_known.to_string();
        let vintage = self.definition.vintage.clone().unwrap_or_default();
        let tail = [&self.definition.id, &version, &stamp.release, &as_at, &as_known, &vintage];
        for row in &self.rows {
            let labels = row.labels.iter().map(|label| plain(label));
            let cells = row.cells.iter().map(csv_cell);
            csv_line(&mut out, labels.chain(cells).chain(tail.iter().map(|text| plain(text))).chain([self.held(row)]));
        }
        out.into_bytes()
    }

    fn held(&self, row: &ShownRow) -> String {
        let cells = self.measures.iter().zip(&row.cells);
        let held = cells.filter(|(_, cell)| matches!(cell, Shown::Held(_))).map(|(measure, _)| measure.as_str());
        held.collect::<Vec<_>>().join(" ")
    }
}

#[derive(Serialize)]
struct Document<'a> {
    table: &'a str,
    title: &'a str,
    definition: &'a str,
    definition_version: u32,
    release: &'a str,
    as_at: Date,
    as_known: Timestamp,
    denominator_vintage: Option<&'a str>,
    threshold: u64,
    marker: &'a str,
    dimensions: &'a [String],
    measures: &'a [String],
    rows: Rows<'a>,
}

struct Rows<'a>(&'a GatedTable, &'a Stamp);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.0.rows.len()))?;
        for row in &self.0.rows {
            rows.serialize_element(&FlatRow(self.0, row, self.1))?;
        }
        rows.end()
    }
}

struct FlatRow<'a>(&'a GatedTable, &'a ShownRow, &'a Stamp);

impl Serialize for FlatRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(table, row, stamp) = self;
        let mut map = serializer.serialize_map(None)?;
        for (name, label) in table.dimensions.iter().zip(&row.labels) {
            map.serialize_entry(name, label)?;
        }
        for (name, cell) in table.measures.iter().zip(&row.cells) {
            map.serialize_entry(name, cell)?;
        }
        let [definition, version, release, as_at, as_known, vintage] = PROVENANCE;
        map.serialize_entry(definition, &table.definition.id)?;
        map.serialize_entry(version, &table.definition.version)?;
        map.serialize_entry(release, &stamp.release)?;
        map.serialize_entry(as_at, &stamp.as_at)?;
        map.serialize_entry(as_known, &stamp.as_known)?;
        map.serialize_entry(vintage, &table.definition.vintage)?;
        map.serialize_entry(HELD, &table.held(row))?;
        map.end()
    }
}

impl Serialize for Shown {
    /// A number, the marker, text, or null.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Count(count) | Self::Held(count) => serializer.serialize_u64(*count),
            Self::Hidden => serializer.serialize_str(MARKER),
            Self::Figure(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Blank => serializer.serialize_none(),
        }
    }
}

fn csv_cell(cell: &Shown) -> String {
    match cell {
        Shown::Count(count) | Shown::Held(count) => count.to_string(),
        Shown::Hidden => MARKER.to_owned(),
        Shown::Figure(number) => number.to_string(),
        Shown::Text(text) => plain(text),
        Shown::Blank => String::new(),
    }
}

/// Text as a spreadsheet will show it rather than run it.
pub fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// Writes one line of RFC 4180 CSV.
pub fn csv_line(out: &mut String, fields: impl Iterator<Item = String>) {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            out.push(',');
        }
        if field.contains(['"', ',', '\n', '\r']) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&field);
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cell, DefinitionRef, Policy, Row, Table, gate};

    fn table() -> Table {
        let count = |id: &str, value| Cell::Count { id: id.to_owned(), value, contributors: None };
        Table {
            name: "homes".to_owned(),
            title: "Homes".to_owned(),
            definition: DefinitionRef { id: "homes".to_owned(), version: 2, vintage: None },
            dimensions: vec!["area".to_owned(), "name".to_owned()],
            measures: vec!["children".to_owned(), "grade".to_owned(), "visits".to_owned()],
            rows: vec![
                Row {
                    labels: vec!["A".to_owned(), "=HYPERLINK(\"x\")".to_owned()],
                    cells: vec![count("a", 3), Cell::Text("good, and \"kind\"".to_owned()), Cell::Figure(-1)],
                },
                Row {
                    labels: vec!["B".to_owned(), "B".to_owned()],
                    cells: vec![count("b", 0), Cell::Text("@x".to_owned()), Cell::Blank],
                },
                Row {
                    labels: vec!["C".to_owned(), "C".to_owned()],
                    cells: vec![count("c", 5), Cell::Blank, Cell::Blank],
                },
            ],
            lines: vec![],
            frames: Vec::new(),
        }
    }

    fn stamp() -> Stamp {
        Stamp { release: "r7".to_owned(), as_at: jiff::civil::date(2026, 3, 1), as_known: Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn a_median_is_shown_only_of_as_many_as_are_shown_themselves() {
        let of = |id: &str| Cell::typical(3, id);
        let mut table = table();
        for (row, id) in table.rows.iter_mut().zip(["a", "b", "c"]) {
            row.cells[2] = of(id);
        }
        table.rows[1].cells[1] = of("nobody's");
        let gated = gate(vec![table], &Policy::default()).unwrap();
        let shown: Vec<_> = gated.table("homes").unwrap().rows().iter().map(|row| row.cells()[2].clone()).collect();
        assert_eq!(shown, [Shown::Hidden, Shown::Hidden, Shown::Figure(3)], "of three, of none, of five");
        assert_eq!(gated.table("homes").unwrap().rows()[1].cells()[1], Shown::Hidden, "of a cell that is not there");
    }

    #[test]
    fn csv_is_quoted_neutralised_and_carries_its_provenance() {
        let gated = gate(vec![table()], &Policy::default()).unwrap();
        let text = String::from_utf8(gated.table("homes").unwrap().to_csv(&stamp())).unwrap();
        assert_eq!(
            text,
            "area,name,children,grade,visits,definition,definition_version,release,as_at,as_known,denominator_vintage,held\r\n\
             A,\"'=HYPERLINK(\"\"x\"\")\",c,\"good, and \"\"kind\"\"\",-1,homes,2,r7,2026-03-01,1970-01-01T00:00:00Z,,\r\n\
             B,B,0,'@x,,homes,2,r7,2026-03-01,1970-01-01T00:00:00Z,,\r\n\
             C,C,5,,,homes,2,r7,2026-03-01,1970-01-01T00:00:00Z,,\r\n"
        );
    }

    #[test]
    fn json_rows_are_flat_and_in_column_order() {
        let gated = gate(vec![table()], &Policy::default()).unwrap();
        let text = String::from_utf8(gated.table("homes").unwrap().to_json(&stamp())).unwrap();
        assert!(text.starts_with(
            r#"{"table":"homes","title":"Homes","definition":"homes","definition_version":2,"release":"r7","as_at":"2026-03-01","as_known":"1970-01-01T00:00:00Z","denominator_vintage":null,"threshold":5,"marker":"c","#
        ));
        assert!(text.contains(
            r#"{"area":"C","name":"C","children":5,"grade":null,"visits":null,"definition":"homes","definition_version":2,"release":"r7","as_at":"2026-03-01","as_known":"1970-01-01T00:00:00Z","denominator_vintage":null,"held":""}"#
        ));
        assert!(text.contains(r#""children":"c""#));
    }
}

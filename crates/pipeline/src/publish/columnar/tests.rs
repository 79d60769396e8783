//! What was written, read by the reader that others use.

use bytes::Bytes;
use parquet::basic::LogicalType;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::{Field as Read, Row};

use super::write;
use crate::publish::sheet::Sheet;

const DOCUMENT: &str = r#"{"table":"provider_scores","title":"t","dimensions":["urn"],"measures":["occurred_on","overall","safety"],"rows":[
    {"urn":"1","occurred_on":"2026-02-03","overall":"good","safety":"c","definition":"provider_scores","definition_version":1,"release":"r","as_at":"2026-03-01","as_known":"2026-03-02T06:00:00.5Z","denominator_vintage":null,"held":""},
    {"urn":"2 ü","occurred_on":null,"overall":null,"safety":-3,"definition":"provider_scores","definition_version":1,"release":"r","as_at":"1969-12-31","as_known":"2026-03-02T06:00:00Z","denominator_vintage":"v","held":"safety"}]}"#;

fn read(sheet: &Sheet) -> (Vec<(String, String)>, Vec<Row>) {
    let file = SerializedFileReader::new(Bytes::from(write(sheet).unwrap())).unwrap();
    let schema = file.metadata().file_metadata().schema_descr_ptr();
    let types = schema.columns().iter().map(|column| {
        let logical = column.logical_type_ref().map(|logical| format!("{logical:?}"));
        let physical = column.physical_type().to_string();
        (column.name().to_owned(), logical.unwrap_or(physical))
    });
    let rows = file.get_row_iter(None).unwrap().map(Result::unwrap);
    (types.collect(), rows.collect())
}

fn values(row: &Row) -> Vec<Read> {
    row.get_column_iter().map(|(_, field)| field.clone()).collect()
}

fn text(text: &str) -> Read {
    Read::Str(text.to_owned())
}

#[test]
fn a_table_is_read_back_as_it_was_and_a_hidden_number_is_null_and_marked() {
    let (types, rows) = read(&Sheet::read(DOCUMENT.as_bytes()).unwrap());
    let moment = format!("{:?}", LogicalType::timestamp(true, parquet::basic::TimeUnit::MICROS));
    let expected = [
        ("urn", "String"),
        ("occurred_on", "Date"),
        ("overall", "String"),
        ("safety", "INT64"),
        ("safety_marker", "String"),
        ("definition", "String"),
        ("definition_version", "INT64"),
        ("release", "String"),
        ("as_at", "Date"),
        ("as_known", &moment),
        ("denominator_vintage", "String"),
        ("held", "String"),
    ];
    let types: Vec<_> = types.iter().map(|(name, kind)| (name.as_str(), kind.as_str())).collect();
    assert_eq!(types, expected);
    let [first, second] = rows.as_slice() else { panic!("{} rows", rows.len()) };
    assert_eq!(values(first)[..5], [text("1"), Read::Date(20_487), text("good"), Read::Null, text("c")]);
    assert_eq!(values(second)[..5], [text("2 ü"), Read::Null, Read::Null, Read::Long(-3), Read::Null]);
    let known = "2026-03-02T06:00:00.5Z".parse::<jiff::Timestamp>().unwrap().as_microsecond();
    assert_eq!(values(first)[8..10], [Read::Date(20_513), Read::TimestampMicros(known)]);
    assert_eq!(values(second)[8], Read::Date(-1), "the day before the first");
}

#[test]
fn an_empty_table_has_its_columns_and_no_name_stands_twice() {
    for definition in hub_sufficiency::definitions().filter(|one| hub_sufficiency::is_published(one.id)) {
        let (types, rows) = read(&Sheet::empty(definition.id).unwrap());
        let mut names: Vec<_> = types.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!((names.len(), rows.len()), (types.len(), 0), "{}", definition.id);
    }
}

#[test]
fn the_same_table_gives_the_same_bytes() {
    let sheet = Sheet::read(DOCUMENT.as_bytes()).unwrap();
    assert_eq!(write(&sheet).unwrap(), write(&sheet).unwrap());
}

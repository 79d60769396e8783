//! A sheet as a Parquet file.

use std::str::FromStr as _;
use std::sync::Arc;

use hub_disclosure::MARKER;
use jiff::Timestamp;
use jiff::civil::Date;
use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};

use crate::Fault;
use crate::publish::sheet::{Column, Field, Kind, Sheet};

/// The mark of a hidden number stands in a column of its own, so that the number's column holds numbers alone.
const MARK: &str = "_marker";
const EPOCH: Date = Date::constant(1970, 1, 1);

/// Every column may be null. A measure is two: the number, and whether it is hidden.
pub(in crate::publish) fn write(sheet: &Sheet) -> Result<Vec<u8>, Fault> {
    file(sheet).map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "a table could not be written as Parquet");
        Fault::Inconsistent("a table as Parquet")
    })
}

fn file(sheet: &Sheet) -> Result<Vec<u8>, ParquetError> {
    let properties = WriterProperties::builder().set_created_by("sufficiency-hub".to_owned()).build();
    let mut out = Vec::new();
    let mut file = SerializedFileWriter::new(&mut out, schema(sheet)?, Arc::new(properties))?;
    let mut rows = file.next_row_group()?;
    for (at, column) in sheet.columns.iter().enumerate() {
        let fields = || sheet.rows.iter().filter_map(move |row| row.get(at));
        match column.kind {
            Kind::Text => put::<ByteArrayType>(&mut rows, fields().map(words))?,
            Kind::Number => put::<Int64Type>(&mut rows, fields().map(number))?,
            Kind::Date => put::<Int32Type>(&mut rows, fields().map(day))?,
            Kind::Instant => put::<Int64Type>(&mut rows, fields().map(instant))?,
            Kind::Measure => {
                put::<Int64Type>(&mut rows, fields().map(number))?;
                put::<ByteArrayType>(&mut rows, fields().map(mark))?;
            }
        }
    }
    rows.close()?;
    file.close()?;
    Ok(out)
}

fn schema(sheet: &Sheet) -> Result<TypePtr, ParquetError> {
    let mut fields = Vec::new();
    for Column { name, kind } in &sheet.columns {
        fields.push(leaf(name, *kind)?);
        if *kind == Kind::Measure {
            fields.push(leaf(&format!("{name}{MARK}"), Kind::Text)?);
        }
    }
    Ok(Arc::new(Type::group_type_builder("table").with_fields(fields).build()?))
}

fn leaf(name: &str, kind: Kind) -> Result<TypePtr, ParquetError> {
    let (physical, logical) = match kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Measure | Kind::Number => (Physical::INT64, None),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Instant => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
    };
    let leaf = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
    Ok(Arc::new(leaf.with_logical_type(logical).build()?))
}

/// Writes one column: the values there are, and for each row whether it has one.
fn put<T: DataType>(
    rows: &mut SerializedRowGroupWriter<'_, &mut Vec<u8>>,
    fields: impl Iterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    for field in fields {
        levels.push(i16::from(field.is_some()));
        values.extend(field);
    }
    let next = rows.next_column()?;
    let mut column = next.ok_or_else(|| ParquetError::General("more columns than the schema has".to_owned()))?;
    column.typed::<T>().write_batch(&values, Some(&levels), None)?;
    column.close()
}

fn words(field: &Field) -> Option<ByteArray> {
    match field {
        Field::Blank => None,
        Field::Hidden => Some(MARKER.into()),
        Field::Number(number) => Some(number.to_string().as_str().into()),
        Field::Text(text) => Some(text.as_str().into()),
    }
}

fn number(field: &Field) -> Option<i64> {
    if let Field::Number(number) = field { Some(*number) } else { None }
}

fn mark(field: &Field) -> Option<ByteArray> {
    matches!(field, Field::Hidden).then(|| MARKER.into())
}

/// Days since 1970.
fn day(field: &Field) -> Option<i32> {
    let Field::Text(text) = field else { return None };
    let since = Date::from_str(text).ok()?.since(EPOCH).ok()?;
    Some(since.get_days())
}

/// Microseconds since 1970.
fn instant(field: &Field) -> Option<i64> {
    let Field::Text(text) = field else { return None };
    Some(Timestamp::from_str(text).ok()?.as_microsecond())
}

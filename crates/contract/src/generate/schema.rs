//! The contract as a Frictionless Table Schema, for tools that read one.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::model::{Column, Contract, Kind};

/// The Table Schema of the CSV form of a dataset.
pub fn table_schema(contract: &Contract) -> Value {
    let key: Vec<&str> =
        contract.key.iter().filter_map(|at| contract.columns.get(*at)).map(|column| column.name.as_str()).collect();
    json!({
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "name": contract.name,
        "version": contract.version,
        "description": contract.purpose,
        "fields": contract.columns.iter().map(field).collect::<Vec<_>>(),
        "primaryKey": key,
        "missingValues": [""],
    })
}

fn field(column: &Column) -> Value {
    let mut field = Map::new();
    let (kind, format) = kind_of(column);
    field.insert("name".to_owned(), json!(column.name));
    field.insert("type".to_owned(), json!(kind));
    if let Some(format) = format {
        field.insert("format".to_owned(), json!(format));
    }
    field.insert("description".to_owned(), json!(column.note));
    let mut set = if column.list { Map::new() } else { constraints(column.kind, || column.codes()) };
    if column.required {
        set.insert("required".to_owned(), json!(true));
    }
    field.insert("constraints".to_owned(), Value::Object(set));
    Value::Object(field)
}

fn kind_of(column: &Column) -> (&'static str, Option<&'static str>) {
    match column.kind {
        _ if column.list => ("string", None),
        Kind::Date => ("date", Some("default")),
        Kind::Month => ("yearmonth", None),
        Kind::Timestamp => ("datetime", Some("default")),
        Kind::Boolean => ("boolean", None),
        Kind::Integer { .. } => ("integer", None),
        Kind::Money | Kind::Miles => ("number", None),
        Kind::Token { .. }
        | Kind::Code
        | Kind::Text { .. }
        | Kind::Sector
        | Kind::Outcode
        | Kind::Authority
        | Kind::Urn => ("string", None),
    }
}

/// What a cell of a kind is held to, or a member of a list; a pattern is of the whole value.
pub(super) fn constraints<C: Serialize>(kind: Kind, codes: impl FnOnce() -> C) -> Map<String, Value> {
    let mut set = Map::new();
    let mut put = |name: &str, value: Value| set.insert(name.to_owned(), value);
    match kind {
        Kind::Token { min, max, open } => {
            let set = if open { "A-Za-z0-9_./:-" } else { "A-Za-z0-9_-" };
            put("pattern", json!(format!("[{set}]{{{min},{max}}}")));
        }
        Kind::Code => {
            put("enum", json!(codes()));
        }
        Kind::Text { max } => {
            put("maxLength", json!(max));
        }
        Kind::Integer { min, max } => {
            put("minimum", json!(min));
            put("maximum", json!(max));
        }
        Kind::Money | Kind::Miles => {
            put("minimum", json!(0));
        }
        Kind::Sector => {
            put("pattern", json!("[A-Z]{1,2}[0-9][0-9A-Z]? [0-9]"));
        }
        Kind::Outcode => {
            put("pattern", json!("[A-Z]{1,2}[0-9][0-9A-Z]?"));
        }
        Kind::Authority => {
            put("pattern", json!("[EWSNX][0-9]{8}"));
        }
        Kind::Urn => {
            put("pattern", json!("SC[0-9]{6}|[0-9]{7}|XXXXXXX"));
        }
        Kind::Date | Kind::Month | Kind::Timestamp | Kind::Boolean => {}
    }
    set
}

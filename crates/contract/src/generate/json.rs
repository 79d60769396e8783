//! The contract as a JSON Schema of one NDJSON row, for senders that generate or check their rows by one.

use serde_json::{Map, Value, json};

use super::schema::constraints;
use crate::model::{Column, Contract, Kind};

/// The JSON Schema (2020-12) of one row of the NDJSON form of a dataset: what a sender should write. The hub reads a little
/// more, such as numbers in quotes.
pub fn json_schema(contract: &Contract) -> Value {
    let names = |wanted: &dyn Fn(usize, &Column) -> bool| -> Vec<&str> {
        let columns = contract.columns.iter().enumerate().filter(|(at, column)| wanted(*at, column));
        columns.map(|(_, column)| column.name.as_str()).collect()
    };
    let key = names(&|at, _| contract.key.contains(&at));
    let required = names(&|_, column| column.required);
    let mut properties: Map<String, Value> =
        contract.columns.iter().map(|column| (column.name.clone(), property(column))).collect();
    let operation = json!({
        "enum": ["upsert", "delete"],
        "description": "With mode=changes only: a row that deletes needs its key and nothing else.",
    });
    properties.insert("_op".to_owned(), operation);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": contract.name,
        "description": contract.purpose,
        "$comment": format!("Version {} of the contract.", contract.version),
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "if": { "properties": { "_op": { "const": "delete" } }, "required": ["_op"] },
        "then": { "required": key },
        "else": { "required": required },
    })
}

fn property(column: &Column) -> Value {
    let cell = if column.list {
        let mut list = Map::from_iter([("type".to_owned(), json!("array"))]);
        list.insert("items".to_owned(), Value::Object(cell(column)));
        list
    } else {
        cell(column)
    };
    let note = column.note.as_str();
    if column.required {
        let mut cell = cell;
        cell.insert("description".to_owned(), json!(note));
        return Value::Object(cell);
    }
    json!({ "description": note, "anyOf": [cell, { "type": "null" }] })
}

/// One cell, or one member of a list.
fn cell(column: &Column) -> Map<String, Value> {
    let mut cell = Map::new();
    let mut put = |name: &str, value: Value| cell.insert(name.to_owned(), value);
    let (kind, form) = match column.kind {
        Kind::Boolean => ("boolean", None),
        Kind::Integer { .. } => ("integer", None),
        Kind::Money | Kind::Miles => ("number", Some(("pattern", r"^[0-9]+(\.[0-9]{1,2})?$"))),
        Kind::Date => ("string", Some(("format", "date"))),
        Kind::Timestamp => ("string", Some(("format", "date-time"))),
        Kind::Month => ("string", Some(("pattern", "^[0-9]{4}-(0[1-9]|1[0-2])$"))),
        Kind::Token { .. }
        | Kind::Code
        | Kind::Text { .. }
        | Kind::Sector
        | Kind::Outcode
        | Kind::Authority
        | Kind::Urn => ("string", None),
    };
    // Pounds may be in quotes, where a program would drop the last nought.
    put("type", if kind == "number" { json!([kind, "string"]) } else { json!(kind) });
    if let Some((name, form)) = form {
        put(name, json!(form));
    }
    for (name, value) in constraints(column.kind, || column.codes()) {
        // A Table Schema's pattern is of the whole value; a JSON Schema's may be anywhere in it.
        let whole = |pattern: &str| json!(format!("^(?:{pattern})$"));
        let value = if name == "pattern" { value.as_str().map_or(value.clone(), whole) } else { value };
        cell.insert(name, value);
    }
    cell
}

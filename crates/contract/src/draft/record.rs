//! The record type of a contract, as Rust: fields in the order of the columns, which is the order of a stored record.

use std::fmt::Write as _;

use crate::model::{Column, Contract, Kind};

/// The Rust text of the type that reads a contract's stored records, for `crates/domain/src/record/`.
pub fn record_type(contract: &Contract) -> String {
    let name = type_name(&contract.name);
    let key: Vec<&str> =
        contract.key.iter().filter_map(|at| contract.columns.get(*at)).map(|column| column.name.as_str()).collect();
    let uses = |kind: &dyn Fn(Kind) -> bool| contract.columns.iter().any(|column| kind(column.kind));
    let mut out = format!("//! {}\n\nuse std::fmt;\n\n", sentence(&contract.title));
    if uses(&|kind| kind == Kind::Timestamp) {
        out.push_str("use jiff::Timestamp;\n");
    }
    if uses(&|kind| kind == Kind::Date) {
        out.push_str("use jiff::civil::Date;\n");
    }
    out.push_str("use serde::{Deserialize, Serialize};\n\n");
    if uses(&|kind| kind == Kind::Authority) {
        out.push_str("use crate::AuthorityCode;\n\n");
    }
    let _ = writeln!(out, "/// {} Key: `{}`.", sentence(&contract.row), key.join("/"));
    let _ = writeln!(out, "#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]\n#[serde(default)]");
    let _ = writeln!(out, "pub struct {name} {{");
    for column in &contract.columns {
        let _ =
            writeln!(out, "    /// {}\n    pub {}: {},", sentence(&column.note), field(&column.name), type_of(column));
    }
    let _ = write!(
        out,
        "}}\n\nimpl fmt::Debug for {name} {{\n    /// Nothing of a record goes into a log.\n    \
         fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {{\n        \
         f.debug_struct(\"{name}\").finish_non_exhaustive()\n    }}\n}}\n"
    );
    out
}

/// `respite_offers` → `RespiteOfferRow`.
fn type_name(dataset: &str) -> String {
    let singular = dataset.strip_suffix("ies").map(|stem| format!("{stem}y"));
    let singular = singular.unwrap_or_else(|| dataset.strip_suffix('s').unwrap_or(dataset).to_owned());
    let mut name = String::new();
    for word in singular.split('_') {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.extend(letters);
    }
    name + "Row"
}

/// A column whose heading is one of the language's own words is written raw.
fn field(name: &str) -> String {
    if matches!(name, "type" | "match" | "move" | "ref" | "use" | "where" | "in" | "for" | "as") {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}

fn type_of(column: &Column) -> String {
    let one = match column.kind {
        Kind::Token { .. }
        | Kind::Code
        | Kind::Text { .. }
        | Kind::Month
        | Kind::Sector
        | Kind::Outcode
        | Kind::Urn => "String",
        Kind::Date => "Date",
        Kind::Timestamp => "Timestamp",
        Kind::Boolean => "bool",
        Kind::Integer { .. } | Kind::Money => "i64",
        Kind::Miles => "f64",
        Kind::Authority => "AuthorityCode",
    };
    match (column.list, column.required || column.empty_when_blank) {
        (true, _) => format!("Vec<{one}>"),
        (false, true) => one.to_owned(),
        (false, false) => format!("Option<{one}>"),
    }
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}

//! What is made from a contract, so that it cannot say anything else: template, Table Schema, JSON Schema, reference page.

mod json;
mod page;
mod schema;

pub use json::json_schema;
pub use page::reference;
pub use schema::table_schema;

use crate::model::Contract;

/// The heading row of a CSV, with its line end.
pub fn csv_template(contract: &Contract) -> String {
    let names: Vec<&str> = contract.columns.iter().map(|column| column.name.as_str()).collect();
    names.join(",") + "\r\n"
}

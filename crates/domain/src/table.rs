//! Reads the tables of facts that are compiled in. Each is data beside the source, so that a change
//! of fact is a change of one row.

use serde::de::DeserializeOwned;

/// Every row of an embedded CSV.
#[expect(clippy::expect_used, reason = "the table is compiled in, and every one is read by a test")]
pub(crate) fn rows<T: DeserializeOwned>(text: &str) -> Vec<T> {
    csv::Reader::from_reader(text.as_bytes())
        .into_deserialize()
        .collect::<Result<_, _>>()
        .expect("an embedded table reads as its type")
}

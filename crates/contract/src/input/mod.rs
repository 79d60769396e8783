//! Bytes in: opened, watched, and read row by row with their positions kept.

mod ahead;
mod csv;
mod heading;
mod ndjson;
mod open;
mod refusal;
mod rows;
mod table;
mod watch;

pub use open::{Compression, Encoding, Limits, open};
pub use refusal::{Failure, Refusal};

pub(crate) use ahead::{AHEAD, Parsed, parse};
pub(crate) use ndjson::Lines;
pub(crate) use rows::{Fault, Rows};
pub(crate) use table::Table;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// RFC 4180 with a heading row.
    Csv,
    /// One JSON object a line.
    Ndjson,
}

impl Format {
    /// The name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }
}

/// Not a format the hub reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a format the hub reads: use text/csv or application/x-ndjson")]
pub struct UnknownFormat;

impl FromStr for Format {
    type Err = UnknownFormat;

    /// From a media type (parameters ignored), a file ending or a name.
    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        let name = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match name.as_str() {
            "csv" | "text/csv" | "application/csv" => Ok(Self::Csv),
            "ndjson" | "jsonl" | "application/x-ndjson" | "application/ndjson" | "application/jsonl" => {
                Ok(Self::Ndjson)
            }
            _ => Err(UnknownFormat),
        }
    }
}

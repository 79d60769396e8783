use std::str::FromStr;

use super::columnar::WRITES_PARQUET;

/// A form that a table can be had in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A JSON document.
    Json,
    /// A CSV file.
    Csv,
    /// An Apache Parquet file.
    Parquet,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::Json, Self::Csv, Self::Parquet];

    /// What a table's name ends in to be had in this form, and what the form is called.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }

    /// Its media type, without parameters.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// Whether this build can give it.
    pub const fn is_given(self) -> bool {
        WRITES_PARQUET || !matches!(self, Self::Parquet)
    }
}

impl FromStr for Form {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|form| form.as_str() == text).ok_or(())
    }
}

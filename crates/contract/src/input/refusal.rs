//! Why a whole submission is turned away, and what else can stop a pass over its bytes.

use std::fmt;
use std::io;

use serde::{Deserialize, Serialize};

/// A submission turned away at the door: nothing of it is stored. Nothing of it is repeated here either.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable, kebab-case.
    pub code: Box<str>,
    /// What is wrong, in a few words.
    pub title: Box<str>,
    /// What is wrong, in a sentence.
    pub detail: Box<str>,
    /// The column concerned, by its heading in the contract (or its number in the file).
    pub column: Option<String>,
    /// Data row, counted from 1.
    pub row: Option<u64>,
    /// Line of the file, counted from 1.
    pub line: Option<u64>,
    /// What to do about it.
    pub fix: Box<str>,
}

impl Refusal {
    pub(crate) fn new(code: &str, title: &str, detail: impl Into<Box<str>>, fix: &str) -> Self {
        Self {
            code: code.into(),
            title: title.into(),
            detail: detail.into(),
            column: None,
            row: None,
            line: None,
            fix: fix.into(),
        }
    }

    pub(crate) fn in_column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    pub(crate) fn at(mut self, row: u64, line: u64) -> Self {
        self.row = Some(row);
        self.line = Some(line);
        self
    }

    pub(crate) fn on_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl std::error::Error for Refusal {}

/// Why a pass over a submission did not reach its end.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The submission is turned away: the sender can act on it.
    #[error("{0}")]
    Refused(Refusal),
    /// The bytes could not be read.
    #[error("the submission could not be read")]
    Read(#[source] io::Error),
    /// The consumer of the accepted rows could not take one.
    #[error("an accepted row could not be kept")]
    Sink(#[source] io::Error),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<io::Error> for Failure {
    /// A refusal that a reader raised, or a fault of reading.
    fn from(error: io::Error) -> Self {
        match error.downcast::<Refusal>() {
            Ok(refusal) => Self::Refused(refusal),
            Err(error) => Self::Read(error),
        }
    }
}

impl From<csv::Error> for Failure {
    /// The reader's own error, taken out of the parser's: rows of any width and any bytes parse, so there is no other.
    fn from(error: csv::Error) -> Self {
        if let csv::ErrorKind::Io(error) = error.into_kind() {
            Self::from(error)
        } else {
            Self::Read(io::ErrorKind::InvalidData.into())
        }
    }
}

//! What can go wrong with a database, by what the caller can do about it.

use std::fmt;

/// A fault of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A key is already there (SQLSTATE 23505, SQLite 1555 and 2067).
    #[error("a unique key is already taken")]
    Unique(#[source] Cause),
    /// Another transaction was in the way, or the server is going away: the same work may succeed if run again
    /// (40001, 40P01, 25006, 57P0x, 08xxx, busy, locked, I/O).
    #[error("the database could not run this now; the same work may succeed again")]
    Retry(#[source] Cause),
    /// No room (53100, SQLITE_FULL), or a file, the database's or a temporary one, cannot be written.
    #[error("there is no room to write")]
    Full(#[source] Cause),
    /// The connection settings would acknowledge before stable storage, or cannot be used.
    #[error("{0}")]
    Unsafe(String),
    /// A stored value is not what its column promises.
    #[error("a stored value does not read as {0}")]
    Decode(&'static str),
    /// A statement of this name cannot be prepared on this database.
    #[error("the statement {0} cannot be prepared")]
    Statement(&'static str, #[source] Cause),
    /// The migrations could not be applied.
    #[error("the schema could not be brought up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// Anything else the database said.
    #[error("the database refused")]
    Database(#[source] Cause),
}

/// What the database or its driver said, without the row it said it of: PostgreSQL's `DETAIL` and `CONTEXT` lines, which
/// the driver's own error shows, quote keys and cells.
pub struct Cause {
    code: Option<String>,
    words: String,
    driver: Option<sqlx::Error>,
}

impl Cause {
    fn of(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(said) = &error {
            let code = said.code().map(std::borrow::Cow::into_owned);
            return Self { code, words: said.message().to_owned(), driver: None };
        }
        Self { code: None, words: error.to_string(), driver: Some(error) }
    }

    /// SQLSTATE, or SQLite's extended result code, when the database itself spoke.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cause").field("code", &self.code).field("words", &self.words).finish_non_exhaustive()
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{} ({code})", self.words),
            None => f.write_str(&self.words),
        }
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.driver.as_ref().and_then(std::error::Error::source)
    }
}

impl StoreError {
    /// Whether running the same transaction again may succeed.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Retry(_))
    }

    /// A temporary file that could not be written or read again.
    pub(crate) fn spooling(error: std::io::Error) -> Self {
        Self::Full(Cause::of(sqlx::Error::Io(error)))
    }

    pub(crate) fn preparing(name: &'static str, error: sqlx::Error) -> Self {
        Self::Statement(name, Cause::of(error))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let lost = matches!(
            error,
            // A proxy that has no primary hangs up in the middle of the greeting: no message of the protocol.
            sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed
        );
        let cause = Cause::of(error);
        match cause.code() {
            None if lost => Self::Retry(cause),
            Some("23505" | "1555" | "2067") => Self::Unique(cause),
            Some("40001" | "40P01" | "25006" | "5" | "6" | "261" | "517" | "262") => Self::Retry(cause),
            Some("53100" | "13") => Self::Full(cause),
            Some(code) if is_passing(code) => Self::Retry(cause),
            _ => Self::Database(cause),
        }
    }
}

/// Connection exceptions, shutdowns and SQLite I/O errors (10 and its extended codes, whose low byte is 10).
fn is_passing(code: &str) -> bool {
    let sqlite_io = code.parse::<u32>().is_ok_and(|number| number < 100_000 && number & 0xff == 10 && code.len() < 5);
    code.starts_with("08") || code.starts_with("57P0") || sqlite_io
}

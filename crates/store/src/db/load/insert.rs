//! SQLite: hundreds of rows per statement, because the driver costs per call.

use std::fmt::Write as _;
use std::sync::LazyLock;

use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments as _, AssertSqlSafe, SqliteConnection};

use super::{Batch, Constants};
use crate::StoreError;

/// Rows per statement.
const ROWS: usize = 256;

/// Parameters that all rows share.
const SHARED: usize = 4;

/// The text for a full statement: always the same, so that the driver prepares it once per connection.
static FULL: LazyLock<String> = LazyLock::new(|| text(ROWS));

/// The text for `rows` rows. Nothing in it comes from outside.
fn text(rows: usize) -> String {
    let mut text = String::from(
        "/* record.load */ INSERT INTO record (authority, dataset, key, known_from, as_at, fingerprint, body) VALUES ",
    );
    for row in 0..rows {
        let at = SHARED + row * 3;
        let comma = if row == 0 { "" } else { "," };
        // Writing to a string does not fail.
        let _ = write!(text, "{comma}($1,$2,${},$3,$4,${},${})", at + 1, at + 2, at + 3);
    }
    text
}

pub(super) async fn insert(
    connection: &mut SqliteConnection,
    constants: &Constants,
    batch: &Batch,
) -> Result<u64, StoreError> {
    let mut rows = batch.rows();
    let mut left = batch.len();
    let mut written = 0;
    while left > 0 {
        let take = left.min(ROWS);
        let mut values = SqliteArguments::default();
        values.reserve(SHARED + take * 3, 0);
        bind(&mut values, constants.authority.clone())?;
        bind(&mut values, constants.dataset)?;
        bind(&mut values, constants.known_from)?;
        bind(&mut values, constants.as_at.clone())?;
        for row in rows.by_ref().take(take) {
            bind(&mut values, row.key)?;
            bind(&mut values, row.fingerprint.as_slice())?;
            bind(&mut values, row.body)?;
        }
        let full = take == ROWS;
        let text = if full { FULL.clone() } else { text(take) };
        let query = sqlx::query_with(AssertSqlSafe(text), values).persistent(full);
        written += query.execute(&mut *connection).await?.rows_affected();
        left -= take;
    }
    Ok(written)
}

/// Binds one value.
pub(in crate::db) fn bind<'v, T>(values: &mut SqliteArguments, value: T) -> Result<(), StoreError>
where
    T: sqlx::Encode<'v, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    values.add(value).map_err(|_| StoreError::Decode("a bound value"))
}

//! SQL from outside, for the test harness alone (feature `testing`): to make and drop databases, to look behind the
//! store, to plant faults.

use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};

use super::link::Inner;
use super::{Link, StoreError};
use crate::boxed;

/// A row of text cells.
pub type Cells = Vec<Option<String>>;

/// Runs one statement on a connection of its own. Every column of its answer must be text.
#[boxed]
pub async fn query(url: &str, sql: &str) -> Result<Vec<Cells>, StoreError> {
    let sql = AssertSqlSafe(sql.to_owned());
    if url.starts_with("sqlite:") {
        let mut connection = SqliteConnectOptions::from_str(url)?.connect().await?;
        let rows = sqlx::query(sql).fetch_all(&mut connection).await?;
        connection.close().await?;
        return sqlite(&rows);
    }
    let mut connection = PgConnectOptions::from_str(url)?.connect().await?;
    let rows = sqlx::query(sql).fetch_all(&mut connection).await?;
    connection.close().await?;
    postgres(&rows)
}

/// Runs one statement where the store would run its own. Every column of its answer must be text.
#[boxed]
pub async fn query_on(link: &mut Link, sql: &str) -> Result<Vec<Cells>, StoreError> {
    let sql = AssertSqlSafe(sql.to_owned());
    match &mut link.0 {
        Inner::Sqlite(c) => sqlite(&sqlx::query(sql).fetch_all(&mut **c).await?),
        Inner::SqliteTx(c) => sqlite(&sqlx::query(sql).fetch_all(&mut **c).await?),
        Inner::Postgres(c) => postgres(&sqlx::query(sql).fetch_all(&mut **c).await?),
        Inner::PostgresTx(c) => postgres(&sqlx::query(sql).fetch_all(&mut **c).await?),
    }
}

fn sqlite(rows: &[SqliteRow]) -> Result<Vec<Cells>, StoreError> {
    rows.iter().map(|row| (0..row.len()).map(|at| Ok(row.try_get(at)?)).collect()).collect()
}

fn postgres(rows: &[PgRow]) -> Result<Vec<Cells>, StoreError> {
    rows.iter().map(|row| (0..row.len()).map(|at| Ok(row.try_get(at)?)).collect()).collect()
}

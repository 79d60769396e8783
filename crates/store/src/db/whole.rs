//! Beginning a transaction whole or not at all.

use sqlx::{PgPool, Postgres, Transaction};

use super::StoreError;

/// Begins a transaction that sees the database as it stands at its first statement, and writes nothing.
pub(super) async fn standing_still(pool: &PgPool) -> Result<Transaction<'static, Postgres>, StoreError> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with(STANDING_STILL).await }).await;
    Ok(begun.map_err(|_| sqlx::Error::WorkerCrashed)??)
}

const STANDING_STILL: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Begins in a task of its own. A `begin` whose future is dropped half-way gives the connection back to the pool inside
/// a transaction that nobody knows of (sqlx issue 4385); a task is not dropped with its caller, and the transaction it
/// ends with rolls back when nobody takes it.
pub(super) async fn begin(pool: &PgPool) -> Result<Transaction<'static, Postgres>, StoreError> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin().await }).await;
    Ok(begun.map_err(|_| sqlx::Error::WorkerCrashed)??)
}

//! Beginning a transaction whole or not at all.

use sqlx::{PgPool, Postgres, Transaction};

use super::StoreError;

/// Begins in a task of its own. A `begin` whose future is dropped half-way gives the connection back to the pool inside
/// a transaction that nobody knows of (sqlx issue 4385); a task is not dropped with its caller, and the transaction it
/// ends with rolls back when nobody takes it.
pub(super) async fn begin(pool: &PgPool) -> Result<Transaction<'static, Postgres>, StoreError> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin().await }).await;
    Ok(begun.map_err(|_| sqlx::Error::WorkerCrashed)??)
}

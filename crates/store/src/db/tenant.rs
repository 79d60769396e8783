//! Reading on behalf of one authority, under PostgreSQL's row-level security.

use hub_domain::AuthorityCode;
use sqlx::{PgPool, Postgres, Transaction};

use super::{StoreError, whole};

/// Both hold until the transaction ends, however it ends.
const ROLE: &str = "SET LOCAL ROLE hub_tenant";
const AUTHORITY: &str = "SELECT set_config('hub.authority', $1, true)";

pub(super) async fn begin(
    pool: &PgPool,
    authority: AuthorityCode,
) -> Result<Transaction<'static, Postgres>, StoreError> {
    let mut tx = whole::begin(pool).await?;
    sqlx::query(AUTHORITY).bind(authority.as_str()).execute(&mut *tx).await?;
    sqlx::query(ROLE).execute(&mut *tx).await?;
    Ok(tx)
}

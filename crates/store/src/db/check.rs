//! Does this database understand every statement?

use jiff::Timestamp;
use sqlx::Row as _;

use super::{Pools, Store, StoreError};
use crate::registry;

/// A statement that this database could prepare.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Checked {
    /// `module.verb`.
    pub name: &'static str,
    /// The names of the answer's columns, in order; none where it answers nothing.
    pub columns: Vec<String>,
}

/// The one question of the store that asks for the time: to compare clocks, and for nothing else.
const SERVERS_TIME: &str =
    "/* store.server_time */ SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";

impl Store {
    /// What the database server's own clock says; `None` where there is no server.
    pub async fn server_time(&self) -> Result<Option<Timestamp>, StoreError> {
        let Pools::Postgres(pool) = &self.0 else { return Ok(None) };
        let microseconds: i64 = sqlx::query(SERVERS_TIME).fetch_one(pool).await?.try_get(0)?;
        Timestamp::from_microsecond(microseconds).map(Some).map_err(|_| StoreError::Decode("an instant"))
    }

    /// Prepares every statement of the store on this database, without running any: what the binary asks for is what
    /// the schema has. In order of name.
    ///
    /// # Errors
    /// [`StoreError::Statement`] names the first that cannot be prepared.
    pub async fn check_statements(&self) -> Result<Vec<Checked>, StoreError> {
        let mut link = self.read().await?;
        let mut all = Vec::new();
        for statement in registry::statements() {
            all.push(Checked { name: statement.name, columns: link.columns(statement).await? });
        }
        all.sort();
        Ok(all)
    }
}

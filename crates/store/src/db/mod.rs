//! The one module that knows there are two databases.

mod check;
mod error;
mod json;
mod keys;
mod link;
mod load;
mod open;
mod statement;
mod tables;
mod tenant;
#[cfg(feature = "testing")]
pub mod testing;
mod unload;
mod whole;

use std::ops::{Deref, DerefMut};

use hub_domain::AuthorityCode;
use sqlx::{PgPool, SqlitePool};

use crate::boxed;
use link::Inner;

pub use check::Checked;
pub use error::{Cause, StoreError};
pub(crate) use json::json;
pub use link::Link;
pub(crate) use link::Row;
pub(crate) use load::{Batch, Constants};
pub use open::Settings;
pub(crate) use statement::{Arg, Statement, args, statements};
pub use tables::{Cell, Column, Kind, Shape, Value};

/// The hub's database: SQLite in a file (one writer, several readers), or PostgreSQL.
#[derive(Debug, Clone)]
pub struct Store(Pools);

#[derive(Debug, Clone)]
enum Pools {
    Sqlite { read: SqlitePool, write: SqlitePool },
    Postgres(PgPool),
}

/// A connection for reading. Gives itself back when dropped.
#[derive(Debug)]
pub struct Read(Link);

/// A write transaction. Dropped without [`Tx::commit`], it changes nothing.
///
/// Run it in a task that the caller's hanging up cannot cancel: a dropped future can leave the connection inside its
/// transaction (sqlx issue 4385).
#[derive(Debug)]
pub struct Tx(Link);

impl Store {
    /// A connection to read from.
    #[boxed]
    pub async fn read(&self) -> Result<Read, StoreError> {
        let inner = match &self.0 {
            Pools::Sqlite { read, .. } => Inner::Sqlite(read.acquire().await?),
            Pools::Postgres(pool) => Inner::Postgres(pool.acquire().await?),
        };
        Ok(Read(Link(inner)))
    }

    /// A connection to read from on behalf of one authority.
    ///
    /// On PostgreSQL it reads as a role that owns nothing and that row-level security shows only this authority's rows,
    /// so that a statement that forgets its tenant still shows nobody else's. SQLite has no roles: there the statement's
    /// own predicate stands alone.
    #[boxed]
    pub async fn read_as(&self, authority: AuthorityCode) -> Result<Read, StoreError> {
        match &self.0 {
            Pools::Sqlite { .. } => self.read().await,
            Pools::Postgres(pool) => Ok(Read(Link(Inner::PostgresTx(tenant::begin(pool, authority).await?)))),
        }
    }

    /// A transaction to write in. SQLite takes its single writer's lock at once (`BEGIN IMMEDIATE`): a transaction that
    /// reads first and upgrades later would be refused without waiting.
    #[boxed]
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let inner = match &self.0 {
            Pools::Sqlite { write, .. } => Inner::SqliteTx(write.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => Inner::PostgresTx(whole::begin(pool).await?),
        };
        Ok(Tx(Link(inner)))
    }

    /// `sqlite` or `postgres`, for people and metrics.
    pub fn kind(&self) -> &'static str {
        match &self.0 {
            Pools::Sqlite { .. } => "sqlite",
            Pools::Postgres(_) => "postgres",
        }
    }

    /// Closes every connection, waiting for those in use.
    #[boxed]
    pub async fn close(&self) {
        match &self.0 {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Makes everything done in the transaction durable.
    #[boxed]
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.0.0 {
            Inner::SqliteTx(tx) => Ok(tx.commit().await?),
            Inner::PostgresTx(tx) => Ok(tx.commit().await?),
            Inner::Sqlite(_) | Inner::Postgres(_) => Ok(()),
        }
    }
}

impl Deref for Read {
    type Target = Link;
    fn deref(&self) -> &Link {
        &self.0
    }
}

impl DerefMut for Read {
    fn deref_mut(&mut self) -> &mut Link {
        &mut self.0
    }
}

impl Deref for Tx {
    type Target = Link;
    fn deref(&self) -> &Link {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Link {
        &mut self.0
    }
}

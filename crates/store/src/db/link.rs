//! One connection, of either database, and the rows it answers with.

use futures_util::TryStreamExt;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Column as _, Executor, Postgres, Row as _, SqlSafeStr as _, Sqlite, Statement as _, Transaction};

use super::keys::members;
use super::{Arg, Statement, StoreError};
use crate::boxed;

/// A connection to either database. Reading functions take `&mut Link`.
#[derive(Debug)]
pub struct Link(pub(super) Inner);

#[derive(Debug)]
pub(super) enum Inner {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
    SqliteTx(Transaction<'static, Sqlite>),
    PostgresTx(Transaction<'static, Postgres>),
}

/// A row of an answer; columns by position. No `Debug`: the drivers' rows show their values.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

macro_rules! get {
    ($self:ident, $at:ident, $type:ty, $word:literal) => {
        match $self {
            Self::Sqlite(row) => row.try_get::<$type, _>($at),
            Self::Postgres(row) => row.try_get::<$type, _>($at),
        }
        .map_err(|_| StoreError::Decode($word))
    };
}

impl Row {
    /// Text read as a `T`; `word` names it in the fault, never its value.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, at: usize, word: &'static str) -> Result<T, StoreError> {
        self.str(at)?.parse().map_err(|_| StoreError::Decode(word))
    }

    /// As [`Row::parsed`], where there may be none.
    pub(crate) fn maybe_parsed<T: std::str::FromStr>(
        &self,
        at: usize,
        word: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let text = self.maybe_str(at)?;
        text.map(|text| text.parse().map_err(|_| StoreError::Decode(word))).transpose()
    }

    /// Microseconds read as an instant.
    pub(crate) fn time(&self, at: usize) -> Result<Timestamp, StoreError> {
        instant(self.int(at)?)
    }

    pub(crate) fn maybe_time(&self, at: usize) -> Result<Option<Timestamp>, StoreError> {
        self.maybe_int(at)?.map(instant).transpose()
    }

    /// Text read as JSON of a `T`, where there may be none.
    pub(crate) fn maybe_json<T: DeserializeOwned>(
        &self,
        at: usize,
        word: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let text = self.maybe_str(at)?;
        text.map(|text| serde_json::from_str(text).map_err(|_| StoreError::Decode(word))).transpose()
    }

    pub(crate) fn text(&self, at: usize) -> Result<String, StoreError> {
        get!(self, at, String, "text")
    }

    pub(crate) fn str(&self, at: usize) -> Result<&str, StoreError> {
        get!(self, at, &str, "text")
    }

    pub(crate) fn maybe_str(&self, at: usize) -> Result<Option<&str>, StoreError> {
        get!(self, at, Option<&str>, "text")
    }

    pub(crate) fn maybe_text(&self, at: usize) -> Result<Option<String>, StoreError> {
        get!(self, at, Option<String>, "text")
    }

    pub(crate) fn int(&self, at: usize) -> Result<i64, StoreError> {
        get!(self, at, i64, "a number")
    }

    pub(crate) fn maybe_int(&self, at: usize) -> Result<Option<i64>, StoreError> {
        get!(self, at, Option<i64>, "a number")
    }

    pub(crate) fn bytes(&self, at: usize) -> Result<Vec<u8>, StoreError> {
        get!(self, at, Vec<u8>, "bytes")
    }

    pub(crate) fn slice(&self, at: usize) -> Result<&[u8], StoreError> {
        get!(self, at, &[u8], "bytes")
    }

    pub(crate) fn maybe_slice(&self, at: usize) -> Result<Option<&[u8]>, StoreError> {
        get!(self, at, Option<&[u8]>, "bytes")
    }

    pub(crate) fn maybe_bytes(&self, at: usize) -> Result<Option<Vec<u8>>, StoreError> {
        get!(self, at, Option<Vec<u8>>, "bytes")
    }
}

fn instant(microseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(microseconds).map_err(|_| StoreError::Decode("an instant"))
}

fn on_sqlite<'q>(statement: &Statement, args: &[Arg<'q>]) -> Query<'q, Sqlite, SqliteArguments> {
    args.iter().fold(sqlx::query(statement.sqlite), |query, arg| match *arg {
        Arg::Text(text) => query.bind(text.map(str::to_owned)),
        Arg::Texts(texts) => query.bind(members(texts)),
        Arg::Int(number) => query.bind(number),
        Arg::Bytes(bytes) => query.bind(bytes.map(<[u8]>::to_vec)),
    })
}

fn on_postgres<'q>(statement: &Statement, args: &[Arg<'q>]) -> Query<'q, Postgres, PgArguments> {
    args.iter().fold(sqlx::query(statement.postgres), |query, arg| match *arg {
        Arg::Text(text) => query.bind(text),
        Arg::Texts(texts) => query.bind(texts),
        Arg::Int(number) => query.bind(number),
        Arg::Bytes(bytes) => query.bind(bytes),
    })
}

/// Runs `$body` with `$conn` as the executor and `$query` as the built query, on whichever database this is.
macro_rules! on {
    ($link:expr, $statement:expr, $args:expr, |$conn:ident, $query:ident, $row:ident| $body:expr) => {
        match &mut $link.0 {
            Inner::Sqlite(c) => {
                let $conn = &mut **c;
                let $query = on_sqlite($statement, $args);
                let $row = Row::Sqlite;
                $body
            }
            Inner::SqliteTx(c) => {
                let $conn = &mut **c;
                let $query = on_sqlite($statement, $args);
                let $row = Row::Sqlite;
                $body
            }
            Inner::Postgres(c) => {
                let $conn = &mut **c;
                let $query = on_postgres($statement, $args);
                let $row = Row::Postgres;
                $body
            }
            Inner::PostgresTx(c) => {
                let $conn = &mut **c;
                let $query = on_postgres($statement, $args);
                let $row = Row::Postgres;
                $body
            }
        }
    };
}

impl Link {
    /// Runs a statement; the number of rows it changed.
    #[boxed]
    pub(crate) async fn run(&mut self, statement: &Statement, args: &[Arg<'_>]) -> Result<u64, StoreError> {
        on!(self, statement, args, |conn, query, _row| Ok(query.execute(conn).await?.rows_affected()))
    }

    /// Every row of the answer.
    #[boxed]
    pub(crate) async fn all(&mut self, statement: &Statement, args: &[Arg<'_>]) -> Result<Vec<Row>, StoreError> {
        on!(self, statement, args, |conn, query, row| Ok(query.fetch_all(conn).await?.into_iter().map(row).collect()))
    }

    /// The only row of the answer, if there is one.
    #[boxed]
    pub(crate) async fn maybe(&mut self, statement: &Statement, args: &[Arg<'_>]) -> Result<Option<Row>, StoreError> {
        on!(self, statement, args, |conn, query, row| Ok(query.fetch_optional(conn).await?.map(row)))
    }

    /// Hands each row to `take` as it arrives; for answers too long to hold.
    pub(crate) async fn each<F>(
        &mut self,
        statement: &Statement,
        args: &[Arg<'_>],
        mut take: F,
    ) -> Result<(), StoreError>
    where
        F: FnMut(Row) -> Result<(), StoreError> + Send,
    {
        on!(self, statement, args, |conn, query, row| {
            let mut rows = query.fetch(conn);
            while let Some(next) = rows.try_next().await? {
                take(row(next))?;
            }
            Ok(())
        })
    }

    /// Prepares a statement without running it and names the answer's columns.
    pub(crate) async fn columns(&mut self, statement: &Statement) -> Result<Vec<String>, StoreError> {
        match &mut self.0 {
            Inner::Sqlite(c) => columns(&mut **c, statement, statement.sqlite).await,
            Inner::SqliteTx(c) => columns(&mut **c, statement, statement.sqlite).await,
            Inner::Postgres(c) => columns(&mut **c, statement, statement.postgres).await,
            Inner::PostgresTx(c) => columns(&mut **c, statement, statement.postgres).await,
        }
    }
}

async fn columns<'c, E>(connection: E, statement: &Statement, text: &'static str) -> Result<Vec<String>, StoreError>
where
    E: Executor<'c>,
{
    let prepared =
        connection.prepare(text.into_sql_str()).await.map_err(|e| StoreError::preparing(statement.name, e))?;
    Ok(prepared.columns().iter().map(|column| column.name().to_owned()).collect())
}

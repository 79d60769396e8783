//! Writing rows into a table: `COPY` on PostgreSQL, many rows per statement on SQLite.

use std::fmt::Write as _;

use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments as _, AssertSqlSafe, PgConnection, SqliteConnection};

use super::{Inner, Shape, StoreError, Value};
use crate::boxed;
use crate::db::Tx;
use crate::db::load::{HEAD, TAIL, bind, field};

/// Values bound by one statement: well under what SQLite takes (32,766).
const BOUND: usize = 4_000;

/// Bytes per message of a `COPY`.
const PIECE: usize = 256 << 10;

impl Tx {
    /// Adds rows to a table, each with a value for every column in order.
    #[boxed]
    pub async fn fill(&mut self, shape: &Shape, rows: &[Vec<Value>]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        match &mut self.0.0 {
            Inner::Sqlite(connection) => insert(connection, shape, rows).await,
            Inner::SqliteTx(connection) => insert(connection, shape, rows).await,
            Inner::Postgres(connection) => copy(connection, shape, rows).await,
            Inner::PostgresTx(connection) => copy(connection, shape, rows).await,
        }
    }
}

async fn insert(connection: &mut SqliteConnection, shape: &Shape, rows: &[Vec<Value>]) -> Result<(), StoreError> {
    let width = shape.columns.len().max(1);
    for some in rows.chunks((BOUND / width).max(1)) {
        let mut values = SqliteArguments::default();
        values.reserve(some.len() * width, 0);
        for value in some.iter().flatten() {
            match value {
                Value::Blank => bind(&mut values, None::<i64>)?,
                Value::Text(text) => bind(&mut values, text.as_str())?,
                Value::Integer(number) => bind(&mut values, *number)?,
                Value::Bytes(bytes) => bind(&mut values, bytes.as_slice())?,
            }
        }
        let query = sqlx::query_with(AssertSqlSafe(text(shape, some.len())), values).persistent(false);
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// The statement for so many rows.
fn text(shape: &Shape, rows: usize) -> String {
    let mut text = format!("/* tables.fill */ INSERT INTO \"{}\" ({}) VALUES ", shape.name, shape.list());
    let width = shape.columns.len();
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ",(" });
        for column in 0..width {
            let comma = if column == 0 { "" } else { "," };
            // Writing to a string does not fail.
            let _ = write!(text, "{comma}${}", row * width + column + 1);
        }
        text.push(')');
    }
    text
}

async fn copy(connection: &mut PgConnection, shape: &Shape, rows: &[Vec<Value>]) -> Result<(), StoreError> {
    let text = format!("/* tables.fill */ COPY \"{}\" ({}) FROM STDIN (FORMAT binary)", shape.name, shape.list());
    let width = i16::try_from(shape.columns.len()).map_err(|_| StoreError::Decode("a table of few columns"))?;
    let mut sink = connection.copy_in_raw(&text).await?;
    let mut piece = HEAD.to_vec();
    for row in rows {
        piece.extend_from_slice(&width.to_be_bytes());
        for value in row {
            match value {
                // A field that is null has a length of −1.
                Value::Blank => piece.extend_from_slice(&(-1_i32).to_be_bytes()),
                Value::Text(text) => field(&mut piece, text.as_bytes())?,
                Value::Integer(number) => field(&mut piece, &number.to_be_bytes())?,
                Value::Bytes(bytes) => field(&mut piece, bytes)?,
            }
        }
        if piece.len() >= PIECE {
            sink.send(piece.as_slice()).await?;
            piece.clear();
        }
    }
    piece.extend_from_slice(&TAIL);
    sink.send(piece.as_slice()).await?;
    sink.finish().await?;
    Ok(())
}

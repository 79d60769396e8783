//! Reading a table, row by row.

use futures_util::{Stream, TryStreamExt};
use sqlx::AssertSqlSafe;

use super::{Cell, Inner, Kind, Link, Shape, StoreError};
use crate::db::Row;

impl Link {
    /// Hands over every row of a table, in no order, as they arrive.
    pub async fn each_row<F>(&mut self, shape: &Shape, take: F) -> Result<(), StoreError>
    where
        F: FnMut(&[Cell<'_>]) -> Result<(), StoreError> + Send,
    {
        let text = format!("/* tables.read */ SELECT {} FROM \"{}\"", shape.list(), shape.name);
        let query = AssertSqlSafe(text);
        match &mut self.0 {
            Inner::Sqlite(c) => hand_over(sqlx::query(query).fetch(&mut **c), Row::Sqlite, shape, take).await,
            Inner::SqliteTx(c) => hand_over(sqlx::query(query).fetch(&mut **c), Row::Sqlite, shape, take).await,
            Inner::Postgres(c) => hand_over(sqlx::query(query).fetch(&mut **c), Row::Postgres, shape, take).await,
            Inner::PostgresTx(c) => hand_over(sqlx::query(query).fetch(&mut **c), Row::Postgres, shape, take).await,
        }
    }
}

async fn hand_over<R, F>(
    mut rows: impl Stream<Item = Result<R, sqlx::Error>> + Unpin,
    wrap: fn(R) -> Row,
    shape: &Shape,
    mut take: F,
) -> Result<(), StoreError>
where
    F: FnMut(&[Cell<'_>]) -> Result<(), StoreError> + Send,
{
    while let Some(row) = rows.try_next().await? {
        let row = wrap(row);
        let cells = (0..).zip(&shape.columns).map(|(at, column)| cell(&row, at, column.kind));
        take(&cells.collect::<Result<Vec<_>, _>>()?)?;
    }
    Ok(())
}

fn cell(row: &Row, at: usize, kind: Kind) -> Result<Cell<'_>, StoreError> {
    Ok(match kind {
        Kind::Text => row.maybe_str(at)?.map_or(Cell::Blank, Cell::Text),
        Kind::Integer => row.maybe_int(at)?.map_or(Cell::Blank, Cell::Integer),
        Kind::Bytes => row.maybe_slice(at)?.map_or(Cell::Blank, Cell::Bytes),
    })
}

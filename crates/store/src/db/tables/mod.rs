//! Whole tables, whatever they are: what a backup reads and a restore writes. The database's own catalogue says which
//! there are, so that a table cannot be forgotten.

mod fill;
mod read;

use std::fmt;

use sqlx::AssertSqlSafe;

use super::link::Inner;
use super::{Link, Pools, Read, Store, StoreError, whole};
use crate::boxed;

/// What a column holds: the three types that both databases have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number of 64 bits.
    Integer,
    /// Bytes.
    Bytes,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// A table as the catalogue describes it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Shape {
    /// Its name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

/// A value as it is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing.
    Blank,
    /// Text.
    Text(&'a str),
    /// A number.
    Integer(i64),
    /// Bytes.
    Bytes(&'a [u8]),
}

/// A value as it is written.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Blank,
    /// Text.
    Text(String),
    /// A number.
    Integer(i64),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl fmt::Debug for Cell<'_> {
    /// What kind it is, and never what it is: a table may hold what is said of a child.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blank => "Blank",
            Self::Text(_) => "Text",
            Self::Integer(_) => "Integer",
            Self::Bytes(_) => "Bytes",
        })
    }
}

impl fmt::Debug for Value {
    /// Likewise.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blank => "Blank",
            Self::Text(_) => "Text",
            Self::Integer(_) => "Integer",
            Self::Bytes(_) => "Bytes",
        })
    }
}

/// What the migration runner keeps for itself: a restored database has its own.
const RUNNERS_OWN: &str = "_sqlx_migrations";

/// Every table's columns with their types. `sqlite_…` are the database's own.
const ON_SQLITE: &str = "/* tables.shapes */ SELECT m.name, c.name, lower(c.type) FROM sqlite_master AS m, \
     pragma_table_info(m.name) AS c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
     ORDER BY m.name, c.cid";
const ON_POSTGRES: &str = "/* tables.shapes */ SELECT CAST(c.table_name AS TEXT), CAST(c.column_name AS TEXT), \
     CAST(c.data_type AS TEXT) FROM information_schema.columns AS c JOIN information_schema.tables AS t \
     ON t.table_schema = c.table_schema AND t.table_name = c.table_name WHERE c.table_schema = current_schema() \
     AND t.table_type = 'BASE TABLE' ORDER BY c.table_name COLLATE \"C\", c.ordinal_position";

impl Store {
    /// A connection on which the database stands still: every table is read as it was at the first look, however long the
    /// reading takes and whatever is written meanwhile. Writers are not kept waiting.
    #[boxed]
    pub async fn snapshot(&self) -> Result<Read, StoreError> {
        let inner = match &self.0 {
            Pools::Sqlite { read, .. } => Inner::SqliteTx(read.begin().await?),
            Pools::Postgres(pool) => Inner::PostgresTx(whole::standing_still(pool).await?),
        };
        Ok(Read(Link(inner)))
    }
}

impl Link {
    /// Every table that is the hub's, in order of name. None where there is no schema yet.
    ///
    /// # Errors
    /// [`StoreError::Decode`] when a table has a name or a column that no migration of the hub makes.
    #[boxed]
    pub async fn shapes(&mut self) -> Result<Vec<Shape>, StoreError> {
        shapes(self.catalogue().await?)
    }

    async fn catalogue(&mut self) -> Result<Vec<[String; 3]>, StoreError> {
        Ok(match &mut self.0 {
            Inner::Sqlite(c) => three(&sqlx::query(ON_SQLITE).fetch_all(&mut **c).await?)?,
            Inner::SqliteTx(c) => three(&sqlx::query(ON_SQLITE).fetch_all(&mut **c).await?)?,
            Inner::Postgres(c) => three(&sqlx::query(ON_POSTGRES).fetch_all(&mut **c).await?)?,
            Inner::PostgresTx(c) => three(&sqlx::query(ON_POSTGRES).fetch_all(&mut **c).await?)?,
        })
    }

    /// Whether a table has any row.
    #[boxed]
    pub async fn has_rows(&mut self, shape: &Shape) -> Result<bool, StoreError> {
        let text = AssertSqlSafe(format!("/* tables.has_rows */ SELECT 1 FROM \"{}\" LIMIT 1", shape.name));
        Ok(match &mut self.0 {
            Inner::Sqlite(c) => sqlx::query(text).fetch_optional(&mut **c).await?.is_some(),
            Inner::SqliteTx(c) => sqlx::query(text).fetch_optional(&mut **c).await?.is_some(),
            Inner::Postgres(c) => sqlx::query(text).fetch_optional(&mut **c).await?.is_some(),
            Inner::PostgresTx(c) => sqlx::query(text).fetch_optional(&mut **c).await?.is_some(),
        })
    }
}

/// The catalogue's rows (table, column, type) as tables.
fn shapes(catalogue: Vec<[String; 3]>) -> Result<Vec<Shape>, StoreError> {
    let mut shapes: Vec<Shape> = Vec::new();
    for [table, column, kind] in catalogue.into_iter().filter(|[table, ..]| table != RUNNERS_OWN) {
        let kind = match kind.as_str() {
            "text" => Kind::Text,
            "integer" | "bigint" => Kind::Integer,
            "blob" | "bytea" => Kind::Bytes,
            _ => return Err(StoreError::Decode("a column of one of the three types")),
        };
        if !is_name(&table) || !is_name(&column) {
            return Err(StoreError::Decode("a table of the hub's"));
        }
        let column = Column { name: column, kind };
        match shapes.last_mut().filter(|last| last.name == table) {
            Some(last) => last.columns.push(column),
            None => shapes.push(Shape { name: table, columns: vec![column] }),
        }
    }
    Ok(shapes)
}

/// The three text columns of the catalogue's rows.
fn three<R>(rows: &[R]) -> Result<Vec<[String; 3]>, StoreError>
where
    R: sqlx::Row,
    usize: sqlx::ColumnIndex<R>,
    for<'r> String: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    rows.iter().map(|row| Ok([row.try_get(0)?, row.try_get(1)?, row.try_get(2)?])).collect()
}

/// Whether a name is one that can stand in a statement as it is: the migrations use no others.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

impl Shape {
    /// Its columns' names, quoted, with commas.
    fn list(&self) -> String {
        let names: Vec<String> = self.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_put_into_a_statement() {
        assert!(is_name("release_table") && is_name("n"));
        for name in ["", "Record", "a b", "a\"b", "a;b", "é"] {
            assert!(!is_name(name), "{name}");
        }
    }
}

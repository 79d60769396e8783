//! Many rows in one statement, in one text for both databases.
//!
//! Rows travel as a JSON object whose values are arrays, `{"0":[…],"1":[…]}`: `jsonb_each` takes an object and names its
//! column `value` on SQLite and PostgreSQL alike, and `->>` picks from an array by position on both. One statement of five
//! hundred rows costs one hand-over to the database, where a row at a time would cost five hundred. (`json_each` would
//! read the text of a row once for each of its columns.)

use std::collections::BTreeMap;
use std::io::Write as _;

use hub_domain::AuthorityCode;
use serde::Serialize;

use crate::StoreError;

/// Rows that go into one statement.
pub(crate) const ROWS: usize = 500;

/// `FROM rows!()`: the batch bound as `$2`, each row's array in `value`. `$1` is the authority.
///
/// A statement that joins a batch to a table reads it `WITH … AS MATERIALIZED`: SQLite would otherwise take it apart once
/// for every row of the table. What it is to think of the table is said at the end of its migration.
macro_rules! rows {
    () => {
        "jsonb_each(jsonb(CAST($2 AS TEXT))) AS r"
    };
}
pub(crate) use rows;

/// The text of a batch; each row is a tuple.
pub(crate) fn batch<T: Serialize>(rows: impl IntoIterator<Item = T>) -> Result<String, StoreError> {
    let mut text = vec![b'{'];
    for (n, row) in rows.into_iter().enumerate() {
        let comma = if n == 0 { "" } else { "," };
        write!(text, "{comma}\"{n}\":").map_err(|_| StoreError::Decode("a batch"))?;
        serde_json::to_writer(&mut text, &row).map_err(|_| StoreError::Decode("a batch"))?;
    }
    text.push(b'}');
    String::from_utf8(text).map_err(|_| StoreError::Decode("a batch"))
}

/// The rows of each authority, in order of its code: a statement is about one authority.
pub(crate) fn by_authority<T>(rows: &[T], authority: impl Fn(&T) -> AuthorityCode) -> BTreeMap<AuthorityCode, Vec<&T>> {
    let mut groups: BTreeMap<AuthorityCode, Vec<&T>> = BTreeMap::new();
    for row in rows {
        groups.entry(authority(row)).or_default().push(row);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::batch;

    #[test]
    fn a_batch_is_an_object_of_arrays() {
        assert_eq!(batch([("a\"b", Some(1)), ("c", None)]).unwrap(), r#"{"0":["a\"b",1],"1":["c",null]}"#);
        assert_eq!(batch([("never",); 0]).unwrap(), "{}");
    }
}

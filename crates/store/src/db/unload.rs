//! Reading keys and fingerprints by the million: `COPY … TO STDOUT` in the binary format on PostgreSQL
//! (<https://www.postgresql.org/docs/15/sql-copy.html#id-1.9.3.55.9.4>), which spares both sides a message with its own
//! description and decoding for each row.

use futures_util::TryStreamExt;
use hub_domain::{AuthorityCode, Dataset};
use sqlx::PgConnection;

use super::link::Inner;
use super::{Link, Statement, StoreError, args};

/// Signature, flags, length of the header's extension.
const HEAD: usize = 11 + 4 + 4;

/// What a row cannot be read as.
const NOT_A_ROW: StoreError = StoreError::Decode("a key and its fingerprint");

impl Link {
    /// Hands over the two columns of `statement`, text and bytes, for one feed: `$1` is its authority, `$2` its dataset.
    pub(crate) async fn unload<F>(
        &mut self,
        statement: &Statement,
        feed: (AuthorityCode, Dataset),
        mut take: F,
    ) -> Result<(), StoreError>
    where
        F: FnMut(&str, &[u8]) -> Result<(), StoreError> + Send,
    {
        match &mut self.0 {
            Inner::Postgres(connection) => copy(connection, statement, feed, take).await,
            Inner::PostgresTx(connection) => copy(connection, statement, feed, take).await,
            Inner::Sqlite(_) | Inner::SqliteTx(_) => {
                let args = args![feed.0.as_str(), feed.1.as_str()];
                self.each(statement, args, |row| take(row.str(0)?, row.slice(1)?)).await
            }
        }
    }
}

async fn copy<F>(
    connection: &mut PgConnection,
    statement: &Statement,
    (authority, dataset): (AuthorityCode, Dataset),
    mut take: F,
) -> Result<(), StoreError>
where
    F: FnMut(&str, &[u8]) -> Result<(), StoreError> + Send,
{
    // `COPY` takes no parameters. A code is letters and digits by its type, a dataset one of a few words: nothing in them
    // can end a literal.
    let text = statement.postgres.replace("$1", &quoted(authority.as_str())).replace("$2", &quoted(dataset.as_str()));
    let mut pieces = connection.copy_out_raw(&format!("COPY ({text}) TO STDOUT (FORMAT binary)")).await?;
    let (mut held, mut head) = (Vec::new(), HEAD);
    while let Some(piece) = pieces.try_next().await? {
        // A piece is a whole row from every server so far; the protocol does not promise it.
        let mut rest: &[u8] = if held.is_empty() {
            &piece
        } else {
            held.extend_from_slice(&piece);
            &held
        };
        if head > 0 {
            let Some(after) = rest.get(head..) else {
                held = rest.to_vec();
                continue;
            };
            (rest, head) = (after, 0);
        }
        while let Some((key, fingerprint, after)) = row(rest)? {
            take(key, fingerprint)?;
            rest = after;
        }
        held = if rest.len() == TAIL.len() && rest == TAIL { Vec::new() } else { rest.to_vec() };
    }
    if held.is_empty() && head == 0 { Ok(()) } else { Err(NOT_A_ROW) }
}

/// Instead of a row's number of fields: no more rows.
const TAIL: [u8; 2] = (-1_i16).to_be_bytes();

/// Key, fingerprint, and what follows them.
type Line<'a> = (&'a str, &'a [u8], &'a [u8]);

/// A field's bytes, and what follows them.
type Field<'a> = (&'a [u8], &'a [u8]);

/// The first row of `bytes` and what follows it; `None` when they do not hold a whole one, or hold the end.
fn row(bytes: &[u8]) -> Result<Option<Line<'_>>, StoreError> {
    let Some((count, rest)) = bytes.split_first_chunk::<2>() else { return Ok(None) };
    if *count == TAIL {
        return Ok(None);
    }
    if i16::from_be_bytes(*count) != 2 {
        return Err(NOT_A_ROW);
    }
    let Some((key, rest)) = field(rest)? else { return Ok(None) };
    let Some((fingerprint, rest)) = field(rest)? else { return Ok(None) };
    let key = std::str::from_utf8(key).map_err(|_| NOT_A_ROW)?;
    Ok(Some((key, fingerprint, rest)))
}

/// A field: its length, then its bytes. One that is null has a length of −1, and none of these is.
fn field(bytes: &[u8]) -> Result<Option<Field<'_>>, StoreError> {
    let Some((length, rest)) = bytes.split_first_chunk::<4>() else { return Ok(None) };
    let length = usize::try_from(i32::from_be_bytes(*length)).map_err(|_| NOT_A_ROW)?;
    Ok(rest.split_at_checked(length))
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(key: &str, fingerprint: &[u8]) -> Vec<u8> {
        let mut bytes = 2_i16.to_be_bytes().to_vec();
        for part in [key.as_bytes(), fingerprint] {
            bytes.extend_from_slice(&i32::try_from(part.len()).unwrap().to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }

    #[test]
    fn a_row_is_read_when_it_is_whole_and_never_before() {
        let mut bytes = one("é/1", &[7; 16]);
        let whole = bytes.len();
        bytes.extend(TAIL);
        for cut in 0..whole {
            assert!(row(&bytes[..cut]).unwrap().is_none(), "cut after {cut}");
        }
        assert_eq!(row(&bytes).unwrap(), Some(("é/1", &[7; 16][..], &TAIL[..])));
        assert!(row(&TAIL).unwrap().is_none());
    }

    #[test]
    fn what_is_not_a_row_of_two_is_a_fault() {
        let mut three = one("a", b"b");
        three[1] = 3;
        let null = [&2_i16.to_be_bytes()[..], &(-1_i32).to_be_bytes()].concat();
        let not_text = one("a", b"b").into_iter().map(|byte| if byte == b'a' { 0xff } else { byte }).collect();
        for bytes in [three, null, not_text] {
            assert!(row(&bytes).is_err());
        }
        assert_eq!(quoted("a'b"), "'a''b'");
    }
}

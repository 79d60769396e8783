//! PostgreSQL: `COPY … FROM STDIN` in the binary format
//! (<https://www.postgresql.org/docs/15/sql-copy.html#id-1.9.3.55.9.4>).

use sqlx::PgConnection;

use super::{Batch, Constants};
use crate::StoreError;

const COPY: &str = "/* record.load */ COPY record (authority, dataset, key, known_from, as_at, fingerprint, body) \
                    FROM STDIN (FORMAT binary)";

/// Bytes per message; larger ones only make both sides hold more.
const PIECE: usize = 256 << 10;

/// Signature, flags, length of the header's extension.
pub(in crate::db) const HEAD: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// Instead of a row's number of fields: no more rows.
pub(in crate::db) const TAIL: [u8; 2] = (-1_i16).to_be_bytes();

pub(super) async fn copy(
    connection: &mut PgConnection,
    constants: &Constants,
    batch: &Batch,
) -> Result<u64, StoreError> {
    let fixed = Fixed::of(constants)?;
    let mut sink = connection.copy_in_raw(COPY).await?;
    let mut piece = Vec::with_capacity(PIECE + (16 << 10));
    piece.extend_from_slice(HEAD);
    for row in batch.rows() {
        piece.extend_from_slice(&fixed.before);
        field(&mut piece, row.key.as_bytes())?;
        piece.extend_from_slice(&fixed.between);
        field(&mut piece, row.fingerprint)?;
        field(&mut piece, row.body.as_bytes())?;
        if piece.len() >= PIECE {
            sink.send(piece.as_slice()).await?;
            piece.clear();
        }
    }
    piece.extend_from_slice(&TAIL);
    sink.send(piece.as_slice()).await?;
    Ok(sink.finish().await?)
}

/// The parts of a row that are the same in each.
struct Fixed {
    before: Vec<u8>,
    between: Vec<u8>,
}

impl Fixed {
    fn of(constants: &Constants) -> Result<Self, StoreError> {
        let mut before = 7_i16.to_be_bytes().to_vec();
        field(&mut before, constants.authority.as_bytes())?;
        field(&mut before, constants.dataset.as_bytes())?;
        let mut between = Vec::new();
        field(&mut between, &constants.known_from.to_be_bytes())?;
        field(&mut between, constants.as_at.as_bytes())?;
        Ok(Self { before, between })
    }
}

/// A field: its length, then its bytes.
pub(in crate::db) fn field(piece: &mut Vec<u8>, bytes: &[u8]) -> Result<(), StoreError> {
    let length = i32::try_from(bytes.len()).map_err(|_| StoreError::Decode("a field under 2 GiB"))?;
    piece.extend_from_slice(&length.to_be_bytes());
    piece.extend_from_slice(bytes);
    Ok(())
}

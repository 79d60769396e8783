//! Ciphertext, in pieces.

use hub_domain::AuthorityCode;
use uuid::Uuid;

use crate::db::{args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    PUT = "envelope.put_piece",
        "INSERT INTO envelope_piece (authority, notice, n, piece, body) VALUES ($1, $2, $3, $4, $5)";
    PIECE = "envelope.piece",
        "SELECT body FROM envelope_piece WHERE authority = $1 AND notice = $2 AND n = $3 AND piece = $4";
    DROP = "envelope.drop_pieces",
        "DELETE FROM envelope_piece WHERE authority = $1 AND notice = $2 AND n = $3";
}

/// An envelope's place: placing authority, notice, number.
pub(super) type Place = (AuthorityCode, Uuid, i64);

/// Keeps piece `piece` (from 0) of an envelope.
pub async fn put_piece(tx: &mut Tx, (placing, notice, n): Place, piece: i64, body: &[u8]) -> Result<(), StoreError> {
    tx.run(&PUT, args![placing.as_str(), &notice.to_string(), n, piece, body]).await?;
    Ok(())
}

/// Piece `piece` (from 0); `None` after the last.
pub async fn piece(link: &mut Link, (placing, notice, n): Place, piece: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let row = link.maybe(&PIECE, args![placing.as_str(), &notice.to_string(), n, piece]).await?;
    row.map(|row| row.bytes(0)).transpose()
}

/// Deletes the ciphertext of an envelope; how many pieces there were.
pub async fn drop_pieces(tx: &mut Tx, (placing, notice, n): Place) -> Result<u64, StoreError> {
    tx.run(&DROP, args![placing.as_str(), &notice.to_string(), n]).await
}

//! What was sent, in pieces.

use hub_domain::AuthorityCode;
use uuid::Uuid;

use crate::db::{args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    PUT = "submission.put_payload",
        "INSERT INTO payload (authority, submission, n, body) VALUES ($1, $2, $3, $4)";
    PIECE = "submission.payload_piece",
        "SELECT body FROM payload WHERE authority = $1 AND submission = $2 AND n = $3";
    DROP = "submission.drop_payload",
        "DELETE FROM payload WHERE authority = $1 AND submission = $2";
}

/// Keeps piece `n` (from 0) of what was sent.
pub async fn put_payload(
    tx: &mut Tx,
    authority: AuthorityCode,
    id: Uuid,
    n: i64,
    body: &[u8],
) -> Result<(), StoreError> {
    tx.run(&PUT, args![authority.as_str(), &id.to_string(), n, body]).await?;
    Ok(())
}

/// Piece `n` (from 0); `None` after the last.
pub async fn payload_piece(
    link: &mut Link,
    authority: AuthorityCode,
    id: Uuid,
    n: i64,
) -> Result<Option<Vec<u8>>, StoreError> {
    let row = link.maybe(&PIECE, args![authority.as_str(), &id.to_string(), n]).await?;
    row.map(|row| row.bytes(0)).transpose()
}

/// Deletes what was sent, when it is kept no longer; how many pieces there were.
pub async fn drop_payload(tx: &mut Tx, authority: AuthorityCode, id: Uuid) -> Result<u64, StoreError> {
    tx.run(&DROP, args![authority.as_str(), &id.to_string()]).await
}

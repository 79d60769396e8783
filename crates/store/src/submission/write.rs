//! Numbering and keeping a submission.

use hub_domain::{AuthorityCode, Timestamp};

use super::Submission;
use crate::db::{args, json, statements};
use crate::{StoreError, Tx};

statements! {
    FIRST_SEQ = "submission.first_seq",
        "INSERT INTO sequence (authority, last) VALUES ($1, 0) ON CONFLICT (authority) DO NOTHING";
    NEXT_SEQ = "submission.next_seq",
        "UPDATE sequence SET last = last + 1 WHERE authority = $1 RETURNING last";
    LOCK = "submission.lock",
        "UPDATE sequence SET last = last WHERE authority = $1";
    INSERT = "submission.insert",
        "INSERT INTO submission (authority, id, seq, dataset, mode, as_at, covers_from, correction, client, digest, \
         bytes, format, compression, contract, state, verdict, held_reason, counts, received_at, decided_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";
}

/// The authority's next number. Two transactions of one authority take turns from here to their end.
pub async fn next_seq(tx: &mut Tx, authority: AuthorityCode) -> Result<i64, StoreError> {
    if let Some(row) = tx.maybe(&NEXT_SEQ, args![authority.as_str()]).await? {
        return row.int(0);
    }
    tx.run(&FIRST_SEQ, args![authority.as_str()]).await?;
    let row = tx.maybe(&NEXT_SEQ, args![authority.as_str()]).await?;
    row.ok_or(StoreError::Decode("a sequence"))?.int(0)
}

/// Makes this transaction and any other that locks or numbers in the authority take turns, until it ends.
pub async fn lock(tx: &mut Tx, authority: AuthorityCode) -> Result<(), StoreError> {
    tx.run(&LOCK, args![authority.as_str()]).await?;
    Ok(())
}

/// Keeps a submission. A second one with its id or number is [`StoreError::Unique`].
pub async fn insert(tx: &mut Tx, submission: &Submission) -> Result<(), StoreError> {
    let s = submission;
    let counts = s.counts.as_ref().map(json).transpose()?;
    tx.run(
        &INSERT,
        args![
            s.authority.as_str(),
            &s.id.to_string(),
            s.seq,
            s.dataset.as_str(),
            s.mode.as_str(),
            &s.as_at.to_string(),
            s.covers_from.map(|day| day.to_string()).as_deref(),
            s.correction,
            &s.client,
            &s.digest,
            s.bytes,
            &s.format,
            &s.compression,
            &s.contract,
            s.state.as_str(),
            s.verdict.map(super::Verdict::as_str),
            s.held_reason.as_deref(),
            counts.as_deref(),
            s.received_at.as_microsecond(),
            s.decided_at.map(Timestamp::as_microsecond),
        ],
    )
    .await?;
    Ok(())
}

//! Keeping and changing notices, many at a time.

use std::collections::BTreeSet;

use hub_domain::{AuthorityCode, Timestamp, london_date, london_midnight};
use serde::ser::{Serialize, SerializeTuple as _, Serializer};
use uuid::Uuid;

use super::NoticeRow;
use super::row::columns;
use crate::batch::{ROWS, batch, by_authority, rows};
use crate::db::{Statement, args, statements};
use crate::{StoreError, Tx};

statements! {
    INSERT = "notice.insert",
        concat!("INSERT INTO notice (authority, id, host, child_ref, state, live, issued, version, revision, class, \
                 started_on, ended_on, due_at, raised_at, updated_at, body, standing, given_at, issued_at, delivered_version, \
                 late_version) \
                 SELECT $1, r.value ->> 0, r.value ->> 1, r.value ->> 2, r.value ->> 3, CAST(r.value ->> 4 AS BIGINT), \
                 CAST(r.value ->> 5 AS BIGINT), CAST(r.value ->> 6 AS BIGINT), CAST(r.value ->> 7 AS BIGINT) + 1, \
                 r.value ->> 8, r.value ->> 9, r.value ->> 10, CAST(r.value ->> 11 AS BIGINT), \
                 CAST(r.value ->> 12 AS BIGINT), CAST(r.value ->> 13 AS BIGINT), r.value ->> 14, r.value ->> 15, \
                 CAST(r.value ->> 16 AS BIGINT), CAST(r.value ->> 17 AS BIGINT), CAST(r.value ->> 18 AS BIGINT), 0 FROM ", rows!(),
                " WHERE true ON CONFLICT (authority, id) DO NOTHING RETURNING id");
    PAST = "notice.keep_past",
        concat!("INSERT INTO notice_past (", columns!(), ", replaced_at) SELECT ", columns!(), ", $4 FROM notice \
                 WHERE authority = $1 AND updated_at < $3 AND id IN (SELECT r.value ->> 0 FROM ", rows!(),
                ") ON CONFLICT (authority, id, replaced_at) DO NOTHING");
    UPDATE = "notice.update",
        concat!("WITH new AS MATERIALIZED (SELECT r.value ->> 0 AS id, r.value ->> 1 AS host, r.value ->> 2 AS child_ref, \
                 r.value ->> 3 AS state, CAST(r.value ->> 4 AS BIGINT) AS live, CAST(r.value ->> 5 AS BIGINT) AS issued, \
                 CAST(r.value ->> 6 AS BIGINT) AS version, CAST(r.value ->> 7 AS BIGINT) AS revision, \
                 r.value ->> 8 AS class, r.value ->> 9 AS started_on, r.value ->> 10 AS ended_on, \
                 CAST(r.value ->> 11 AS BIGINT) AS due_at, CAST(r.value ->> 13 AS BIGINT) AS updated_at, \
                 r.value ->> 14 AS body, r.value ->> 15 AS standing, CAST(r.value ->> 16 AS BIGINT) AS given_at, \
                 CAST(r.value ->> 17 AS BIGINT) AS issued_at, CAST(r.value ->> 18 AS BIGINT) AS delivered_version FROM ", rows!(),
                ") UPDATE notice SET host = new.host, child_ref = new.child_ref, state = new.state, live = new.live, \
                 issued = new.issued, version = new.version, revision = new.revision + 1, class = new.class, \
                 started_on = new.started_on, ended_on = new.ended_on, due_at = new.due_at, \
                 updated_at = new.updated_at, body = new.body, standing = new.standing, \
                 given_at = new.given_at, issued_at = new.issued_at, delivered_version = new.delivered_version FROM new WHERE notice.authority = $1 \
                 AND notice.id = new.id AND notice.revision = new.revision RETURNING notice.id");
}

/// Keeps a new notice. `false` when it is there already.
pub async fn insert(tx: &mut Tx, notice: &NoticeRow) -> Result<bool, StoreError> {
    Ok(write(tx, &INSERT, &[notice]).await?.contains(&notice.id))
}

/// Changes a notice, `revision` and all but `raised_at`. `false` when its revision is no longer as given: somebody else
/// wrote in between, so read it again.
pub async fn update(tx: &mut Tx, notice: &NoticeRow) -> Result<bool, StoreError> {
    keep_past(tx, notice.authority, &[notice]).await?;
    Ok(write(tx, &UPDATE, &[notice]).await?.contains(&notice.id))
}

/// Keeps notices with revision 0, and changes those with another as [`update`] does; each id at most once. The answer is
/// the ids that could not be written because somebody else was quicker: drop the transaction and begin again.
pub async fn save_many(tx: &mut Tx, notices: &[NoticeRow]) -> Result<Vec<Uuid>, StoreError> {
    let mut refused = Vec::new();
    for (authority, group) in by_authority(notices, |notice| notice.authority) {
        let (new, kept): (Vec<&NoticeRow>, Vec<&NoticeRow>) = group.into_iter().partition(|row| row.revision == 0);
        keep_past(tx, authority, &kept).await?;
        for (statement, notices) in [(&INSERT, new), (&UPDATE, kept)] {
            let written = write(tx, statement, &notices).await?;
            refused.extend(notices.iter().map(|row| row.id).filter(|id| !written.contains(id)));
        }
    }
    Ok(refused)
}

/// Keeps each of these notices as it stood when its last day ended, if it is now written on a later one: what was known
/// then can still be asked for. Where somebody else was quicker the transaction ends, and this with it.
async fn keep_past(tx: &mut Tx, authority: AuthorityCode, notices: &[&NoticeRow]) -> Result<(), StoreError> {
    for chunk in notices.chunks(ROWS) {
        let Some(now) = chunk.iter().map(|row| row.updated_at).max() else { continue };
        let today = london_midnight(london_date(now)).unwrap_or(now).as_microsecond();
        let ids = batch(chunk.iter().map(|row| (row.id,)))?;
        tx.run(&PAST, args![authority.as_str(), &ids, today, now.as_microsecond()]).await?;
    }
    Ok(())
}

/// Notices of one authority; the ids that were written.
async fn write(tx: &mut Tx, statement: &Statement, notices: &[&NoticeRow]) -> Result<BTreeSet<Uuid>, StoreError> {
    let mut written = BTreeSet::new();
    for chunk in notices.chunks(ROWS) {
        let Some(first) = chunk.first() else { continue };
        let rows = batch(chunk.iter().map(|notice| Values(notice)))?;
        for row in tx.all(statement, args![first.authority.as_str(), &rows]).await? {
            written.insert(row.parsed(0, "an id")?);
        }
    }
    Ok(written)
}

/// A notice as an array, in the order of the statements' positions.
struct Values<'a>(&'a NoticeRow);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(notice) = self;
        let mut values = serializer.serialize_tuple(19)?;
        values.serialize_element(&notice.id)?;
        values.serialize_element(&notice.host)?;
        values.serialize_element(&notice.child_ref)?;
        values.serialize_element(&notice.state)?;
        values.serialize_element(&i64::from(notice.live))?;
        values.serialize_element(&i64::from(notice.issued))?;
        values.serialize_element(&notice.version)?;
        values.serialize_element(&notice.revision)?;
        values.serialize_element(&notice.class)?;
        values.serialize_element(&notice.started_on)?;
        values.serialize_element(&notice.ended_on)?;
        values.serialize_element(&notice.due_at.map(Timestamp::as_microsecond))?;
        values.serialize_element(&notice.raised_at.as_microsecond())?;
        values.serialize_element(&notice.updated_at.as_microsecond())?;
        values.serialize_element(&notice.body)?;
        values.serialize_element(&notice.standing)?;
        values.serialize_element(&notice.given_at.map(Timestamp::as_microsecond))?;
        values.serialize_element(&notice.issued_at.map(Timestamp::as_microsecond))?;
        values.serialize_element(&notice.delivered_version)?;
        values.end()
    }
}

//! What happened to each notice: append-only.

use std::collections::HashMap;
use std::fmt;

use hub_domain::{AuthorityCode, Timestamp};
use hub_notices::{EventKind, Party};
use serde::Serialize;
use uuid::Uuid;

use crate::batch::{ROWS, batch, by_authority, rows};
use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    APPEND = "notice.append_events",
        concat!("INSERT INTO notice_event (authority, notice, n, kind, at, actor, side, detail) \
                 SELECT $1, r.value ->> 0, CAST(r.value ->> 1 AS BIGINT) + COALESCE((SELECT MAX(e.n) FROM notice_event AS e \
                 WHERE e.authority = $1 AND e.notice = r.value ->> 0), 0), r.value ->> 2, \
                 CAST(r.value ->> 3 AS BIGINT), r.value ->> 4, r.value ->> 5, r.value ->> 6 FROM ", rows!());
    EVENTS = "notice.events",
        "SELECT authority, notice, n, kind, at, actor, side, detail FROM notice_event \
         WHERE authority = $1 AND notice = $2 ORDER BY n";
}

/// Something that happened to a notice.
#[derive(Clone, PartialEq, Eq)]
pub struct NoticeEvent {
    /// The placing authority.
    pub authority: AuthorityCode,
    /// The notice.
    pub notice: Uuid,
    /// Its place in the notice's history, from 1. Given out when appended, whatever it says before.
    pub n: i64,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
    /// Who did it: a client, a submission, the hub.
    pub actor: String,
    /// On whose side.
    pub side: Party,
    /// The rest, JSON.
    pub detail: String,
}

impl fmt::Debug for NoticeEvent {
    /// Without the detail: nothing of a child goes into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NoticeEvent")
            .field("authority", &self.authority)
            .field("notice", &self.notice)
            .field("n", &self.n)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Appends to the histories of notices, in the order given. Of two transactions that append to one notice at the same time
/// the slower is told [`StoreError::Retry`]: the place it would take is gone, and its work goes through when run again.
pub async fn append_events(tx: &mut Tx, events: &[NoticeEvent]) -> Result<(), StoreError> {
    for (authority, group) in by_authority(events, |event| event.authority) {
        for chunk in group.chunks(ROWS) {
            let mut counts: HashMap<Uuid, i64> = HashMap::new();
            let rows = batch(chunk.iter().map(|event| {
                let count = counts.entry(event.notice).or_default();
                *count += 1;
                values(event, *count)
            }))?;
            tx.run(&APPEND, args![authority.as_str(), &rows]).await.map_err(overtaken)?;
        }
    }
    Ok(())
}

/// A place in a history is taken only by somebody who was quicker.
fn overtaken(error: StoreError) -> StoreError {
    if let StoreError::Unique(cause) = error { StoreError::Retry(cause) } else { error }
}

/// Appends one event.
pub async fn append_event(tx: &mut Tx, event: &NoticeEvent) -> Result<(), StoreError> {
    append_events(tx, std::slice::from_ref(event)).await
}

/// The history of a notice of the placing authority. A host first finds the notice for itself.
pub async fn events(link: &mut Link, placing: AuthorityCode, notice: Uuid) -> Result<Vec<NoticeEvent>, StoreError> {
    let rows = link.all(&EVENTS, args![placing.as_str(), &notice.to_string()]).await?;
    rows.iter().map(read).collect()
}

/// In the order of the statement's positions.
fn values(event: &NoticeEvent, count: i64) -> impl Serialize {
    let NoticeEvent { notice, kind, at, actor, side, detail, .. } = event;
    (notice, count, kind, at.as_microsecond(), actor, side, detail)
}

fn read(row: &Row) -> Result<NoticeEvent, StoreError> {
    Ok(NoticeEvent {
        authority: row.parsed(0, "an authority code")?,
        notice: row.parsed(1, "an id")?,
        n: row.int(2)?,
        kind: row.parsed(3, "a notice event")?,
        at: row.time(4)?,
        actor: row.text(5)?,
        side: row.parsed(6, "a party")?,
        detail: row.text(7)?,
    })
}

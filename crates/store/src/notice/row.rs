//! A notice as it is kept.

use std::fmt;

use hub_domain::{AuthorityCode, Date, Timestamp};
use hub_notices::{NoticeState, Standing};
use uuid::Uuid;

use crate::StoreError;
use crate::db::Row;

/// One notice. What is listed and searched by is a column; all of it is in `body`.
#[derive(Clone, PartialEq, Eq)]
pub struct NoticeRow {
    /// The authority that placed the child.
    pub authority: AuthorityCode,
    /// The same for the same placing authority, child, start and host.
    pub id: Uuid,
    /// The authority whose area the child lives in.
    pub host: AuthorityCode,
    /// The placing authority's pseudonym for the child.
    pub child_ref: String,
    /// Where it has got to.
    pub state: NoticeState,
    /// The host has been told and, as far as anyone knows, the child lives there.
    pub live: bool,
    /// The host has been, or is now to be, told: only then may it see the notice.
    pub issued: bool,
    /// Counts what the placing authority has said of it, from 1.
    pub version: i64,
    /// Counts writes of this row: 0 for one not kept yet, and when changing one, as it was read.
    pub revision: i64,
    /// `adjoining`, `at_a_distance`, …
    pub class: String,
    /// First day on which the child lived in the host's area.
    pub started_on: Date,
    /// First day the child was not there, once known.
    pub ended_on: Option<Date>,
    /// When the host must have been told.
    pub due_at: Option<Timestamp>,
    /// Who has given notice.
    pub standing: Standing,
    /// When the placing authority gave notice of the placement and the host could be told.
    pub given_at: Option<Timestamp>,
    /// `hub_notices::Notice` as JSON.
    pub body: String,
    /// When it was first kept. Never changes.
    pub raised_at: Timestamp,
    /// When it was last written.
    pub updated_at: Timestamp,
    /// When the version that stands was issued to its host; `None` while the host is not to see it.
    pub issued_at: Option<Timestamp>,
    /// The latest version that has reached its host, by whatever way; 0 while none has.
    pub delivered_version: i64,
    /// The latest version of which its placing authority has been told that it is late; 0 while there is none. Written by
    /// [`super::tell_late`] alone.
    pub late_version: i64,
}

impl NoticeRow {
    /// Its host has what was last said of it.
    pub fn has_arrived(&self) -> bool {
        self.delivered_version >= self.version || self.state.is_received()
    }
}

impl fmt::Debug for NoticeRow {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NoticeRow")
            .field("authority", &self.authority)
            .field("id", &self.id)
            .field("host", &self.host)
            .field("state", &self.state)
            .field("version", &self.version)
            .field("revision", &self.revision)
            .finish_non_exhaustive()
    }
}

/// The columns that [`read`] reads, in its order.
macro_rules! columns {
    () => {
        "authority, id, host, child_ref, state, live, issued, version, revision, class, started_on, ended_on, due_at, \
         body, raised_at, updated_at, standing, given_at, issued_at, delivered_version, late_version"
    };
}
pub(super) use columns;

pub(super) fn read(row: &Row) -> Result<NoticeRow, StoreError> {
    Ok(NoticeRow {
        authority: row.parsed(0, "an authority code")?,
        id: row.parsed(1, "an id")?,
        host: row.parsed(2, "an authority code")?,
        child_ref: row.text(3)?,
        state: row.parsed(4, "a notice's state")?,
        live: row.int(5)? != 0,
        issued: row.int(6)? != 0,
        version: row.int(7)?,
        revision: row.int(8)?,
        class: row.text(9)?,
        started_on: row.parsed(10, "a date")?,
        ended_on: row.maybe_parsed(11, "a date")?,
        due_at: row.maybe_time(12)?,
        body: row.text(13)?,
        raised_at: row.time(14)?,
        updated_at: row.time(15)?,
        standing: row.parsed(16, "the standing of a notice")?,
        given_at: row.maybe_time(17)?,
        issued_at: row.maybe_time(18)?,
        delivered_version: row.int(19)?,
        late_version: row.int(20)?,
    })
}

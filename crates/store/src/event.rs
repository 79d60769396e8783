//! Things that happened and that somebody may want to be told: a feed late or missing, a release published.

use hub_domain::{AuthorityCode, Timestamp, words};
use uuid::Uuid;

use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    APPEND = "event.append",
        "INSERT INTO event (authority, id, kind, subject, at, data, side) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (authority, kind, subject) DO NOTHING";
    ONE = "event.one",
        "SELECT id FROM event WHERE authority = $1 AND kind = $2 AND subject = $3";
    LIST = "event.list",
        "SELECT authority, id, kind, subject, at, data FROM event WHERE side IN ('shared', 'hub', 'everyone') \
         AND (CAST($4 AS TEXT) IS NULL OR authority = $4) AND (at, id) > ($1, $2) ORDER BY at, id LIMIT $3";
    LATEST = "event.latest",
        "SELECT authority, id, kind, subject, at, data FROM event WHERE authority = $1 AND kind = $2 \
         ORDER BY at DESC, id DESC LIMIT $3";
    LIST_OWN = "event.list_own",
        "SELECT authority, id, kind, subject, at, data FROM event WHERE authority = $4 AND side IN ('shared', 'placing', 'everyone') \
         AND (at, id) > ($1, $2) ORDER BY at, id LIMIT $3";
    LIST_HOST = "event.list_host",
        "SELECT authority, id, kind, subject, at, data FROM event WHERE authority = $4 AND side IN ('host', 'everyone') \
         AND (at, id) > ($1, $2) ORDER BY at, id LIMIT $3";
}

/// Something that happened. Holds nothing of any child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Whom it concerns; the code of no authority when it concerns all.
    pub authority: AuthorityCode,
    /// Unique everywhere.
    pub id: Uuid,
    /// What happened, such as `feed.missing`.
    pub kind: String,
    /// To what, such as `placements/2026-06-01`: an authority hears of one subject once.
    pub subject: String,
    /// When.
    pub at: Timestamp,
    /// The rest, JSON.
    pub data: String,
}

words! {
    /// Who of an authority an event is for.
    Side("side of an event") {
        /// Whoever sends its feeds, and the operator.
        Shared = "shared", "Sender and operator";
        /// Whoever places its children.
        Placing = "placing", "Placing side";
        /// Whoever answers for it as host.
        Host = "host", "Host side";
        /// Either side, and the operator.
        Everyone = "everyone", "Either side and operator";
        /// The operator alone.
        Hub = "hub", "Operator";
    }
}

/// Who reads events, and so which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Whoever sends this authority's feeds.
    Sender(AuthorityCode),
    /// Whoever answers for this authority as host.
    Host(AuthorityCode),
    /// The operator: of one authority, or of all, what is the operator's business.
    Operator(Option<AuthorityCode>),
}

/// Keeps an event that the authority's sender and the operator may read. `false` when the authority already has one of
/// this kind and subject.
pub async fn append(tx: &mut Tx, event: &Event) -> Result<bool, StoreError> {
    append_for(tx, event, Side::Shared).await
}

/// Keeps an event for one side. `false` when the authority already has one of this kind and subject.
pub async fn append_for(tx: &mut Tx, event: &Event, side: Side) -> Result<bool, StoreError> {
    let Event { authority, id, kind, subject, at, data } = event;
    let (id, side) = (id.to_string(), side.as_str());
    let at = at.as_microsecond();
    Ok(tx.run(&APPEND, args![authority.as_str(), &id, kind, subject, at, data, side]).await? == 1)
}

/// Whether an authority has an event of this kind and one of these subjects.
pub async fn has_any(
    link: &mut Link,
    authority: AuthorityCode,
    kind: &str,
    subjects: &[String],
) -> Result<bool, StoreError> {
    for subject in subjects {
        if link.maybe(&ONE, args![authority.as_str(), kind, subject]).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The reader's events after a place in the list, or from the first, oldest first.
pub async fn list(
    link: &mut Link,
    reader: Reader,
    since: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<Event>, StoreError> {
    let (at, id) = since.map_or((i64::MIN, String::new()), |(at, id)| (at.as_microsecond(), id.to_string()));
    let (statement, authority) = match &reader {
        Reader::Sender(own) => (&LIST_OWN, Some(own)),
        Reader::Host(own) => (&LIST_HOST, Some(own)),
        Reader::Operator(of) => (&LIST, of.as_ref()),
    };
    let rows = link.all(statement, args![at, &id, limit, authority.map(AuthorityCode::as_str)]).await?;
    rows.iter().map(read).collect()
}

/// The latest events of a kind that concern one authority, latest first.
pub async fn latest(
    link: &mut Link,
    authority: AuthorityCode,
    kind: &str,
    limit: i64,
) -> Result<Vec<Event>, StoreError> {
    link.all(&LATEST, args![authority.as_str(), kind, limit]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Event, StoreError> {
    Ok(Event {
        authority: row.parsed(0, "an authority code")?,
        id: row.parsed(1, "an id")?,
        kind: row.text(2)?,
        subject: row.text(3)?,
        at: row.time(4)?,
        data: row.text(5)?,
    })
}

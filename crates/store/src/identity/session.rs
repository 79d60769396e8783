//! People who are signed in, and those about to be.

use std::fmt;

use hub_domain::{AuthorityCode, Timestamp};

use crate::db::{Row, args, json, statements};
use crate::{Link, StoreError, Tx};

statements! {
    INSERT = "identity.insert_session",
        "INSERT INTO session (id, person, name, roles, authorities, begun_at, seen_at, ends_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    FIND = "identity.session",
        "SELECT id, person, name, roles, authorities, begun_at, seen_at, ends_at FROM session WHERE id = $1";
    NOTE = "identity.note_session",
        "UPDATE session SET seen_at = $2 WHERE id = $1 AND seen_at < $2";
    DELETE = "identity.delete_session",
        "DELETE FROM session WHERE id = $1";
    SWEEP = "identity.sweep_sessions",
        "DELETE FROM session WHERE ends_at <= $1";
    BEGIN = "identity.insert_sign_in",
        "INSERT INTO sign_in (id, leads_to, ends_at) VALUES ($1, $2, $3)";
    BEGUN = "identity.sign_in",
        "SELECT leads_to FROM sign_in WHERE id = $1 AND ends_at > $2";
    SPEND = "identity.delete_sign_in",
        "DELETE FROM sign_in WHERE id = $1";
    SWEEP_BEGUN = "identity.sweep_sign_ins",
        "DELETE FROM sign_in WHERE ends_at <= $1";
}

/// Somebody who is signed in.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of its token, in hexadecimal.
    pub id: String,
    /// Who it is, as it stands beside what clients do.
    pub person: String,
    /// The name, for people.
    pub name: String,
    /// What the account may do.
    pub roles: Vec<String>,
    /// For whom it may act.
    pub authorities: Vec<AuthorityCode>,
    /// When it began. Kept as first written.
    pub begun_at: Timestamp,
    /// When it was last used, to a few minutes.
    pub seen_at: Timestamp,
    /// When it ends, used or not.
    pub ends_at: Timestamp,
}

impl fmt::Debug for Session {
    /// Without its id.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("person", &self.person)
            .field("roles", &self.roles)
            .field("authorities", &self.authorities)
            .finish_non_exhaustive()
    }
}

/// Keeps a new session.
pub async fn insert_session(tx: &mut Tx, session: &Session) -> Result<(), StoreError> {
    let Session { id, person, name, roles, authorities, begun_at, seen_at, ends_at } = session;
    let (roles, authorities) = (json(roles)?, json(authorities)?);
    let times = (begun_at.as_microsecond(), seen_at.as_microsecond(), ends_at.as_microsecond());
    tx.run(&INSERT, args![id, person, name, &roles, &authorities, times.0, times.1, times.2]).await?;
    Ok(())
}

/// The session of that id, whether or not it has ended.
pub async fn session(link: &mut Link, id: &str) -> Result<Option<Session>, StoreError> {
    link.maybe(&FIND, args![id]).await?.as_ref().map(read).transpose()
}

/// Notes that a session is used.
pub async fn note_session(tx: &mut Tx, id: &str, at: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.run(&NOTE, args![id, at.as_microsecond()]).await? == 1)
}

/// Ends a session. `false` when there is none of this id.
pub async fn delete_session(tx: &mut Tx, id: &str) -> Result<bool, StoreError> {
    Ok(tx.run(&DELETE, args![id]).await? == 1)
}

/// Keeps a sign-in that was begun, by the SHA-256 of its secret, and the page that it leads to.
pub async fn insert_sign_in(tx: &mut Tx, id: &str, leads_to: &str, ends_at: Timestamp) -> Result<(), StoreError> {
    tx.run(&BEGIN, args![id, leads_to, ends_at.as_microsecond()]).await?;
    Ok(())
}

/// The page that a sign-in leads to, if it has not ended.
pub async fn sign_in(link: &mut Link, id: &str, now: Timestamp) -> Result<Option<String>, StoreError> {
    link.maybe(&BEGUN, args![id, now.as_microsecond()]).await?.map(|row| row.text(0)).transpose()
}

/// Ends a sign-in. `false` when there is none of this id: somebody else ended it.
pub async fn delete_sign_in(tx: &mut Tx, id: &str) -> Result<bool, StoreError> {
    Ok(tx.run(&SPEND, args![id]).await? == 1)
}

/// Forgets sessions and sign-ins that have ended; how many.
pub async fn sweep_people(tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
    let now = now.as_microsecond();
    Ok(tx.run(&SWEEP, args![now]).await? + tx.run(&SWEEP_BEGUN, args![now]).await?)
}

fn read(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.text(0)?,
        person: row.text(1)?,
        name: row.text(2)?,
        roles: row.maybe_json(3, "roles")?.unwrap_or_default(),
        authorities: row.maybe_json(4, "authority codes")?.unwrap_or_default(),
        begun_at: row.time(5)?,
        seen_at: row.time(6)?,
        ends_at: row.time(7)?,
    })
}

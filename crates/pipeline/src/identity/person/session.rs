use std::fmt;
use std::sync::Arc;

use hub_domain::Timestamp;
use hub_store::identity::{self, Session};
use jiff::SignedDuration;
use secrecy::{ExposeSecret as _, SecretString};

use super::accept::Accepted;
use super::place;
use crate::identity::principal::Principal;
use crate::identity::{is_plain, secret};
use crate::{Fault, Hub, boxed};

/// A session that nobody uses ends after so long.
const IDLE: SignedDuration = SignedDuration::from_hours(1);
/// Every session ends after so long: roles that were taken from an account last no longer.
const LONGEST: SignedDuration = SignedDuration::from_hours(10);
/// How often it is written down that a session is used.
const NOTED: SignedDuration = SignedDuration::from_mins(5);
/// Begins a person's name where clients stand: no client's id may begin so.
const PERSON: &str = "person:";

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    name: String,
    principal: Arc<Principal>,
    signed_in_at: Timestamp,
    session: String,
    unnoted: bool,
}

/// A session that has begun.
pub struct Entered(SecretString);

impl fmt::Debug for Entered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entered").finish_non_exhaustive()
    }
}

/// Why an account that was believed gets no session.
#[derive(Debug, thiserror::Error)]
pub enum EntryRefusal {
    /// Its name could not stand beside what it does.
    #[error("the account's name is no name for a client")]
    Name,
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<hub_store::StoreError> for EntryRefusal {
    fn from(error: hub_store::StoreError) -> Self {
        Self::Fault(error.into())
    }
}

impl Person {
    /// The name, for pages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the person may do.
    pub fn principal(&self) -> &Arc<Principal> {
        &self.principal
    }

    /// When the person signed in.
    pub fn signed_in_at(&self) -> Timestamp {
        self.signed_in_at
    }

    /// The session, if it is time to [`note`] that it is used.
    pub fn unnoted(&self) -> Option<&str> {
        self.unnoted.then_some(&self.session)
    }
}

impl Entered {
    /// The session's token, for the cookie: 256 bits of chance.
    pub fn token(&self) -> &str {
        self.0.expose_secret()
    }
}

/// Begins a session for whoever the issuer has named; the session that the browser had before ends.
#[boxed]
pub async fn enter(hub: &Hub, accepted: Accepted, former: Option<&str>) -> Result<Entered, EntryRefusal> {
    let person = format!("{PERSON}{}", accepted.subject);
    if !is_plain(&person) {
        return Err(EntryRefusal::Name);
    }
    let now = hub.clock.now();
    let token = secret::make_handle().map_err(|_| Fault::Inconsistent("the random source"))?;
    let session = Session {
        id: place(&token),
        person,
        name: accepted.name,
        roles: accepted.roles.iter().map(|role| role.to_string()).collect(),
        authorities: accepted.authorities,
        begun_at: now,
        seen_at: now,
        ends_at: now.checked_add(LONGEST).map_err(|_| Fault::Inconsistent("the clock"))?,
    };
    let mut tx = hub.store.begin().await?;
    if let Some(former) = former {
        identity::delete_session(&mut tx, &place(former)).await?;
    }
    identity::insert_session(&mut tx, &session).await?;
    tx.commit().await?;
    Ok(Entered(token.into()))
}

/// Whose session that is; `None` when there is none, or it has ended.
#[boxed]
pub async fn who(hub: &Hub, token: &str) -> Result<Option<Arc<Person>>, Fault> {
    // What is longer was made by nobody here, and is not worth a hash.
    if !is_plain(token) {
        return Ok(None);
    }
    let now = hub.clock.now();
    let mut link = hub.store.read().await?;
    let found = identity::session(&mut link, &place(token)).await?;
    let lives = |session: &Session| now < session.ends_at && now.duration_since(session.seen_at) < IDLE;
    found.filter(lives).map(|session| person(session, now).map(Arc::new)).transpose()
}

/// Notes that a session is used, so that it does not end for want of use.
#[boxed]
pub async fn note(hub: &Hub, session: &str) -> Result<(), Fault> {
    let mut tx = hub.store.begin().await?;
    identity::note_session(&mut tx, session, hub.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends a session.
#[boxed]
pub async fn leave(hub: &Hub, token: &str) -> Result<(), Fault> {
    let mut tx = hub.store.begin().await?;
    identity::delete_session(&mut tx, &place(token)).await?;
    tx.commit().await?;
    Ok(())
}

fn person(session: Session, now: Timestamp) -> Result<Person, Fault> {
    let roles = session.roles.iter().map(|role| role.parse()).collect::<Result<_, _>>();
    let roles = roles.map_err(|_| Fault::Inconsistent("a session's roles"))?;
    let principal = Principal::verified(&session.person, roles, session.authorities, session.ends_at);
    Ok(Person {
        name: session.name,
        principal: Arc::new(principal),
        signed_in_at: session.begun_at,
        session: session.id,
        unnoted: now.duration_since(session.seen_at) >= NOTED,
    })
}

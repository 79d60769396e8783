//! Reporting keys: long-lived, read-only, for tools that know no tokens. What `hub reporting-key` does, and their check.
//!
//! A key has the one role [`Role::Reporting`], which opens published tables and nothing that is live or a child's. It is sent
//! as the password of HTTP Basic, or as a bearer token.

use std::sync::Arc;

use hub_domain::{AuthorityCode, Timestamp, london_date};
use hub_store::event::{self, Event, Side};
use hub_store::identity::{self, ReportingKey};
use hub_store::{StoreError, Tx};
use jiff::SignedDuration;
use secrecy::SecretString;

use super::cache::Cache;
use super::fault::IdentityFault;
use super::principal::Principal;
use super::role::Role;
use super::{Issuer, secret};
use crate::{Hub, boxed};

/// The longest that a key may last.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(731 * 24);
/// How long a key is taken at its word before the store is asked again: a revoked one ends within it.
const MEMORY: SignedDuration = SignedDuration::from_secs(60);
/// How exactly the last use is noted.
const NOTED: SignedDuration = SignedDuration::from_hours(1);

/// A key was issued: for operators.
pub const ISSUED: &str = "reporting_key.issued";
/// A key was revoked: for operators.
pub const REVOKED: &str = "reporting_key.revoked";
/// A key was used on a day: for operators, once for each.
pub const USED: &str = "reporting_key.used";

/// A key to be issued.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// The user name it is sent with: 1 to 128 visible ASCII characters without a colon.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// From when it opens nothing.
    pub expires_at: Timestamp,
}

/// Why a key cannot be issued or revoked.
#[derive(Debug, thiserror::Error)]
pub enum ReportingRefusal {
    /// HTTP Basic ends the user name at the first colon.
    #[error("a key's id is 1 to 128 visible ASCII characters without a colon")]
    Id,
    /// It ends before it begins, or too late.
    #[error("a reporting key ends after today and within two years")]
    Ends,
    /// The id is taken. Ids are not used again, since the audit names them.
    #[error("there is already a reporting key with this id")]
    Taken,
    /// There is none, or it was revoked before.
    #[error("there is no reporting key with this id that is not revoked already")]
    Unknown,
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] IdentityFault),
}

/// Why a key that was sent opens nothing.
#[derive(Debug, thiserror::Error)]
pub enum KeyDenied {
    /// There is no such key, or it was sent with another's id.
    #[error("the reporting key is unknown")]
    Unknown,
    /// Its time is over. Told only to who has the secret.
    #[error("the reporting key ended on {}", london_date(*.0))]
    Expired(Timestamp),
    /// It was revoked. Likewise.
    #[error("the reporting key was revoked on {}", london_date(*.0))]
    Revoked(Timestamp),
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] StoreError),
}

/// A key that opens, and whether its use is to be noted.
#[derive(Debug)]
pub struct Opened {
    /// Who bears it.
    pub principal: Arc<Principal>,
    /// The key's id, when its last use was noted too long ago.
    pub unnoted: Option<String>,
}

impl From<StoreError> for ReportingRefusal {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

/// Issues a key. Its secret is in the answer and nowhere else.
#[boxed]
pub async fn issue(hub: &Hub, new: &NewKey) -> Result<SecretString, ReportingRefusal> {
    let now = hub.clock.now();
    if !super::is_plain(&new.id) || new.id.contains(':') {
        return Err(ReportingRefusal::Id);
    }
    if new.expires_at <= now || new.expires_at.duration_since(now) > LONGEST {
        return Err(ReportingRefusal::Ends);
    }
    let (shown, kept) = secret::make_reporting().map_err(IdentityFault::from)?;
    let NewKey { id, name, expires_at } = new.clone();
    let key = ReportingKey { id, name, secret: kept, created_at: now, expires_at, revoked_at: None, used_at: None };
    let mut tx = hub.store.begin().await?;
    if !identity::insert_reporting_key(&mut tx, &key).await? {
        return Err(ReportingRefusal::Taken);
    }
    let data = serde_json::json!({ "key": key.id, "name": key.name, "expires_at": key.expires_at });
    tell(&mut tx, (ISSUED, &key.id, data), hub.ids.next(), now).await?;
    tx.commit().await?;
    Ok(shown)
}

/// Ends a key: within a minute nobody reads with it.
#[boxed]
pub async fn revoke(hub: &Hub, id: &str) -> Result<(), ReportingRefusal> {
    let now = hub.clock.now();
    let mut tx = hub.store.begin().await?;
    if !identity::revoke_reporting_key(&mut tx, id, now).await? {
        return Err(ReportingRefusal::Unknown);
    }
    tell(&mut tx, (REVOKED, id, serde_json::json!({ "key": id })), hub.ids.next(), now).await?;
    Ok(tx.commit().await?)
}

/// Whether a text has the shape of a reporting key's secret, so that nobody asks the store about any other.
pub fn is_reporting_key(text: &str) -> bool {
    secret::is_reporting(text)
}

impl Issuer {
    /// Who bears this key, sent with that id or with none: from memory for a minute, else from the store.
    #[boxed]
    pub async fn open_key(&self, id: Option<&str>, offered: &str) -> Result<Opened, KeyDenied> {
        if !is_reporting_key(offered) {
            return Err(KeyDenied::Unknown);
        }
        let (now, place) = (self.clock.now(), Cache::place(offered));
        if let Some(principal) = self.reporting.recall(&place, Timestamp::UNIX_EPOCH, now) {
            let known = is_of(&principal, id).then_some(Opened { principal, unnoted: None });
            return known.ok_or(KeyDenied::Unknown);
        }
        let mut link = self.store.read().await?;
        let found = identity::reporting_key_by_secret(&mut link, &secret::hash(offered)).await?;
        drop(link);
        let key = found.ok_or(KeyDenied::Unknown)?;
        let principal = standing(&key, now)?;
        if !is_of(&principal, id) {
            return Err(KeyDenied::Unknown);
        }
        self.reporting.remember(place, &principal, Timestamp::UNIX_EPOCH, now);
        let unnoted = key.used_at.is_none_or(|used| now.duration_since(used) >= NOTED).then_some(key.id);
        Ok(Opened { principal, unnoted })
    }

    /// Notes that a key is in use: to the hour for the list of keys, to the day for the audit.
    #[boxed]
    pub async fn note_key(&self, id: &str) -> Result<(), StoreError> {
        let now = self.clock.now();
        let since = now.saturating_sub(NOTED).unwrap_or(Timestamp::MIN);
        let mut tx = self.store.begin().await?;
        if identity::note_use(&mut tx, id, now, since).await? {
            let subject = format!("{id}/{}", london_date(now));
            tell(&mut tx, (USED, &subject, serde_json::json!({ "key": id })), self.ids.next(), now).await?;
        }
        tx.commit().await
    }
}

/// The principal that a key is now.
fn standing(key: &ReportingKey, now: Timestamp) -> Result<Arc<Principal>, KeyDenied> {
    if let Some(at) = key.revoked_at {
        return Err(KeyDenied::Revoked(at));
    }
    if key.expires_at <= now {
        return Err(KeyDenied::Expired(key.expires_at));
    }
    let until = now.saturating_add(MEMORY).unwrap_or(now).min(key.expires_at);
    let roles = [Role::Reporting].into_iter().collect();
    Ok(Arc::new(Principal::verified(&named(&key.id), roles, Vec::new(), until)))
}

/// What a key is called among clients, none of which it is.
fn named(id: &str) -> String {
    format!("reporting-key:{id}")
}

fn is_of(principal: &Principal, id: Option<&str>) -> bool {
    id.is_none_or(|id| **principal.client() == *named(id))
}

/// Keeps an event for operators alone. Of one kind and subject the first stands.
async fn tell(
    tx: &mut Tx,
    (kind, subject, data): (&str, &str, serde_json::Value),
    id: uuid::Uuid,
    at: Timestamp,
) -> Result<(), StoreError> {
    let event = Event {
        authority: AuthorityCode::default(),
        id,
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        at,
        data: data.to_string(),
    };
    event::append_for(tx, &event, Side::Hub).await.map(drop)
}

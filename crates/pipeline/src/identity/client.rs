//! Clients: added, given a new credential, revoked. What `hub client` does.

use hub_domain::{AuthorityCode, Timestamp};
use hub_store::identity::{self, Client, State};
use hub_store::{Store, StoreError};
use secrecy::SecretString;

use super::client_key::{self, ClientKey, KeySetRefusal};
use super::fault::IdentityFault;
use super::role::Role;
use super::secret;
use crate::boxed;

/// How a client proves who it is.
#[derive(Debug, Clone)]
pub enum Credential {
    /// A secret that the hub makes and shows once.
    Secret,
    /// Its own public key, as a JWK or a JWK set: the better choice.
    Keys(String),
}

/// A client to be added.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// Its id in tokens and receipts: 1 to 128 visible ASCII characters.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub roles: Vec<Role>,
    /// Whom it speaks for.
    pub authorities: Vec<AuthorityCode>,
    /// How it proves who it is.
    pub credential: Credential,
}

/// Why a client cannot be added or changed.
#[derive(Debug, thiserror::Error)]
pub enum ClientRefusal {
    /// The id is empty, too long or holds other than visible ASCII.
    #[error("a client id is 1 to 128 visible ASCII characters")]
    Id,
    /// The id is taken. Ids are not used again, since receipts name them.
    #[error("there is already a client with this id")]
    Taken,
    /// No such client, or it is revoked.
    #[error("there is no active client with this id")]
    Unknown,
    /// No role was given.
    #[error("a client needs at least one role")]
    NoRole,
    /// The borough and host roles speak for an authority.
    #[error("the roles borough and host need at least one authority")]
    NoAuthority,
    /// The key set cannot be used.
    #[error(transparent)]
    Keys(#[from] KeySetRefusal),
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] IdentityFault),
}

impl From<StoreError> for ClientRefusal {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

/// Adds a client. The secret, when it has one, is in the answer and nowhere else.
#[boxed]
pub async fn add(store: &Store, new: NewClient, now: Timestamp) -> Result<Option<SecretString>, ClientRefusal> {
    if !super::is_plain(&new.id) {
        return Err(ClientRefusal::Id);
    }
    if new.roles.is_empty() {
        return Err(ClientRefusal::NoRole);
    }
    if new.authorities.is_empty() && new.roles.iter().any(|role| role.needs_authority()) {
        return Err(ClientRefusal::NoAuthority);
    }
    let (shown, kept, jwks) = credential(&new.credential)?;
    let client = Client {
        id: new.id,
        name: new.name,
        roles: new.roles.iter().map(|role| role.as_str().to_owned()).collect(),
        authorities: new.authorities,
        secret: kept,
        jwks,
        state: State::Active,
        created_at: now,
        updated_at: now,
    };
    let mut tx = store.begin().await?;
    if identity::client(&mut tx, &client.id).await?.is_some() {
        return Err(ClientRefusal::Taken);
    }
    identity::upsert_client(&mut tx, &client).await?;
    tx.commit().await?;
    Ok(shown)
}

/// Gives a client a new credential. With `keep` the one before goes on working until the next rotation, so that
/// nothing need stop while the client changes over; without it the one before ends at once.
#[boxed]
pub async fn rotate(
    store: &Store,
    id: &str,
    new: &Credential,
    keep: bool,
    now: Timestamp,
) -> Result<Option<SecretString>, ClientRefusal> {
    let (shown, kept, jwks) = credential(new)?;
    let mut tx = store.begin().await?;
    let mut client = active(identity::client(&mut tx, id).await?)?;
    if keep {
        client.secret = both(kept, client.secret);
        client.jwks = merged(jwks, client.jwks)?;
    } else {
        (client.secret, client.jwks) = (kept, jwks);
    }
    client.updated_at = now;
    identity::upsert_client(&mut tx, &client).await?;
    tx.commit().await?;
    Ok(shown)
}

/// Ends a client: it gets no more tokens, and the last it got ends within ten minutes.
#[boxed]
pub async fn revoke(store: &Store, id: &str, now: Timestamp) -> Result<(), ClientRefusal> {
    let mut tx = store.begin().await?;
    let mut client = active(identity::client(&mut tx, id).await?)?;
    client.state = State::Revoked;
    client.secret = None;
    client.jwks = None;
    client.updated_at = now;
    identity::upsert_client(&mut tx, &client).await?;
    Ok(tx.commit().await?)
}

fn active(client: Option<Client>) -> Result<Client, ClientRefusal> {
    client.filter(|client| client.state == State::Active).ok_or(ClientRefusal::Unknown)
}

/// What is shown once, the hash kept, and the key set kept.
type Parts = (Option<SecretString>, Option<Vec<u8>>, Option<String>);

fn credential(credential: &Credential) -> Result<Parts, ClientRefusal> {
    match credential {
        Credential::Secret => {
            let (shown, kept) = secret::make().map_err(IdentityFault::from)?;
            Ok((Some(shown), Some(kept), None))
        }
        Credential::Keys(text) => Ok((None, None, Some(write(&client_key::read(text)?)?))),
    }
}

/// The new hash, then the one before it.
fn both(new: Option<Vec<u8>>, old: Option<Vec<u8>>) -> Option<Vec<u8>> {
    match (new, old) {
        (Some(mut new), Some(old)) => {
            new.extend(old.iter().take(32));
            Some(new)
        }
        (new, old) => new.or(old),
    }
}

/// The new keys, then the first of those before.
fn merged(new: Option<String>, old: Option<String>) -> Result<Option<String>, ClientRefusal> {
    let (Some(new), Some(old)) = (&new, &old) else { return Ok(new.or(old)) };
    let mut keys = parse(new)?;
    keys.extend(parse(old)?.into_iter().take(1));
    Ok(Some(write(&client_key::check(keys)?)?))
}

fn parse(text: &str) -> Result<Vec<ClientKey>, IdentityFault> {
    serde_json::from_str(text).map_err(|_| IdentityFault::Material("a stored client key does not read".to_owned()))
}

fn write(keys: &[ClientKey]) -> Result<String, IdentityFault> {
    serde_json::to_string(keys).map_err(|_| IdentityFault::Material("a client key does not write".to_owned()))
}

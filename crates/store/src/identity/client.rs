//! Registered callers.

use std::fmt;

use hub_domain::{AuthorityCode, Timestamp, words};

use crate::db::{Row, args, json, statements};
use crate::{Link, StoreError, Tx};

words! {
    /// Whether a client may call.
    State("client state") {
        /// It may.
        Active = "active", "Active";
        /// It may not.
        Revoked = "revoked", "Revoked";
    }
}

statements! {
    UPSERT = "identity.upsert_client",
        "INSERT INTO client (id, name, roles, authorities, secret, jwks, state, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET name = excluded.name, \
         roles = excluded.roles, authorities = excluded.authorities, secret = excluded.secret, jwks = excluded.jwks, \
         state = excluded.state, updated_at = excluded.updated_at";
    FIND = "identity.client",
        "SELECT id, name, roles, authorities, secret, jwks, state, created_at, updated_at FROM client WHERE id = $1";
    LIST = "identity.clients",
        "SELECT id, name, roles, authorities, secret, jwks, state, created_at, updated_at FROM client";
}

/// A registered caller.
#[derive(Clone, PartialEq, Eq)]
pub struct Client {
    /// What it calls itself: `client_id`.
    pub id: String,
    /// Its name, for people.
    pub name: String,
    /// What it may do.
    pub roles: Vec<String>,
    /// For whom it may act.
    pub authorities: Vec<AuthorityCode>,
    /// Hash of its secret, if it has one.
    pub secret: Option<Vec<u8>>,
    /// Its public keys, a JSON Web Key Set, if it has any.
    pub jwks: Option<String>,
    /// Whether it may call.
    pub state: State,
    /// When it was registered. Kept as first written.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl fmt::Debug for Client {
    /// Without the secret's hash.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("id", &self.id)
            .field("roles", &self.roles)
            .field("authorities", &self.authorities)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// Registers a client, or changes all of it but when it was registered.
pub async fn upsert_client(tx: &mut Tx, client: &Client) -> Result<(), StoreError> {
    let Client { id, name, roles, authorities, secret, jwks, state, created_at, updated_at } = client;
    let (roles, authorities) = (json(roles)?, json(authorities)?);
    let values = args![
        id,
        name,
        &roles,
        &authorities,
        secret.as_deref(),
        jwks.as_deref(),
        state.as_str(),
        created_at.as_microsecond(),
        updated_at.as_microsecond(),
    ];
    tx.run(&UPSERT, values).await?;
    Ok(())
}

/// The client of this id, revoked or not.
pub async fn client(link: &mut Link, id: &str) -> Result<Option<Client>, StoreError> {
    link.maybe(&FIND, args![id]).await?.as_ref().map(read).transpose()
}

/// Every client, by id.
pub async fn clients(link: &mut Link) -> Result<Vec<Client>, StoreError> {
    let mut all: Vec<Client> = link.all(&LIST, args![]).await?.iter().map(read).collect::<Result<_, _>>()?;
    all.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(all)
}

fn read(row: &Row) -> Result<Client, StoreError> {
    Ok(Client {
        id: row.text(0)?,
        name: row.text(1)?,
        roles: row.maybe_json(2, "roles")?.unwrap_or_default(),
        authorities: row.maybe_json(3, "authority codes")?.unwrap_or_default(),
        secret: row.maybe_bytes(4)?,
        jwks: row.maybe_text(5)?,
        state: row.parsed(6, "a client's state")?,
        created_at: row.time(7)?,
        updated_at: row.time(8)?,
    })
}

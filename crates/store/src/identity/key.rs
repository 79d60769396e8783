//! The hub's own keys.

use std::fmt;

use hub_domain::Timestamp;

use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    INSERT = "identity.insert_key",
        "INSERT INTO signing_key (kid, purpose, algorithm, private, public, created_at, retired_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    KEYS = "identity.keys",
        "SELECT kid, purpose, algorithm, private, public, created_at, retired_at FROM signing_key \
         WHERE purpose = $1 ORDER BY created_at DESC, kid DESC";
    SEAL = "identity.seal_key",
        "UPDATE signing_key SET private = $2 WHERE kid = $1";
    RETIRE = "identity.retire_key",
        "UPDATE signing_key SET retired_at = $2 WHERE kid = $1 AND retired_at IS NULL";
}

/// A key that the hub signs with.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its id in the published key set.
    pub kid: String,
    /// What it signs: tokens, webhooks, receipts.
    pub purpose: String,
    /// The one algorithm it is used with.
    pub algorithm: String,
    /// The private key: PKCS#8, or sealed by whoever makes and uses keys.
    pub private: Vec<u8>,
    /// The public key, a JSON Web Key.
    pub public: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when it signs no more.
    pub retired_at: Option<Timestamp>,
}

impl fmt::Debug for SigningKey {
    /// Without the private key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .field("purpose", &self.purpose)
            .field("algorithm", &self.algorithm)
            .field("retired_at", &self.retired_at)
            .finish_non_exhaustive()
    }
}

/// Keeps a new key.
pub async fn insert_key(tx: &mut Tx, key: &SigningKey) -> Result<(), StoreError> {
    let SigningKey { kid, purpose, algorithm, private, public, created_at, retired_at } = key;
    let (made, retired) = (created_at.as_microsecond(), retired_at.map(Timestamp::as_microsecond));
    tx.run(&INSERT, args![kid, purpose, algorithm, private.as_slice(), public, made, retired]).await?;
    Ok(())
}

/// Every key of a purpose, retired ones among them, newest first.
pub async fn keys(link: &mut Link, purpose: &str) -> Result<Vec<SigningKey>, StoreError> {
    link.all(&KEYS, args![purpose]).await?.iter().map(read).collect()
}

/// Keeps a key's private half otherwise sealed. `false` when there is no such key.
pub async fn seal_key(tx: &mut Tx, kid: &str, private: &[u8]) -> Result<bool, StoreError> {
    Ok(tx.run(&SEAL, args![kid, private]).await? == 1)
}

/// Retires a key. `false` when there is none of this id, or it is retired already.
pub async fn retire_key(tx: &mut Tx, kid: &str, at: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.run(&RETIRE, args![kid, at.as_microsecond()]).await? == 1)
}

fn read(row: &Row) -> Result<SigningKey, StoreError> {
    Ok(SigningKey {
        kid: row.text(0)?,
        purpose: row.text(1)?,
        algorithm: row.text(2)?,
        private: row.bytes(3)?,
        public: row.text(4)?,
        created_at: row.time(5)?,
        retired_at: row.maybe_time(6)?,
    })
}

//! Assertions that were used: a second use is a replay.

use hub_domain::Timestamp;

use crate::db::{args, statements};
use crate::{StoreError, Tx};

statements! {
    USE = "identity.use_assertion",
        "INSERT INTO assertion (client, jti, expires_at) VALUES ($1, $2, $3) ON CONFLICT (client, jti) DO NOTHING";
    SWEEP = "identity.sweep_assertions",
        "DELETE FROM assertion WHERE expires_at <= $1";
}

/// Uses up an assertion. `false` when the client has used this `jti` before. `expires_at` is when it would be refused
/// anyway, leeway and all: until then the use is remembered.
pub async fn use_assertion(tx: &mut Tx, client: &str, jti: &str, expires_at: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.run(&USE, args![client, jti, expires_at.as_microsecond()]).await? == 1)
}

/// Forgets assertions that have run out; how many.
pub async fn sweep_assertions(tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
    tx.run(&SWEEP, args![now.as_microsecond()]).await
}

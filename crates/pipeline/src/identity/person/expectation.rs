use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub_store::identity;
use jiff::SignedDuration;

use super::place;
use crate::identity::secret;
use crate::{Fault, Hub, boxed};

/// Time to sign in at the issuer, second factor and all.
const PATIENCE: SignedDuration = SignedDuration::from_mins(15);

/// What the issuer must answer with in this browser: all of it follows from one secret of 256 bits, which the browser keeps
/// in a cookie. Whoever sees the address of the sign-in knows `state`, `nonce` and the challenge; neither tells the verifier.
#[derive(Clone)]
pub struct Expectation {
    handle: String,
    state: String,
    nonce: String,
    verifier: String,
}

impl fmt::Debug for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expectation").finish_non_exhaustive()
    }
}

impl Expectation {
    /// What follows from a cookie, whoever made it.
    pub fn of(handle: &str) -> Self {
        let part = |name: &str| URL_SAFE_NO_PAD.encode(secret::hash(&format!("{name} {handle}")));
        Self { handle: handle.to_owned(), state: part("state"), nonce: part("nonce"), verifier: part("verifier") }
    }

    /// The secret, for the cookie.
    pub fn handle(&self) -> &str {
        &self.handle
    }

    /// RFC 6749's `state`.
    pub fn state(&self) -> &str {
        &self.state
    }

    /// OpenID Connect's `nonce`.
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// RFC 7636's code verifier: 43 letters.
    pub fn verifier(&self) -> &str {
        &self.verifier
    }

    /// Its challenge, method S256.
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(secret::hash(&self.verifier))
    }

    fn id(&self) -> String {
        place(&self.handle)
    }
}

/// Begins a sign-in that will lead back to the page `to`.
#[boxed]
pub async fn begin(hub: &Hub, to: &str) -> Result<Expectation, Fault> {
    let now = hub.clock.now();
    let handle = secret::make_handle().map_err(|_| Fault::Inconsistent("the random source"))?;
    let begun = Expectation::of(&handle);
    let ends_at = now.checked_add(PATIENCE).map_err(|_| Fault::Inconsistent("the clock"))?;
    let mut tx = hub.store.begin().await?;
    identity::insert_sign_in(&mut tx, &begun.id(), to, ends_at).await?;
    tx.commit().await?;
    Ok(begun)
}

/// The page that a sign-in leads back to; `None` when it was never begun here, was begun too long ago, or was spent before.
#[boxed]
pub async fn spend(hub: &Hub, expected: &Expectation) -> Result<Option<String>, Fault> {
    let (id, now) = (expected.id(), hub.clock.now());
    let mut tx = hub.store.begin().await?;
    let to = identity::sign_in(&mut tx, &id, now).await?;
    // Of two at once only one deletes it.
    let is_first = identity::delete_sign_in(&mut tx, &id).await?;
    tx.commit().await?;
    Ok(to.filter(|_| is_first))
}

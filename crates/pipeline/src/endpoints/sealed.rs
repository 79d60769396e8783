//! The secrets of endpoints as they lie in the store: sealed under the hub's key file, as its own keys are, or as they are
//! where it has none (decision 18).

use hub_domain::AuthorityCode;
use hub_store::endpoint::{self, Endpoint};
use hub_webhook::SharedSecret;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use uuid::Uuid;

use crate::identity::Seal;
use crate::{Fault, Hub, boxed};

/// How an endpoint's secrets lie in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lying {
    /// It shares none.
    Nowhere,
    /// Sealed, and the key file opens them.
    Sealed,
    /// At least one lies as it is.
    Clear,
    /// At least one cannot be opened with the key file: nothing signs for the endpoint, or one of two signatures is missing.
    Lost,
}

/// How an endpoint's secrets lie.
pub fn lying(endpoint: &Endpoint, seal: &Seal) -> Lying {
    let name = name(endpoint.authority, endpoint.id);
    let one = |kept: &Vec<u8>| match (seal.opens(kept, &name), Seal::is_sealed(kept)) {
        (false, _) => Lying::Lost,
        (true, true) => Lying::Sealed,
        (true, false) => Lying::Clear,
    };
    endpoint.secret.iter().chain(&endpoint.old_secret).map(one).max().unwrap_or(Lying::Nowhere)
}

/// Seals the secrets that lie otherwise than they should: as they are, or under a former key of the key file. What cannot
/// be opened stays as it is, and is said. Without a key file nothing is done.
#[boxed]
pub async fn seal_again(hub: &Hub) -> Result<(), Fault> {
    if !hub.seal.is_some() {
        return Ok(());
    }
    let mut link = hub.store.read().await?;
    let all = endpoint::all(&mut link).await?;
    drop(link);
    for one in &all {
        again(hub, one).await?;
    }
    Ok(())
}

/// Another replica may rotate a secret meanwhile: only what is still there is replaced.
async fn again(hub: &Hub, one: &Endpoint) -> Result<(), Fault> {
    let (place, name) = ((one.authority, one.id), name(one.authority, one.id));
    let [present, old] =
        [&one.secret, &one.old_secret].map(|kept| Some((kept.as_deref()?, closed(hub, kept.as_deref()?, &name)?)));
    if present.is_none() && old.is_none() {
        return Ok(());
    }
    let mut tx = hub.store.begin().await?;
    if let Some((before, after)) = present {
        endpoint::seal(&mut tx, place, before, &after).await?;
    }
    if let Some((before, after)) = old {
        endpoint::seal_old(&mut tx, place, before, &after).await?;
    }
    tx.commit().await?;
    tracing::info!(endpoint = %one.id, "the secret of an endpoint was sealed");
    Ok(())
}

/// A kept secret as it should lie; `None` when it lies so, or cannot be opened.
fn closed(hub: &Hub, kept: &[u8], name: &str) -> Option<Vec<u8>> {
    match hub.seal.open(kept, name) {
        Ok(opened) if opened.is_current => None,
        Ok(opened) => hub.seal.close(&opened.private, name).ok(),
        Err(error) => {
            tracing::error!(
                name,
                error = &error as &dyn std::error::Error,
                "the secret of an endpoint cannot be opened"
            );
            None
        }
    }
}

/// A secret as it is to be kept.
pub(super) fn close(seal: &Seal, (host, id): (AuthorityCode, Uuid), secret: &SharedSecret) -> Result<Vec<u8>, Fault> {
    let text = secret.to_secret();
    let closed = seal.close(text.expose_secret().as_bytes(), &name(host, id));
    closed.map_err(|_| Fault::Inconsistent("a secret could not be sealed"))
}

/// The secrets that sign for an endpoint at `now`, the new one first; two of them during a rotation. One that cannot be
/// opened signs nothing, and the operator is told.
pub(crate) fn signing(endpoint: &Endpoint, seal: &Seal, now: Timestamp) -> Vec<SharedSecret> {
    let old = endpoint.old_secret.as_ref().filter(|_| endpoint.old_until.is_some_and(|until| now < until));
    let name = name(endpoint.authority, endpoint.id);
    let open = |kept: &Vec<u8>| {
        let opened = seal.open(kept, &name).ok()?;
        SharedSecret::parse(std::str::from_utf8(&opened.private).ok()?).ok()
    };
    let mut secrets = Vec::new();
    for kept in endpoint.secret.iter().chain(old) {
        let opened = open(kept);
        if opened.is_none() {
            tracing::error!(endpoint = %endpoint.id, "the secret of an endpoint cannot be opened: see `hub doctor`");
        }
        secrets.extend(opened);
    }
    secrets
}

/// What a secret is sealed with: no sealed secret can be put in another endpoint's place, nor in that of a key.
fn name(host: AuthorityCode, id: Uuid) -> String {
    format!("endpoint {host} {id}")
}

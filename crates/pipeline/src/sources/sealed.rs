//! The credentials of sources as they lie in the store: sealed under the hub's key file, as the secrets of endpoints are
//! (decision 18), each under its own name.

use hub_domain::AuthorityCode;
use hub_store::source::{self, Source};
use hub_webhook::Credential;
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use super::{Shows, Terms};
use crate::identity::Seal;
use crate::{Fault, Hub, boxed};

/// What a credential is sealed with: no sealed credential can be put in another source's place.
fn name(authority: AuthorityCode, id: Uuid) -> String {
    format!("source {authority} {id}")
}

/// A credential as it is to be kept.
pub(super) fn close(
    seal: &Seal,
    (authority, id): (AuthorityCode, Uuid),
    secret: &SecretString,
) -> Result<Vec<u8>, Fault> {
    let closed = seal.close(secret.expose_secret().as_bytes(), &name(authority, id));
    closed.map_err(|_| Fault::Inconsistent("a credential could not be sealed"))
}

/// The credential that a source's terms name; `None` where it cannot be opened: then nothing is asked without it.
pub(super) fn open(seal: &Seal, source: &Source, terms: &Terms) -> Option<Credential> {
    let Some(shows) = &terms.shows else { return Some(Credential::None) };
    let kept = source.secret.as_ref()?;
    let opened = seal.open(kept, &name(source.authority, source.id)).ok()?;
    let secret = SecretString::from(String::from_utf8(opened.private).ok()?);
    Some(match shows {
        Shows::Bearer => Credential::Bearer(secret),
        Shows::Basic(user) => Credential::Basic(user.clone(), secret),
    })
}

/// Seals the credentials that lie otherwise than they should: as they are, or under a former key of the key file. Without a
/// key file nothing is done.
#[boxed]
pub async fn seal_again(hub: &Hub) -> Result<(), Fault> {
    if !hub.seal.is_some() {
        return Ok(());
    }
    let mut link = hub.store.read().await?;
    let all = source::all(&mut link).await?;
    drop(link);
    for one in &all {
        let Some(kept) = &one.secret else { continue };
        let name = name(one.authority, one.id);
        let Ok(opened) = hub.seal.open(kept, &name) else {
            tracing::error!(source = %one.id, "the credential of a source cannot be opened");
            continue;
        };
        if opened.is_current {
            continue;
        }
        let closed = hub.seal.close(&opened.private, &name);
        let closed = closed.map_err(|_| Fault::Inconsistent("a credential could not be sealed"))?;
        let mut tx = hub.store.begin().await?;
        source::seal(&mut tx, (one.authority, one.id), kept, &closed).await?;
        tx.commit().await?;
    }
    Ok(())
}

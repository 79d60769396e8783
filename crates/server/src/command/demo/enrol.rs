//! What an operator does before the first night: authorities join, clients get their credentials.

use hub_demo::{CAST, Character, Role, Secrets};
use hub_domain::Dataset;
use hub_pipeline::Hub;
use hub_pipeline::feeds::MemberSettings;
use hub_pipeline::identity::{self, Credential, NewClient};
use hub_store::member::{self, Member};

use crate::command::Stop;

/// A demonstration writes an invented region: never into a hub that somebody uses.
pub(super) async fn refuse_a_hub_in_use(hub: &Hub) -> Result<(), Stop> {
    let mut link = hub.store.read().await?;
    let is_empty =
        member::senders(&mut link).await?.is_empty() && hub_store::identity::clients(&mut link).await?.is_empty();
    if is_empty {
        return Ok(());
    }
    Err(Stop::Refused(
        "this database has authorities or clients already; the demonstration wants an empty one".to_owned(),
    ))
}

/// Lets the authorities join and registers the characters; the secrets that were made for them.
pub(super) async fn enrol(hub: &Hub, characters: &[Character]) -> Result<Secrets, Stop> {
    let mut tx = hub.store.begin().await?;
    for one in &CAST {
        let feeds = if one.role == Role::Borough { Dataset::USUAL.to_vec() } else { Vec::new() };
        let member = Member {
            code: one.authority(),
            name: one.name(),
            joined_on: one.joined,
            settings: serde_json::to_string(&MemberSettings { feeds, ..MemberSettings::default() })
                .map_err(anyhow::Error::from)?,
        };
        member::upsert(&mut tx, &member).await?;
    }
    tx.commit().await?;
    let mut secrets = Secrets::new();
    for one in characters {
        let roles = one.roles.iter().map(|role| role.parse()).collect::<Result<_, _>>().map_err(anyhow::Error::from)?;
        let new = NewClient {
            id: one.id.clone(),
            name: one.name.clone(),
            roles,
            authorities: one.authorities.clone(),
            credential: one
                .key
                .as_ref()
                .map_or(Credential::Secret, |key| Credential::Keys(key.public_jwk().to_string())),
        };
        if let Some(secret) = identity::add(&hub.store, new, hub.clock.now()).await? {
            secrets.insert(one.id.clone(), secret);
        }
    }
    Ok(secrets)
}

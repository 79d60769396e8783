//! Which steps an authority hears.

use std::collections::HashMap;

use hub_domain::AuthorityCode;
use hub_notices::Step;
use hub_store::Link;
use hub_store::ladder::{self, Switch};

use crate::{Fault, Hub, boxed};

/// Stands for every authority that has no switch of its own: the code of no authority.
pub const EVERYBODY: AuthorityCode = AuthorityCode::NONE;

/// The switches as they are set.
#[derive(Debug, Clone, Default)]
pub struct Switches(HashMap<(AuthorityCode, Step), Switch>);

impl Switches {
    /// Reads them.
    pub(crate) async fn read(link: &mut Link) -> Result<Self, Fault> {
        let all = ladder::all(link).await?;
        Ok(Self(all.into_iter().map(|switch| ((switch.authority, switch.step), switch)).collect()))
    }

    /// Whether the authority hears the step: by its own switch, else by everybody's, else yes.
    pub fn is_on(&self, authority: AuthorityCode, step: Step) -> bool {
        let own = self.0.get(&(authority, step)).or_else(|| self.0.get(&(EVERYBODY, step)));
        own.is_none_or(|switch| switch.enabled)
    }

    /// The switch that somebody set for this authority itself.
    pub fn own(&self, authority: AuthorityCode, step: Step) -> Option<&Switch> {
        self.0.get(&(authority, step))
    }
}

/// The switches as they are set.
#[boxed]
pub async fn switches(hub: &Hub) -> Result<Switches, Fault> {
    Switches::read(&mut *hub.store.read().await?).await
}

/// Switches a step on or off for an authority, or for [`EVERYBODY`].
#[boxed]
pub async fn set(hub: &Hub, authority: AuthorityCode, step: Step, enabled: bool) -> Result<(), Fault> {
    let mut tx = hub.store.begin().await?;
    ladder::set(&mut tx, Switch { authority, step, enabled, changed_at: hub.clock.now() }).await?;
    tx.commit().await?;
    tracing::info!(%authority, %step, enabled, "a step of the ladder was switched");
    Ok(())
}

//! What an authority settles for itself about notices. Each change is kept, told by an event, and followed at once: the
//! notices of all its children are looked at again in the same transaction.

use std::collections::BTreeSet;

use hub_domain::{AuthorityCode, Dataset};
use hub_notices::Rules;
use hub_store::event::{self, Event};
use hub_store::{StoreError, member, notice, record, submission};
use serde_json::json;

use crate::feeds::MemberSettings;
use crate::notify::{self, Settled};
use crate::{Fault, Hub, boxed};

/// An authority changed what it has settled about notices.
pub const SETTLED: &str = "authority.settled";

/// Why nothing was settled.
#[derive(Debug, thiserror::Error)]
pub enum SettleRefusal {
    /// The authority does not take part.
    #[error("the authority does not take part")]
    NotAMember,
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StoreError> for SettleRefusal {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

/// What the authority has settled about notices; the law's own defaults where it has not.
#[boxed]
pub async fn rules(hub: &Hub, authority: AuthorityCode) -> Result<Rules, SettleRefusal> {
    let mut link = hub.store.read().await?;
    let member = member::find(&mut link, authority).await?.ok_or(SettleRefusal::NotAMember)?;
    Ok(notify::rules_of(&member))
}

/// Settles `rules` for the authority on the word of `by`, and brings its notices in line.
#[boxed]
pub async fn settle(hub: &Hub, authority: AuthorityCode, by: &str, rules: &Rules) -> Result<(), SettleRefusal> {
    let mut tx = hub.store.begin().await?;
    submission::lock(&mut tx, authority).await?;
    let mut member = member::find(&mut tx, authority).await?.ok_or(SettleRefusal::NotAMember)?;
    let before = notify::rules_of(&member);
    if before == *rules {
        return Ok(());
    }
    let agreed: MemberSettings = serde_json::from_str(&member.settings).unwrap_or_default();
    let agreed = MemberSettings { notices: rules.clone(), ..agreed };
    member.settings = serde_json::to_string(&agreed).map_err(|_| Fault::Inconsistent("a member's settings"))?;
    member::upsert(&mut tx, &member).await?;
    let id = hub.ids.next();
    let data = json!({ "by": by, "before": before, "after": rules }).to_string();
    let told = Event { authority, id, kind: SETTLED.to_owned(), subject: id.to_string(), at: hub.clock.now(), data };
    event::append(&mut tx, &told).await?;
    let mut children: BTreeSet<String> = notice::children(&mut tx, authority).await?.into_iter().collect();
    let take = |key: &str, _: &str| {
        children.extend(key.rsplit_once('/').map(|(child, _)| child.to_owned()));
        Ok(())
    };
    record::believed(&mut tx, authority, Dataset::Placements, take).await?;
    let as_at = Settled::of(hub, &mut tx, authority).await?.as_at;
    notify::derive(hub, &mut tx, authority, as_at, children, None).await?;
    tx.commit().await?;
    hub.pulse.deliveries.notify_one();
    Ok(())
}

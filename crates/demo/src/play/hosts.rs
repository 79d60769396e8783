//! The host authorities: their receivers, their inboxes, their answers.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::de::IgnoredAny;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Callers, PlayError, Stage, Trouble};
use crate::call::Page;
use crate::receiver::Receivers;
use crate::region::CAST;
use crate::story::Notice;

/// How often it is looked whether every letter has arrived.
const LOOK: Duration = Duration::from_millis(50);

/// Opens a receiver for each host that takes webhooks, and registers its address as that host would.
pub(super) async fn open(stage: &Stage, callers: &Callers) -> Result<Receivers, PlayError> {
    let mut receivers = Receivers::default();
    let hosts = CAST.iter().filter(|member| member.webhooks);
    stage.audience.act("the hosts open their receivers", hosts.clone().count() as u64);
    for member in hosts {
        let opened = receivers.open(member.authority(), &stage.base_url, Arc::clone(&stage.clock)).await;
        let url = opened.map_err(|source| PlayError::Io { what: "a receiver cannot listen", source })?;
        let _: Value =
            callers.of_member(member)?.post("/v1/endpoints", &json!({ "url": url, "scheme": "v1a" })).await?;
        stage.audience.step();
    }
    Ok(receivers)
}

/// Waits until every letter to a receiver has arrived; hosts without one read their inboxes.
pub(super) async fn settle(callers: &Callers, receivers: &Receivers, patience: Duration) -> Result<(), PlayError> {
    for member in CAST.iter().filter(|member| !member.webhooks) {
        let _: Vec<Notice> = callers.of_member(member)?.all("/v1/inbox?limit=200").await?;
    }
    let deadline = Instant::now() + patience;
    loop {
        let mut waiting = 0;
        for member in CAST.iter().filter(|member| receivers.has(member.authority())) {
            for state in ["ready", "sending"] {
                let path = format!("/v1/deliveries?authority={}&state={state}&limit=200", member.code);
                let page: Page<IgnoredAny> = callers.of_member(member)?.get(&path).await?;
                waiting += page.items.len();
            }
        }
        if waiting == 0 {
            return Ok(());
        }
        if Instant::now() >= deadline {
            return Err(PlayError::Undelivered(waiting));
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Each host acknowledges two in three of the notices that have a clock; one is disputed.
pub(super) async fn answer(callers: &Callers, trouble: &Trouble) -> Result<(), PlayError> {
    if let Some(id) = trouble.disputed {
        let note = json!({ "reason": "not_here", "note": "No such child at this home." });
        let caller = callers.of_member(trouble.host)?;
        let _: IgnoredAny = caller.post(&format!("/v1/notices/{id}/dispute"), &note).await?;
    }
    for member in &CAST {
        let caller = callers.of_member(member)?;
        let inbox: Vec<Notice> = caller.all("/v1/inbox?open=true&limit=200").await?;
        let clocked = inbox.iter().filter(|notice| notice.is_placement());
        let ids: BTreeSet<Uuid> = clocked
            .map(|notice| notice.id)
            .filter(|id| id.as_u128() % 3 != 0 && trouble.disputed != Some(*id))
            .collect();
        for id in ids {
            let _: IgnoredAny = caller.post(&format!("/v1/notices/{id}/acknowledge"), &json!({})).await?;
        }
    }
    Ok(())
}

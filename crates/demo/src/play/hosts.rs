//! The host authorities: their receivers, their inboxes, their answers.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Callers, PlayError, Stage, boroughs};
use crate::receiver::Receivers;
use crate::region::CAST;
use crate::story::Notice;

/// How often it is looked whether every notice has arrived.
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

/// Waits until every notice to a host with a receiver has arrived; hosts without one read their inboxes.
pub(super) async fn settle(callers: &Callers, receivers: &Receivers, patience: Duration) -> Result<(), PlayError> {
    for member in CAST.iter().filter(|member| !member.webhooks) {
        let _: Vec<Notice> = callers.of_member(member)?.all("/v1/inbox?limit=200").await?;
    }
    let deadline = Instant::now() + patience;
    loop {
        let mut waiting = 0;
        for member in boroughs() {
            let raised: Vec<Notice> = callers.of_member(member)?.all("/v1/notices?state=raised&limit=200").await?;
            waiting += raised.iter().filter(|notice| receivers.has(notice.host.code)).count();
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

/// Each host acknowledges two in three of the notices that have a clock.
pub(super) async fn answer(callers: &Callers) -> Result<(), PlayError> {
    #[derive(Deserialize)]
    struct Answered {}
    for member in &CAST {
        let caller = callers.of_member(member)?;
        let inbox: Vec<Notice> = caller.all("/v1/inbox?open=true&limit=200").await?;
        let clocked = inbox.iter().filter(|notice| notice.is_placement());
        let ids: BTreeSet<Uuid> = clocked.map(|notice| notice.id).filter(|id| id.as_u128() % 3 != 0).collect();
        for id in ids {
            let _: Answered = caller.post(&format!("/v1/notices/{id}/acknowledge"), &json!({})).await?;
        }
    }
    Ok(())
}

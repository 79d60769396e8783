//! A provider by its URN: what the regulator's register says of it, which is public, and the alerts that an authority was
//! told of it. What members saw, and whose children live there, stands in the published tables.

use hub_domain::record::from_body;
use hub_domain::{AuthorityCode, Dataset, RegulatorRow, Timestamp};
use hub_notices::Step;
use hub_store::event::{self, Event};
use hub_store::record;
use serde_json::Value;

use crate::identity::Tenant;
use crate::{Fault, Hub, boxed};

/// Alerts about homes; of each kind so many of the latest are looked through.
const ALERTS: [Step; 2] = [Step::Cluster, Step::Worsened];
const LATEST: i64 = 500;

/// An alert that an authority was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Who was told.
    pub authority: AuthorityCode,
    /// Of what.
    pub step: Step,
    /// When.
    pub at: Timestamp,
    /// What happened to the home, such as `suspension`; `None` where the step says it all.
    pub what: Option<String>,
    /// The day since when, as it was told.
    pub since: Option<String>,
    /// As many authorities as that, or more, place there, where that is what was told.
    pub authorities_at_least: Option<u64>,
}

/// Every entry of the register about a URN that is believed now: registration, judgements in the scales they were given in,
/// restrictions; the latest first.
#[boxed]
pub async fn register(hub: &Hub, urn: &str) -> Result<Vec<RegulatorRow>, Fault> {
    let mut link = hub.store.read().await?;
    let prefix = format!("{urn}/");
    let found = record::by_prefixes(&mut link, AuthorityCode::REGION, Dataset::Regulator, &[prefix]).await?;
    let read = |(_, body): (String, String)| {
        from_body::<RegulatorRow>(&body).map_err(|_| Fault::Inconsistent("an entry of the register"))
    };
    let mut rows = found.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    rows.retain(|row| row.urn.trim() == urn);
    rows.sort_by(|a, b| b.effective_from.cmp(&a.effective_from).then_with(|| a.aspect.cmp(&b.aspect)));
    Ok(rows)
}

/// The alerts about a URN that an authority was told as the one who places there, the latest first.
#[boxed]
pub async fn alerts(hub: &Hub, tenant: &Tenant, urn: &str) -> Result<Vec<Alert>, Fault> {
    let authority = tenant.authority();
    let mut link = hub.store.read_as(authority).await?;
    let mut alerts = Vec::new();
    for step in ALERTS {
        let told = event::latest(&mut link, authority, step.event(), LATEST).await?;
        alerts.extend(told.iter().filter_map(|event| read(step, event, urn)));
    }
    alerts.sort_by_key(|alert| std::cmp::Reverse(alert.at));
    Ok(alerts)
}

/// The alert, if it is about the URN and was told to the placing side.
fn read(step: Step, event: &Event, urn: &str) -> Option<Alert> {
    let data: Value = serde_json::from_str(&event.data).ok()?;
    let word = |name: &str| data.get(name).and_then(Value::as_str).map(str::to_owned);
    let is_about = data.pointer("/setting/urn").and_then(Value::as_str) == Some(urn);
    let audience: hub_notices::Audience = word("audience")?.parse().ok()?;
    let is_told_so = audience.side() == hub_notices::Party::Placing;
    (is_about && is_told_so).then(|| Alert {
        authority: event.authority,
        step,
        at: event.at,
        what: word("what"),
        since: word("since").or_else(|| word("on")),
        authorities_at_least: data.get("authorities_at_least").and_then(Value::as_u64),
    })
}

//! Publishing: believed records → tables → release gate → an immutable release that every replica serves from memory.

mod audience;
mod audit;
mod catalogue;
mod columnar;
mod disputes;
mod explain;
mod fold;
mod form;
mod own;
mod passage;
mod range;
mod read;
mod sheet;
mod snapshot;

pub use audience::Audience;
pub use audit::{Anew, Attack, NotThere, attack, recompute};
pub use catalogue::{Catalogue, catalogue};
pub use columnar::to_parquet;
pub use disputes::VACANCY_DISPUTED;
pub use explain::{Behind, Explanation, explain};
pub use form::Form;
pub use own::{own, own_by_version, version_of};
pub use range::{Pages, Range, range};
pub use sheet::{Column, Field, Kind, Sheet};
pub use snapshot::snapshot;

pub(crate) use fold::take;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwapOption;
use aws_lc_rs::digest::{Context, SHA256, digest};
use bytes::Bytes;
use hub_disclosure::{Gated, Policy, Refused, Stamp, Utility};
use hub_domain::{AuthorityCode, Date, Timestamp, london_date};
use hub_store::event::{self, Event};
use hub_store::release::{self, Release, TableBytes};
use hub_store::{Link, StoreError};
use hub_sufficiency::Proof;
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;

use crate::receive::hex;
use crate::{Fault, Hub, boxed};

/// A release as it is served.
#[derive(Debug)]
pub struct Published {
    /// Which release.
    pub release: Release,
    /// Its tables by name.
    pub tables: BTreeMap<String, PublishedTable>,
    /// What the catalogue says while it is served.
    catalogue: OnceCell<Catalogue>,
}

impl Published {
    /// A release with these tables.
    pub fn new(release: Release, tables: BTreeMap<String, PublishedTable>) -> Self {
        Self { release, tables, catalogue: OnceCell::new() }
    }
}

/// One table, serialised once.
#[derive(Debug, Clone)]
pub struct PublishedTable {
    /// The JSON document.
    pub json: Bytes,
    /// The CSV file.
    pub csv: Bytes,
    /// Hexadecimal SHA-256 of both.
    pub digest: String,
    /// The ETag of each, made once of the digest.
    pub tags: Tags,
    /// The Parquet file, once somebody has asked for it.
    parquet: Arc<OnceLock<Bytes>>,
}

/// Entity tags, quoted.
#[derive(Debug, Clone)]
pub struct Tags {
    /// Of the JSON document.
    pub json: Bytes,
    /// Of the CSV file.
    pub csv: Bytes,
    /// Of the Parquet file: of the figures, and of the way they are written down.
    pub parquet: Bytes,
}

/// Raised when the same table is written as other Parquet bytes.
const PARQUET_FORM: &str = "1.parquet";

impl PublishedTable {
    /// A table of these bytes and that digest.
    pub fn new(json: Vec<u8>, csv: Vec<u8>, digest: String) -> Self {
        let tag = |ending: &str| Bytes::from(format!("\"{digest}.{ending}\""));
        let tags = Tags { json: tag("json"), csv: tag("csv"), parquet: tag(PARQUET_FORM) };
        Self { json: json.into(), csv: csv.into(), digest, tags, parquet: Arc::default() }
    }

    /// Its rows, read back from the bytes that are served: nothing that is hidden there can be in them.
    ///
    /// # Errors
    /// When the bytes are no published table.
    pub fn sheet(&self) -> Result<Sheet, Fault> {
        Sheet::read(&self.json)
    }
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishRefusal {
    /// The gate could not prove that the tables may leave.
    #[error("the release gate refused")]
    Gate(#[source] Refused),
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StoreError> for PublishRefusal {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

/// The event that tells operators of a release which the gate refused.
pub const RELEASE_REFUSED: &str = "release.refused";

/// A release that the gate refused, for operators. Names cells, never what is in them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Refusal {
    /// When it was refused.
    pub at: Timestamp,
    /// The day it would have been true of.
    pub as_at: Date,
    /// Why it was to be published.
    pub reason: String,
    /// Why the gate refused it.
    pub why: String,
}

/// Publishes a release to the consortium of what is believed now. When the gate refuses, nothing is published, the release
/// before goes on being served, and operators are told.
#[boxed]
pub async fn publish(hub: &Arc<Hub>, reason: &str) -> Result<Arc<Published>, PublishRefusal> {
    publish_to(hub, Audience::Consortium, reason).await
}

/// The same to any audience.
#[boxed]
pub async fn publish_to(hub: &Arc<Hub>, to: Audience, reason: &str) -> Result<Arc<Published>, PublishRefusal> {
    let as_known = hub.clock.now();
    let as_at = london_date(as_known);
    let read = fold::believed(hub, as_known).await?;
    let basis = serde_json::to_string(&read.basis).map_err(|_| Fault::Inconsistent("a release's basis"))?;
    let material = passage::compute(hub, read.region, None).await?;
    disputes::tell(hub, &material.disagreements, as_at).await?;
    let plan =
        Plan { to, policy: to.policy(&hub.settings), as_at, as_known, reason, basis: &basis, inputs: &read.inputs };
    for _ in 0..8 {
        match attempt(hub, &plan, &material).await {
            Ok(published) => return Ok(published),
            // Another replica published at the same moment and took the number: what it showed is to be remembered too.
            Err(PublishRefusal::Fault(Fault::Store(StoreError::Unique(_) | StoreError::Retry(_)))) => {}
            Err(other) => return Err(other),
        }
    }
    Err(Fault::Inconsistent("no free release number after eight tries").into())
}

/// What a release is made of, whichever number it gets.
struct Plan<'a> {
    to: Audience,
    policy: Policy,
    as_at: Date,
    as_known: Timestamp,
    reason: &'a str,
    basis: &'a str,
    inputs: &'a fold::Inputs,
}

async fn attempt(
    hub: &Arc<Hub>,
    plan: &Plan<'_>,
    material: &Arc<passage::Material>,
) -> Result<Arc<Published>, PublishRefusal> {
    let number = next_number(hub, plan.to).await?;
    let consortium = next_number(hub, Audience::Consortium).await? - 1;
    let memory = passage::recall(hub, plan.to, number, consortium).await?;
    let gated = match passage::pass(hub, material, plan.policy, memory).await? {
        Ok(gated) => gated,
        Err(refused) => {
            let (at, as_at, reason) = (hub.clock.now(), plan.as_at, plan.reason.to_owned());
            tell(hub, Refusal { at, as_at, reason, why: refused.to_string() }).await?;
            return Err(PublishRefusal::Gate(refused));
        }
    };
    let passed = passage::packed(&gated, &plan.policy, &plan.inputs.after(consortium))?;
    let summary = summary(&gated, material.proof);
    let published = Arc::new(keep(hub, plan, &gated, (number, passed, summary)).await?);
    swap(plan.to.served(hub), &published);
    metrics::counter!("hub_releases_total").increment(1);
    tracing::info!(release = %published.release.id, number, audience = plan.to.as_str(), "published");
    Ok(published)
}

async fn next_number(hub: &Hub, audience: Audience) -> Result<i64, Fault> {
    let mut link = hub.store.read().await?;
    Ok(release::next_number(&mut link, audience.as_str()).await?)
}

/// Tells operators of a refusal.
async fn tell(hub: &Hub, refusal: Refusal) -> Result<(), Fault> {
    let id = hub.ids.next();
    let event = Event {
        authority: AuthorityCode::default(),
        id,
        kind: RELEASE_REFUSED.to_owned(),
        subject: format!("{}/{id}", refusal.as_at),
        at: refusal.at,
        data: serde_json::to_string(&refusal).map_err(|_| Fault::Inconsistent("a refusal"))?,
    };
    let mut tx = hub.store.begin().await?;
    event::append(&mut tx, &event).await?;
    tx.commit().await?;
    metrics::counter!("hub_releases_refused_total").increment(1);
    tracing::error!(why = refusal.why, "the release gate refused: the release before goes on being served");
    Ok(())
}

/// The latest refusals, latest first.
#[boxed]
pub async fn refusals(link: &mut Link, limit: i64) -> Result<Vec<Refusal>, Fault> {
    let events = event::latest(link, AuthorityCode::default(), RELEASE_REFUSED, limit).await?;
    let read = |event: Event| serde_json::from_str(&event.data).map_err(|_| Fault::Inconsistent("a refusal"));
    events.into_iter().map(read).collect()
}

/// Takes up a release that another replica has published; `true` when there was one.
#[boxed]
pub async fn refresh(hub: &Hub) -> Result<bool, Fault> {
    let mut link = hub.store.read().await?;
    let mut is_newer = false;
    for audience in Audience::ALL {
        let Some(latest) = release::latest(&mut link, audience.as_str()).await? else { continue };
        let served = audience.served(hub);
        if served.load().as_ref().is_some_and(|published| published.release.number >= latest.number) {
            continue;
        }
        let tables = release::tables(&mut link, latest.id).await?;
        swap(served, &Arc::new(serve(latest, tables)));
        is_newer = true;
    }
    Ok(is_newer)
}

/// A past release, read from the store.
#[boxed]
pub async fn find(hub: &Hub, id: uuid::Uuid) -> Result<Option<Published>, Fault> {
    let mut link = hub.store.read().await?;
    let Some(release) = release::find(&mut link, id).await? else { return Ok(None) };
    let tables = release::tables(&mut link, release.id).await?;
    Ok(Some(serve(release, tables)))
}

/// Never back: two publishes that finish in either order leave the later one shown.
fn swap(served: &ArcSwapOption<Published>, published: &Arc<Published>) {
    served.rcu(|shown| match shown {
        Some(shown) if shown.release.number >= published.release.number => Some(Arc::clone(shown)),
        _ => Some(Arc::clone(published)),
    });
}

fn serve(release: Release, tables: Vec<TableBytes>) -> Published {
    let serve = |table: TableBytes| (table.name, PublishedTable::new(table.json, table.csv, table.digest));
    Published::new(release, tables.into_iter().map(serve).collect())
}

async fn keep(
    hub: &Hub,
    plan: &Plan<'_>,
    gated: &Gated,
    (number, passed, summary): (i64, release::Passed, String),
) -> Result<Published, Fault> {
    let now = plan.as_known;
    let id = hub.ids.next();
    let tables = render(gated, &Stamp { release: id.to_string(), as_at: plan.as_at, as_known: plan.as_known });
    let mut tx = hub.store.begin().await?;
    let release = Release {
        id,
        number,
        as_at: plan.as_at,
        published_at: now,
        digest: figures(gated, plan.as_at),
        reason: plan.reason.to_owned(),
        basis: plan.basis.to_owned(),
        summary,
        audience: plan.to.as_str().to_owned(),
    };
    release::insert(&mut tx, &release, &tables).await?;
    release::remember(&mut tx, &release.audience, number, &passed).await?;
    tx.commit().await?;
    Ok(serve(release, tables))
}

fn render(gated: &Gated, stamp: &Stamp) -> Vec<TableBytes> {
    let render = |table: &hub_disclosure::GatedTable| {
        let (json, csv) = (table.to_json(stamp), table.to_csv(stamp));
        let digest = digest_of(&json, &csv);
        TableBytes { name: table.name().to_owned(), json, csv, digest }
    };
    gated.tables().iter().map(render).collect()
}

fn digest_of(json: &[u8], csv: &[u8]) -> String {
    let mut both = Context::new(&SHA256);
    both.update(json);
    both.update(csv);
    hex(both.finish().as_ref())
}

/// The digest of a release's figures: alike for two releases that say the same, whichever their ids and moments.
fn figures(gated: &Gated, as_at: hub_domain::Date) -> String {
    let nameless = Stamp { release: String::new(), as_at, as_known: Timestamp::UNIX_EPOCH };
    let all: Vec<u8> = gated.tables().iter().flat_map(|table| table.to_csv(&nameless)).collect();
    hex(digest(&SHA256, &all).as_ref())
}

/// Rows by table; how many counts there are, were hidden on their own account, hidden beside those, and held; how many costs
/// there are and are shown; the share of
/// safe counts that is shown as it is now, and the share that is held; and whether the assignment behind the market gaps is proved to be the best there is, or else
/// how many children fewer any other could leave (never how many it leaves: that is a count of children).
fn summary(gated: &Gated, proof: Proof) -> String {
    let Utility { cells, small, beside, held, costs, costs_shown } = gated.utility();
    let tables: BTreeMap<&str, usize> = gated.tables().iter().map(|table| (table.name(), table.rows().len())).collect();
    serde_json::json!({
        "rows": tables,
        "cells": cells,
        "hidden_small": small,
        "hidden_beside": beside,
        "held": held,
        "costs": costs,
        "costs_shown": costs_shown,
        "shown_per_mille_of_safe_cells": gated.utility().shown_per_mille(),
        "held_per_mille_of_safe_cells": gated.utility().held_per_mille(),
        "assignment": {
            "is_best": proof.is_best,
            "fewer_unserved_at_most": proof.unserved.saturating_sub(proof.unserved_at_least),
        },
    })
    .to_string()
}

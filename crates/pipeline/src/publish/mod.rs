//! Publishing: believed records → tables → release gate → an immutable release that every replica serves from memory.

mod fold;

pub(crate) use fold::take;

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_lc_rs::digest::{Context, SHA256, digest};
use bytes::Bytes;
use hub_disclosure::{Gated, Known, Policy, Refused, Stamp};
use hub_domain::{AuthorityCode, Date, Timestamp, london_date};
use hub_store::event::{self, Event};
use hub_store::release::{self, Release, TableBytes};
use hub_store::{Link, StoreError};
use serde::{Deserialize, Serialize};

use crate::receive::hex;
use crate::{Fault, Hub, Settings};

/// A release as it is served.
#[derive(Debug)]
pub struct Published {
    /// Which release.
    pub release: Release,
    /// Its tables by name.
    pub tables: BTreeMap<String, PublishedTable>,
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
}

/// Entity tags, quoted.
#[derive(Debug, Clone)]
pub struct Tags {
    /// Of the JSON document.
    pub json: Bytes,
    /// Of the CSV file.
    pub csv: Bytes,
}

impl PublishedTable {
    /// A table of these bytes and that digest.
    pub fn new(json: Vec<u8>, csv: Vec<u8>, digest: String) -> Self {
        let tag = |ending: &str| Bytes::from(format!("\"{digest}.{ending}\""));
        let tags = Tags { json: tag("json"), csv: tag("csv") };
        Self { json: json.into(), csv: csv.into(), digest, tags }
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

/// Publishes a release of what is believed now. When the gate refuses, nothing is published, the release before goes on
/// being served, and operators are told.
pub async fn publish(hub: &Arc<Hub>, reason: &str) -> Result<Arc<Published>, PublishRefusal> {
    let as_known = hub.clock.now();
    let as_at = london_date(as_known);
    let (region, basis) = fold::believed(hub, as_at).await?;
    let Settings { threshold, gate, .. } = hub.settings;
    let policy = Policy { threshold, ..Policy::default() };
    let gated = hub
        .blocking(move || {
            let mut picture = region.finish();
            let known = Known { shares: picture.shares(), ..Known::default() };
            gate(picture.tables(), &policy, &known)
        })
        .await?;
    let gated = match gated {
        Ok(gated) => gated,
        Err(refused) => {
            tell(hub, Refusal { at: hub.clock.now(), as_at, reason: reason.to_owned(), why: refused.to_string() })
                .await?;
            return Err(PublishRefusal::Gate(refused));
        }
    };
    let basis = serde_json::to_string(&basis).map_err(|_| Fault::Inconsistent("a release's basis"))?;
    for _ in 0..8 {
        match keep(hub, &gated, as_known, reason, &basis).await {
            Ok(published) => {
                let published = Arc::new(published);
                swap(hub, &published);
                metrics::counter!("hub_releases_total").increment(1);
                tracing::info!(release = %published.release.id, number = published.release.number, "published");
                return Ok(published);
            }
            // Another replica published at the same moment and took the number.
            Err(Fault::Store(StoreError::Unique(_) | StoreError::Retry(_))) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Err(Fault::Inconsistent("no free release number after eight tries").into())
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
pub async fn refusals(link: &mut Link, limit: i64) -> Result<Vec<Refusal>, Fault> {
    let events = event::latest(link, AuthorityCode::default(), RELEASE_REFUSED, limit).await?;
    let read = |event: Event| serde_json::from_str(&event.data).map_err(|_| Fault::Inconsistent("a refusal"));
    events.into_iter().map(read).collect()
}

/// Takes up a release that another replica has published; `true` when there was one.
pub async fn refresh(hub: &Hub) -> Result<bool, Fault> {
    let mut link = hub.store.read().await?;
    let Some(latest) = release::latest(&mut link).await? else { return Ok(false) };
    let newer = hub.published.load().as_ref().is_none_or(|published| published.release.number < latest.number);
    if !newer {
        return Ok(false);
    }
    let tables = release::tables(&mut link, latest.id).await?;
    swap(hub, &Arc::new(serve(latest, tables)));
    Ok(true)
}

/// A past release, read from the store.
pub async fn find(hub: &Hub, id: uuid::Uuid) -> Result<Option<Published>, Fault> {
    let mut link = hub.store.read().await?;
    let Some(release) = release::find(&mut link, id).await? else { return Ok(None) };
    let tables = release::tables(&mut link, release.id).await?;
    Ok(Some(serve(release, tables)))
}

/// Never back: two publishes that finish in either order leave the later one shown.
fn swap(hub: &Hub, published: &Arc<Published>) {
    hub.published.rcu(|shown| match shown {
        Some(shown) if shown.release.number >= published.release.number => Some(Arc::clone(shown)),
        _ => Some(Arc::clone(published)),
    });
}

fn serve(release: Release, tables: Vec<TableBytes>) -> Published {
    let serve = |table: TableBytes| (table.name, PublishedTable::new(table.json, table.csv, table.digest));
    Published { release, tables: tables.into_iter().map(serve).collect() }
}

async fn keep(hub: &Hub, gated: &Gated, as_known: Timestamp, reason: &str, basis: &str) -> Result<Published, Fault> {
    let now = hub.clock.now();
    let as_at = london_date(as_known);
    let id = hub.ids.next();
    let tables = render(gated, &Stamp { release: id.to_string(), as_at, as_known });
    let mut tx = hub.store.begin().await?;
    let release = Release {
        id,
        number: release::next_number(&mut tx).await?,
        as_at,
        published_at: now,
        digest: figures(gated, as_at),
        reason: reason.to_owned(),
        basis: basis.to_owned(),
        summary: summary(gated),
    };
    release::insert(&mut tx, &release, &tables).await?;
    tx.commit().await?;
    Ok(serve(release, tables))
}

fn render(gated: &Gated, stamp: &Stamp) -> Vec<TableBytes> {
    let render = |table: &hub_disclosure::GatedTable| {
        let (json, csv) = (table.to_json(stamp), table.to_csv(stamp));
        let mut both = Context::new(&SHA256);
        both.update(&json);
        both.update(&csv);
        TableBytes { name: table.name().to_owned(), json, csv, digest: hex(both.finish().as_ref()) }
    };
    gated.tables().iter().map(render).collect()
}

/// The digest of a release's figures: alike for two releases that say the same, whichever their ids and moments.
fn figures(gated: &Gated, as_at: hub_domain::Date) -> String {
    let nameless = Stamp { release: String::new(), as_at, as_known: Timestamp::UNIX_EPOCH };
    let all: Vec<u8> = gated.tables().iter().flat_map(|table| table.to_csv(&nameless)).collect();
    hex(digest(&SHA256, &all).as_ref())
}

fn summary(gated: &Gated) -> String {
    let utility = gated.utility();
    let tables: BTreeMap<&str, usize> = gated.tables().iter().map(|table| (table.name(), table.rows().len())).collect();
    serde_json::json!({ "rows": tables, "shown_per_mille_of_safe_cells": utility.shown_per_mille() }).to_string()
}

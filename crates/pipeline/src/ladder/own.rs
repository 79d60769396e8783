//! Unregistered settings in the placing authority's own area: no notice speaks of the child, the feed does.

use std::collections::{BTreeMap, BTreeSet};

use hub_domain::record::{PlacementRow, from_body};
use hub_domain::{AuthorityCode, Dataset, Date, london_date};
use hub_notices::ladder::{Unregistered, unregistered_at_home};
use hub_notices::{Notice, Step};
use hub_store::{Link, StoreError, notice, record};
use serde_json::{Map, Value, json};

use super::Switches;
use super::tell::{Sides, Word, tell};
use crate::notify::read;
use crate::validate::{EPISODE_END, PLACEMENT_LA, PLACEMENT_TYPE, text};
use crate::{Fault, Hub};

/// Whether a stored episode may be one: open, not known to be elsewhere, and not plainly registered.
pub(crate) fn may_be_unregistered(placing: AuthorityCode, body: &str) -> bool {
    let open = text(body, EPISODE_END).is_none();
    let at_home = text(body, PLACEMENT_LA).is_none_or(|host| host == placing.as_str());
    let other = || text(body, PLACEMENT_TYPE).is_some_and(|kind| kind.starts_with('Z'));
    open && at_home && (body.contains("\"unregistered\"") || body.contains("\"pending\"") || other())
}

/// Tells the placing authority of each such stay, once; how many were told.
pub(super) async fn unregistered(hub: &Hub, placing: AuthorityCode) -> Result<u64, Fault> {
    let mut link = hub.store.read().await?;
    let found = find(hub, &mut link, placing).await?;
    drop(link);
    if found.is_empty() {
        return Ok(0);
    }
    let mut tx = hub.store.begin().await?;
    let switches = Switches::read(&mut tx).await?;
    let mut told = 0;
    for one in &found {
        let spell = spell(&mut tx, placing, one, london_date(hub.clock.now())).await?;
        let subject = format!("stays/{}/{spell}", one.stay);
        let data = data(placing, one);
        let word = Word { step: Step::Unregistered, subject: &subject, also: &[], data: &data, now: hub.clock.now() };
        let sides = Sides { placing: Some(placing), host: None };
        told += tell(hub, &mut tx, &switches, &word, sides).await?.len();
    }
    tx.commit().await?;
    Ok(u64::try_from(told).unwrap_or(u64::MAX))
}

async fn find(hub: &Hub, link: &mut Link, placing: AuthorityCode) -> Result<Vec<Unregistered>, Fault> {
    let mut children: BTreeMap<String, (Vec<PlacementRow>, Vec<Notice>)> = BTreeMap::new();
    let look = |key: &str, body: &str| {
        let child = key.split_once('/').map_or(key, |(child, _)| child);
        if may_be_unregistered(placing, body) {
            children.entry(child.to_owned()).or_default();
        }
        Ok(())
    };
    record::believed(link, placing, Dataset::Placements, look).await?;
    let names: Vec<String> = children.keys().cloned().collect();
    let prefixes: Vec<String> = names.iter().map(|child| format!("{child}/")).collect();
    for (_, body) in record::by_prefixes(link, placing, Dataset::Placements, &prefixes).await? {
        let row: PlacementRow = from_body(&body).map_err(|_| StoreError::Decode("a placement"))?;
        if let Some((rows, _)) = children.get_mut(&row.child_ref) {
            rows.push(row);
        }
    }
    for row in notice::by_children(link, placing, &names).await? {
        if let Some((_, notices)) = children.get_mut(&row.child_ref) {
            notices.push(read(&row)?);
        }
    }
    let today = london_date(hub.clock.now());
    Ok(children.values().flat_map(|(rows, notices)| unregistered_at_home(placing, rows, notices, today)).collect())
}

/// The submission since which the feed has said so without a break: one that says it again after it had not begins another
/// spell.
async fn spell(link: &mut Link, placing: AuthorityCode, one: &Unregistered, today: Date) -> Result<i64, Fault> {
    let prefix = format!("{}/", one.child_ref);
    let versions = record::history(link, placing, Dataset::Placements, &prefix).await?;
    let mut rows = Vec::new();
    for version in &versions {
        let row: PlacementRow = from_body(&version.body).map_err(|_| StoreError::Decode("a placement"))?;
        rows.push((version.known_from, version.known_to.unwrap_or(i64::MAX), row));
    }
    let numbers: BTreeSet<i64> = versions.iter().flat_map(|it| [Some(it.known_from), it.known_to]).flatten().collect();
    let says = |number: &i64| {
        let then = rows.iter().filter(|(from, to, _)| from <= number && number < to);
        let then: Vec<PlacementRow> = then.map(|(_, _, row)| row.clone()).collect();
        unregistered_at_home(placing, &then, &[], today).iter().any(|it| it.stay == one.stay)
    };
    Ok(numbers.into_iter().rev().take_while(says).last().unwrap_or_default())
}

/// What the director's office learns: which stay, since when, where. Its own list says of whom.
fn data(placing: AuthorityCode, one: &Unregistered) -> Map<String, Value> {
    Map::from_iter([
        ("placing".to_owned(), json!(placing)),
        ("stay".to_owned(), json!(one.stay)),
        ("since".to_owned(), json!(one.since)),
        ("setting".to_owned(), json!(one.setting)),
        ("own_area".to_owned(), json!(true)),
        ("registration".to_owned(), json!(if one.is_pending { "pending" } else { "unregistered" })),
    ])
}

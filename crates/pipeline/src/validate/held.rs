//! A judged submission set against what is held: the contract's rules that no file can answer by itself.
//!
//! Run for a submission in its order, over the rows that it changes; a late one is compared with what later ones left.

use std::collections::{BTreeMap, HashSet};

use hub_contract::{Against, Report, Said};
use hub_store::record;
use hub_store::submission::Submission;
use hub_store::{Link, StoreError};

use super::changes::{Change, ChangeKind};
use super::{Delta, settings};
use crate::{Fault, Hub};

/// Changed rows looked at together: enough to fill a statement, few enough to hold.
const PIECE: usize = 1_000;

/// Adds to `report` what the submission contradicts of what is held. `believed`: how many records are.
pub(super) async fn compare(
    hub: &Hub,
    kept: &Submission,
    (delta, believed): (&mut Delta, u64),
    report: &mut Report,
) -> Result<(), Fault> {
    let contract = hub_contract::contract(kept.dataset);
    let Some(mut against) = Against::new(contract, &settings(kept)).filter(|_| believed > 0) else { return Ok(()) };
    let mut link = hub.store.read().await?;
    let absent: HashSet<&str> = delta.absent.iter().map(String::as_str).collect();
    let mut replay = delta.changes.replay(&delta.excluded)?;
    let mut piece = Vec::with_capacity(PIECE);
    loop {
        let mut change = Change::default();
        let is_more = replay.next_into(&mut change)?;
        if is_more && change.kind != ChangeKind::Close {
            piece.push(change);
        }
        if piece.len() == PIECE || !is_more {
            look(&mut link, kept, &piece, &absent, &mut against).await?;
            piece.clear();
        }
        if !is_more {
            break;
        }
    }
    against.finish(report);
    Ok(())
}

async fn look(
    link: &mut Link,
    kept: &Submission,
    piece: &[Change],
    absent: &HashSet<&str>,
    against: &mut Against<'_>,
) -> Result<(), StoreError> {
    let of = |kind: ChangeKind| piece.iter().filter(move |change| change.kind == kind);
    let keys: Vec<String> = of(ChangeKind::Amend).map(|change| change.key.clone()).collect();
    let amended = record::by_keys(link, kept.authority, kept.dataset, &keys).await?;
    let amended: BTreeMap<&str, &str> = amended.iter().map(|held| (&*held.key, &*held.body)).collect();
    let children: Vec<String> = of(ChangeKind::Open).map(|change| format!("{}/", child_of(&change.key))).collect();
    let held = record::by_prefixes(link, kept.authority, kept.dataset, &children).await?;
    let mut by_child: BTreeMap<&str, [Vec<&str>; 2]> = BTreeMap::new();
    for (key, body) in &held {
        let [all, missing] = by_child.entry(child_of(key)).or_default();
        all.push(body);
        missing.extend(absent.contains(&**key).then_some(&**body));
    }
    for change in piece {
        let said = Said { row: change.row, body: &change.body };
        if let Some(held) = amended.get(&*change.key) {
            against.amends(said, held);
        } else if let Some([held, missing]) = by_child.get(child_of(&change.key)) {
            against.opens(said, held, missing);
        }
    }
    Ok(())
}

/// The first part of a key: of an episode's, the child.
fn child_of(key: &str) -> &str {
    key.split('/').next().unwrap_or(key)
}

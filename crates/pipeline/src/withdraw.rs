//! Taking a submission back.

use std::collections::BTreeSet;

use hub_domain::{Dataset, london_date};
use hub_store::Tx;
use hub_store::record::{self, Version};
use hub_store::submission::{self, Decision, Expect, Submission, Verdict};

use crate::{Fault, Hub, notify};

const BATCH: usize = 2_000;

/// Undoes an applied submission under a new sequence number; `false` when it is not applied.
pub(crate) async fn withdraw(hub: &Hub, kept: &Submission) -> Result<bool, Fault> {
    if !matches!(kept.verdict, Some(Verdict::Accepted | Verdict::AcceptedWithFindings | Verdict::Superseded)) {
        return Ok(false);
    }
    let mut tx = hub.store.begin().await?;
    let seq = submission::next_seq(&mut tx, kept.authority).await?;
    let children = invert(&mut tx, kept, seq).await?;
    if kept.dataset == Dataset::Placements {
        let as_at = submission::latest_applied(&mut tx, kept.authority, kept.dataset)
            .await?
            .map_or_else(|| london_date(hub.clock.now()), |latest| latest.as_at);
        notify::derive(hub, &mut tx, kept.authority, as_at, children).await?;
    }
    let decision = Decision {
        authority: kept.authority,
        id: kept.id,
        expect: Expect::Applied,
        verdict: Verdict::Withdrawn,
        held_reason: None,
        counts: kept.counts.clone().unwrap_or_default(),
        report: None,
        at: hub.clock.now(),
    };
    if !submission::decide(&mut tx, &decision).await? {
        return Ok(false);
    }
    tx.commit().await?;
    Ok(true)
}

/// Closes what the submission opened and opens what it closed; the children touched.
async fn invert(tx: &mut Tx, kept: &Submission, seq: i64) -> Result<BTreeSet<String>, Fault> {
    let mut opened = Vec::new();
    record::opened_by(tx, kept.authority, kept.dataset, kept.seq, |version: Version| {
        opened.push(version.key);
        Ok(())
    })
    .await?;
    let mut closed = Vec::new();
    record::closed_by(tx, kept.authority, kept.dataset, kept.seq, |version: Version| {
        closed.push(version);
        Ok(())
    })
    .await?;
    for keys in opened.chunks(BATCH) {
        record::close(tx, kept.authority, kept.dataset, seq, keys).await?;
    }
    let mut children: BTreeSet<String> = opened.iter().filter_map(|key| child(key)).collect();
    for versions in closed.chunks(BATCH) {
        let keys: Vec<String> = versions.iter().map(|version| version.key.clone()).collect();
        let believed: BTreeSet<String> = record::by_keys(tx, kept.authority, kept.dataset, &keys)
            .await?
            .into_iter()
            .map(|version| version.key)
            .collect();
        let mut again: Vec<&Version> = versions.iter().filter(|version| !believed.contains(&version.key)).collect();
        again.sort_by_key(|version| version.as_at);
        for same_day in again.chunk_by(|one, next| one.as_at == next.as_at) {
            let Some(as_at) = same_day.first().map(|version| version.as_at) else { continue };
            let mut loader = record::Loader::new(kept.authority, kept.dataset, seq, as_at);
            for version in same_day {
                loader.push(tx, &version.key, version.fingerprint, &version.body).await?;
                children.extend(child(&version.key));
            }
            loader.finish(tx).await?;
        }
    }
    Ok(children)
}

fn child(key: &str) -> Option<String> {
    key.split_once('/').map(|(child, _)| child.to_owned())
}

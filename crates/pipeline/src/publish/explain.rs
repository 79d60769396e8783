//! What stands behind a figure: by which definition, under which rules, from which submissions.

use std::sync::Arc;

use hub_domain::{AuthorityCode, Dataset, Date, Mode};
use hub_store::release::{self, Release};
use hub_store::submission;
use hub_sufficiency::find_definition_version;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::audit::NotThere;
use super::fold::Basis;
use crate::{Fault, Hub, boxed};

/// A figure explained.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// The release's id.
    pub release: Uuid,
    /// Whom it is for.
    pub audience: String,
    /// The day it is true of.
    pub as_at: Date,
    /// The table.
    pub table: String,
    /// Every row that was asked for, as it was published.
    pub rows: Vec<Map<String, Value>>,
    /// The definition: id, version, and in words.
    pub definition: String,
    /// What was done to counts before they were shown.
    pub rules: Vec<String>,
    /// The submissions that the table was made of.
    pub submissions: Vec<Behind>,
}

/// A submission behind a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Behind {
    /// Who sent it.
    pub authority: AuthorityCode,
    /// What it was of.
    pub dataset: Dataset,
    /// Its number in that feed.
    pub seq: i64,
    /// Its id.
    pub submission: Uuid,
    /// `full` or `changes`.
    pub mode: String,
    /// The day it was true of.
    pub as_at: Date,
}

/// Explains the rows of a table whose labels hold every one of `words`. Whoever asks for authorities is told of their
/// submissions only; whoever runs the hub, who names none, of all.
#[boxed]
pub async fn explain(
    hub: &Arc<Hub>,
    id: Uuid,
    table: &str,
    words: &[String],
    asker: Option<&[AuthorityCode]>,
) -> Result<Explanation, NotThere> {
    let mut link = hub.store.read().await?;
    let release = release::find(&mut link, id).await?.ok_or(NotThere::Release)?;
    let served = release::tables(&mut link, id).await?.into_iter().find(|served| served.name == table);
    let served = served.ok_or_else(|| NotThere::Row(format!("the release has no table {table}")))?;
    let passed = release::passed(&mut link, &release.audience, release.number).await?;
    drop(link);
    let document: Value = serde_json::from_slice(&served.json).map_err(|_| Fault::Inconsistent("a published table"))?;
    let rows = rows(&document, words);
    if rows.is_empty() {
        return Err(NotThere::Row(format!("{table} has no row with {}", words.join(", "))));
    }
    let name = document.get("definition").and_then(Value::as_str).unwrap_or_default();
    let version = document.get("definition_version").and_then(Value::as_u64).and_then(|number| number.try_into().ok());
    let definition = version.and_then(|version| find_definition_version(name, version));
    let definition = definition.ok_or(Fault::Inconsistent("a published table's definition"))?;
    let mut submissions = behind(hub, &release, asker).await?;
    submissions.retain(|behind| definition.rests_on(behind.dataset));
    Ok(Explanation {
        release: release.id,
        audience: release.audience,
        as_at: release.as_at,
        table: table.to_owned(),
        rows,
        definition: format!("{name}, version {}: {}", definition.version, definition.words),
        rules: passed.map_or_else(Vec::new, |passed| rules(&passed.policy)),
        submissions,
    })
}

fn rows(document: &Value, words: &[String]) -> Vec<Map<String, Value>> {
    let names = |list: &str| -> Vec<&str> {
        document.get(list).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    };
    let dimensions = names("dimensions");
    let all = document.get("rows").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    let says = |row: &&Map<String, Value>| {
        let labels: Vec<&str> = dimensions.iter().filter_map(|name| row.get(*name)?.as_str()).collect();
        words.iter().all(|word| labels.iter().any(|label| label.eq_ignore_ascii_case(word.trim())))
    };
    all.filter(says).cloned().collect()
}

/// The policy in words.
fn rules(policy: &str) -> Vec<String> {
    let Ok(policy) = serde_json::from_str::<hub_disclosure::Policy>(policy) else { return Vec::new() };
    let mut rules = vec![
        format!(
            "A count from 1 to {} is hidden, and as many beside it as it takes.",
            policy.threshold.saturating_sub(1)
        ),
        format!(
            "So is one that an authority, taking its own rows away, would be left with 1 to {} of.",
            policy.threshold.saturating_sub(1)
        ),
        format!("Homes are counted where at least {} stand behind the count.", policy.contributors),
        "A rate, ratio, mean or median is shown where every count it is made of is.".to_owned(),
        format!(
            "A cost has {} children of {} authorities behind it, and none of either to be told to within {}%; where sums would \
             give one back, others are hidden beside it.",
            policy.costs.people, policy.costs.contributors, policy.costs.percent
        ),
        format!(
            "What was hidden stays hidden for {} releases; a count that has moved by fewer than {} is held as it was.",
            hub_disclosure::REMEMBERED,
            policy.threshold
        ),
    ];
    if policy.rounding > 1 {
        rules.push(format!("Counts are rounded to the nearest {}.", policy.rounding));
    }
    rules
}

/// Of each feed that was read, the last full submission that was read and the changes sent since.
async fn behind(hub: &Arc<Hub>, release: &Release, asker: Option<&[AuthorityCode]>) -> Result<Vec<Behind>, NotThere> {
    let basis: Basis = serde_json::from_str(&release.basis).map_err(|_| Fault::Inconsistent("a release's basis"))?;
    let mut found = Vec::new();
    let asked = basis.iter().filter(|(authority, _)| asker.is_none_or(|asker| asker.contains(authority)));
    for (&authority, feeds) in asked {
        // An authority's submissions are read as nobody but it.
        let mut link = match asker {
            Some(_) => hub.store.read_as(authority).await?,
            None => hub.store.read().await?,
        };
        for (&dataset, &last) in feeds {
            let mut read = submission::applied(&mut link, authority, dataset).await?;
            read.retain(|one| one.seq <= last);
            read.sort_unstable_by_key(|one| one.seq);
            let full = read.iter().rposition(|one| one.mode == Mode::Full).unwrap_or(0);
            found.extend(read.split_off(full.min(read.len())).into_iter().map(|one| Behind {
                authority,
                dataset,
                seq: one.seq,
                submission: one.id,
                mode: one.mode.as_str().to_owned(),
                as_at: one.as_at,
            }));
        }
    }
    Ok(found)
}

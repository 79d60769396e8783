//! A past release looked at again: attacked from what it shows, made anew from the records as they were known, explained.

use std::sync::Arc;

use hub_disclosure::{Audit, Cell, Known, Policy, Reading, Refused, Row, Stamp, Table, audit};
use hub_store::release::{self, Release, TableBytes};
use hub_sufficiency::Versions;
use serde_json::Value;
use uuid::Uuid;

use super::audience::Audience;
use super::fold::{self, Basis};
use super::passage::{self, Material};
use super::render;
use crate::{Fault, Hub, boxed};

/// Why a release cannot be looked at again.
#[derive(Debug, thiserror::Error)]
pub enum NotThere {
    /// There is none of that id.
    #[error("there is no release of that id")]
    Release,
    /// It was made before the gate kept what that takes.
    #[error("the release was made before the gate kept what it rests on")]
    NotKept,
    /// It has no such table, or the table no such row.
    #[error("{0}")]
    Row(String),
    /// What it rests on contradicts itself, or no longer passes.
    #[error("the records it rests on do not pass the gate")]
    Gate(#[source] Refused),
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<hub_store::StoreError> for NotThere {
    fn from(error: hub_store::StoreError) -> Self {
        Self::Fault(error.into())
    }
}

/// What attacking a release found.
#[derive(Debug)]
pub struct Attack {
    /// Which release.
    pub release: Release,
    /// Releases before it that the attackers had kept.
    pub remembered: usize,
    /// What they worked out.
    pub audit: Audit,
    /// Printed counts that are not what the records say: table, row, column.
    pub wrong: Vec<String>,
}

/// How a table of a past release comes out when it is made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anew {
    /// The same, byte for byte.
    Same,
    /// Other than it was served.
    Differs,
    /// Not at all: the version of its definition is no longer known.
    NotKept,
}

/// A release found again, with what it rests on.
pub(super) struct Found {
    pub(super) release: Release,
    pub(super) tables: Vec<TableBytes>,
    pub(super) material: Arc<Material>,
    pub(super) policy: Policy,
    pub(super) known: Known,
}

/// Attacks a release from the bytes that were served: as any reader, and as each authority that knows its own rows, each of
/// whom has kept the twelve releases before it.
#[boxed]
pub async fn attack(hub: &Arc<Hub>, id: Uuid) -> Result<Attack, NotThere> {
    let Found { release, tables, material, policy, known } = find(hub, id).await?;
    let remembered = known.memory.len();
    let done = hub.blocking(move || {
        let made = known.memory.restored(material.tables.clone());
        let Read { reading, wrong } = read(&tables, &made, &policy);
        audit(&made, &reading, &policy, &known).map(|audit| (audit, wrong))
    });
    let (audit, wrong) = done.await?.map_err(NotThere::Gate)?;
    Ok(Attack { release, remembered, audit, wrong })
}

/// Makes a release anew from the records as they were known, and says which of its tables come out other than they were
/// served, byte for byte. Each is computed by the version of its definition that it names.
#[boxed]
pub async fn recompute(hub: &Arc<Hub>, id: Uuid) -> Result<(Release, Vec<(String, Anew)>), NotThere> {
    let Found { release, tables, material, policy, known } = find(hub, id).await?;
    let gated = passage::pass(hub, &material, policy, known.memory).await?.map_err(NotThere::Gate)?;
    let Release { id, as_at, published_at: as_known, .. } = release;
    let anew = render(&gated, &Stamp { release: id.to_string(), as_at, as_known });
    let outcome = |table: &TableBytes| match anew.iter().find(|anew| anew.name == table.name) {
        None => Anew::NotKept,
        Some(anew) if (&anew.json, &anew.csv) == (&table.json, &table.csv) => Anew::Same,
        Some(_) => Anew::Differs,
    };
    let mut outcomes: Vec<_> = tables.iter().map(|table| (table.name.clone(), outcome(table))).collect();
    outcomes.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    Ok((release, outcomes))
}

pub(super) async fn find(hub: &Arc<Hub>, id: Uuid) -> Result<Found, NotThere> {
    let mut link = hub.store.read().await?;
    let release = release::find(&mut link, id).await?.ok_or(NotThere::Release)?;
    let tables = release::tables(&mut link, id).await?;
    let passed = release::passed(&mut link, &release.audience, release.number).await?.ok_or(NotThere::NotKept)?;
    drop(link);
    let audience: Audience = release.audience.parse().map_err(Fault::Inconsistent)?;
    let (policy, inputs) = passage::unpacked(&passed)?;
    let basis: Basis = serde_json::from_str(&release.basis).map_err(|_| Fault::Inconsistent("a release's basis"))?;
    let region = fold::as_known(hub, release.as_at, &basis, &inputs).await?;
    let held: Versions = tables.iter().filter_map(version).collect();
    let material = passage::compute(hub, region, Some(held)).await?;
    let memory = passage::recall(hub, audience, release.number, inputs.consortium).await?;
    let known = Known { shares: material.shares.clone(), memory };
    Ok(Found { release, tables, material, policy, known })
}

/// By which version of its definition a table was made.
fn version(table: &TableBytes) -> Option<(String, u32)> {
    let document: Value = serde_json::from_slice(&table.json).ok()?;
    let version = document.get("definition_version")?.as_u64()?;
    Some((table.name.clone(), u32::try_from(version).ok()?))
}

/// What a reader takes from the served bytes; and what is printed wrong.
#[derive(Default)]
struct Read {
    reading: Reading,
    wrong: Vec<String>,
}

fn read(served: &[TableBytes], tables: &[Table], policy: &Policy) -> Read {
    let mut read = Read::default();
    for table in tables {
        let document = served.iter().find(|bytes| bytes.name == table.name);
        let document: Value =
            document.and_then(|bytes| serde_json::from_slice(&bytes.json).ok()).unwrap_or(Value::Null);
        let printed = document.get("rows").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if printed.len() != table.rows.len() {
            read.wrong.push(format!("{}: {} rows for {}", table.name, printed.len(), table.rows.len()));
        }
        for (row, printed) in table.rows.iter().zip(printed) {
            read.take_row(table, row, printed, policy);
        }
    }
    read
}

impl Read {
    /// The attacker is given the exact count even where a rounded one is printed.
    fn take_row(&mut self, table: &Table, row: &Row, printed: &Value, policy: &Policy) {
        let held = printed.get("held").and_then(Value::as_str).unwrap_or_default();
        for (cell, column) in row.cells.iter().zip(&table.measures) {
            let figure = printed.get(column).and_then(Value::as_i64);
            let is_held = held.split(' ').any(|name| name == column);
            let (Some(figure), false) = (figure, is_held) else { continue };
            let is_right = match cell {
                Cell::Count { id, value, .. } => {
                    self.reading.shown.insert(id.clone(), *value);
                    u64::try_from(figure) == Ok(policy.rounded(*value))
                }
                Cell::Cost { id, value, .. } => {
                    self.reading.shown.insert(id.clone(), u64::try_from(*value).unwrap_or(0));
                    figure == *value
                }
                Cell::Typical { value, .. } | Cell::Figure(value) => {
                    self.reading.figures.insert(table.figure_id(row, column));
                    figure == *value
                }
                Cell::Text(_) | Cell::Blank => false,
            };
            if !is_right {
                self.wrong.push(format!("{} / {} / {column}", table.name, row.labels.join(", ")));
            }
        }
    }
}

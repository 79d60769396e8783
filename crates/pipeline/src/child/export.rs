//! Handing out all that is held of one child.

use hub_domain::{AuthorityCode, Dataset, Timestamp};
use hub_store::{notice, statement};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::find::find;
use super::{ChildRefusal, EXPORTED, subject};
use crate::audit::{self, Deed};
use crate::{Fault, Hub, boxed};

/// A version of a record, with the names of its columns.
#[derive(Clone, Serialize)]
pub struct HeldRecord {
    /// Of which dataset.
    pub dataset: Dataset,
    /// It is what is believed now.
    pub believed: bool,
    /// The business date that it was said of.
    pub as_at: String,
    /// Numbers of the submissions by which it came to be believed, and by which it was no longer.
    pub known: (i64, Option<i64>),
    /// Its columns by name, those that are blank left out.
    pub said: Map<String, Value>,
}

/// A notice with its history.
#[derive(Clone, Serialize)]
pub struct HeldNotice {
    /// Its id.
    pub id: Uuid,
    /// Whom it tells.
    pub host: AuthorityCode,
    /// Where it has got to.
    pub state: String,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// What it says.
    pub said: Value,
    /// What happened to it: kind, when, who.
    pub history: Vec<Value>,
    /// What was stated: kind, when, who, in what words.
    pub statements: Vec<Value>,
}

/// All that the hub holds of a child.
#[derive(Clone, Serialize)]
pub struct Held {
    /// Whose child.
    pub authority: AuthorityCode,
    /// The pseudonym that it was asked by.
    pub child_ref: String,
    /// When this was made.
    pub made_at: Timestamp,
    /// Every version of every record, in order of dataset and key.
    pub records: Vec<HeldRecord>,
    /// Every notice.
    pub notices: Vec<HeldNotice>,
    /// What did not agree about the child, in each wording and for each authority that was told.
    pub discrepancies: Vec<Value>,
}

macro_rules! silent {
    ($($name:ident),+) => {
        $(impl std::fmt::Debug for $name {
            /// Nothing of a child goes into a log.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        })+
    };
}
silent!(HeldRecord, HeldNotice, Held);

/// Hands out all that is held of the authority's child, and enters that it was, with who asked.
#[boxed]
pub async fn export(hub: &Hub, authority: AuthorityCode, child_ref: &str, actor: &str) -> Result<Held, ChildRefusal> {
    let now = hub.clock.now();
    let mut tx = hub.store.begin().await?;
    let found = find(&mut tx, authority, child_ref).await?;
    if found.is_nothing() {
        return Err(ChildRefusal::Unknown);
    }
    let mut records = Vec::with_capacity(found.records.len());
    for (dataset, kept) in found.records {
        let (believed, known) = (kept.known_to.is_none(), (kept.known_from, kept.known_to));
        records.push(HeldRecord { dataset, believed, as_at: kept.as_at, known, said: said(dataset, &kept.body)? });
    }
    let mut notices = Vec::with_capacity(found.notices.len());
    for row in found.notices {
        let events = notice::events(&mut tx, authority, row.id).await?;
        let statements = statement::of_notice(&mut tx, authority, row.id).await?;
        notices.push(HeldNotice {
            id: row.id,
            host: row.host,
            state: row.state.to_string(),
            raised_at: row.raised_at,
            said: read(&row.body)?,
            history: events
                .iter()
                .map(|event| json!({ "kind": event.kind.as_str(), "at": event.at, "by": event.actor }))
                .collect(),
            statements: statements
                .iter()
                .map(|one| {
                    Ok(json!({ "kind": one.kind.as_str(), "at": one.at, "by": one.client, "said": read(&one.body)? }))
                })
                .collect::<Result<_, Fault>>()?,
        });
    }
    let discrepancies = found.discrepancies.iter().map(|one| read(&one.body)).collect::<Result<Vec<_>, _>>()?;
    let detail = json!({ "records": records.len(), "notices": notices.len(), "discrepancies": discrepancies.len() });
    let deed = Deed { authority, at: now, actor, action: EXPORTED, subject: subject(child_ref), detail };
    audit::append(&mut tx, deed).await?;
    tx.commit().await?;
    Ok(Held { authority, child_ref: child_ref.to_owned(), made_at: now, records, notices, discrepancies })
}

/// A body's cells under the names of their columns.
fn said(dataset: Dataset, body: &str) -> Result<Map<String, Value>, Fault> {
    let cells: Vec<Box<RawValue>> = serde_json::from_str(body).map_err(|_| Fault::Inconsistent("a record's body"))?;
    let columns = &hub_contract::contract(dataset).columns;
    let mut members = Map::new();
    for (column, cell) in columns.iter().zip(cells) {
        let value = read(cell.get())?;
        if !value.is_null() {
            members.insert(column.name.clone(), value);
        }
    }
    Ok(members)
}

fn read(text: &str) -> Result<Value, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::Inconsistent("a stored document"))
}

//! An authority's own tables: exact, of its own records alone, kept nowhere (promise C4).

use std::sync::Arc;

use hub_disclosure::{OwnTable, Stamp, Table};
use hub_domain::{AuthorityCode, Timestamp, clock, london_date};
use hub_sufficiency::{Picture, Region};

use super::{PublishedTable, digest_of, fold};
use crate::identity::Tenant;
use crate::{Fault, Hub, boxed};

/// Times that everything is read anew because something came in meanwhile.
const TRIES: usize = 3;

/// The tables of the authority that asks, made of its own records as they are believed now. Nothing in them is anybody
/// else's, so nothing is hidden. Their bytes change with what is known and with the day, not with the moment of asking.
#[boxed]
pub async fn own(hub: &Arc<Hub>, tenant: &Tenant) -> Result<Vec<(String, PublishedTable)>, Fault> {
    make(hub, tenant.authority(), Picture::tables).await
}

/// One of them, by any version of its definition: so that two versions can be held side by side. `None` where no version of
/// that number is defined. A release holds the version in force alone: two versions of one count would tell, by their
/// difference, of the few children whom they treat differently.
#[boxed]
pub async fn own_by_version(
    hub: &Arc<Hub>,
    tenant: &Tenant,
    id: &str,
    version: u32,
) -> Result<Option<PublishedTable>, Fault> {
    version_of(hub, tenant.authority(), id, version).await
}

/// The same of any authority, for whoever runs the hub.
#[boxed]
pub async fn version_of(
    hub: &Arc<Hub>,
    authority: AuthorityCode,
    id: &str,
    version: u32,
) -> Result<Option<PublishedTable>, Fault> {
    let id = id.to_owned();
    let made = make(hub, authority, move |picture| picture.table(&id, version).into_iter().collect()).await?;
    Ok(made.into_iter().next().map(|(_, table)| table))
}

async fn make(
    hub: &Arc<Hub>,
    authority: AuthorityCode,
    tables: impl FnOnce(&Picture) -> Vec<Table> + Send + 'static,
) -> Result<Vec<(String, PublishedTable)>, Fault> {
    let (region, stamp) = read(hub, authority).await?;
    let render = move |table: OwnTable| {
        let (json, csv) = (table.to_json(&stamp), table.to_csv(&stamp));
        let digest = digest_of(&json, &csv);
        (table.name().to_owned(), PublishedTable::new(json, csv, digest))
    };
    hub.blocking(move || tables(&region.finish()).into_iter().map(OwnTable::of).map(render).collect()).await
}

/// The authority's records, and what every row says of when they were known: the last moment at which anything of it was
/// decided, or the beginning of the day where that is later.
async fn read(hub: &Hub, authority: AuthorityCode) -> Result<(Region, Stamp), Fault> {
    let as_at = london_date(hub.clock.now());
    let mut before = fold::changed(hub, authority).await?;
    for _ in 0..TRIES {
        let region = fold::own(hub, as_at, authority).await?;
        let after = fold::changed(hub, authority).await?;
        if before == after {
            let as_known = after.max(clock::london_midnight(as_at)).unwrap_or(Timestamp::UNIX_EPOCH);
            return Ok((region, Stamp { release: "own".to_owned(), as_at, as_known }));
        }
        before = after;
    }
    Err(Fault::Overtaken)
}

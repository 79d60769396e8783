//! An authority's own tables: exact, of its own records alone, kept nowhere (promise C4).

use std::sync::Arc;

use hub_disclosure::{OwnTable, Stamp};
use hub_domain::london_date;

use super::{PublishedTable, digest_of, fold};
use crate::identity::Tenant;
use crate::{Fault, Hub};

/// The tables of the authority that asks, made of its own records as they are believed now. Nothing in them is anybody
/// else's, so nothing is hidden.
pub async fn own(hub: &Arc<Hub>, tenant: &Tenant) -> Result<Vec<(String, PublishedTable)>, Fault> {
    let as_known = hub.clock.now();
    let as_at = london_date(as_known);
    let region = fold::own(hub, as_at, tenant.authority()).await?;
    let stamp = Stamp { release: "own".to_owned(), as_at, as_known };
    let render = move |table: OwnTable| {
        let (json, csv) = (table.to_json(&stamp), table.to_csv(&stamp));
        let digest = digest_of(&json, &csv);
        (table.name().to_owned(), PublishedTable::new(json, csv, digest))
    };
    hub.blocking(move || region.finish().tables().into_iter().map(OwnTable::of).map(render).collect()).await
}

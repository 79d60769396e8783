//! Homes that two authorities report differently: each is told, once a month while it stands, for each can put it right.

use hub_domain::{AuthorityCode, Date};
use hub_store::event::{self, Event};
use hub_sufficiency::Disagreement;
use serde_json::json;

use crate::{Fault, Hub};

/// Another authority reports the same home, and says otherwise. Names the columns, never what is in them.
pub const VACANCY_DISPUTED: &str = "vacancy.disputed";

/// Tells both authorities of each disagreement as the region's homes stood on `as_at`. An authority's events are one
/// transaction.
pub(super) async fn tell(hub: &Hub, disagreements: &[Disagreement], as_at: Date) -> Result<(), Fault> {
    let mut told: Vec<(AuthorityCode, &Disagreement)> =
        disagreements.iter().flat_map(|found| [(found.kept, found), (found.other, found)]).collect();
    told.sort_unstable();
    for own in told.chunk_by(|a, b| a.0 == b.0) {
        let mut tx = hub.store.begin().await?;
        for (authority, found) in own {
            event::append(&mut tx, &made(hub, *authority, found, as_at)).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

fn made(hub: &Hub, authority: AuthorityCode, found: &Disagreement, as_at: Date) -> Event {
    let Disagreement { urn, setting_ref, kept, other, columns } = found;
    let with = if authority == *kept { other } else { kept };
    let data = json!({
        "urn": urn,
        "setting_ref": setting_ref,
        "with": with,
        "counts": kept,
        "columns": columns,
        "as_at": as_at,
        "fix": "Look at the home's places together; the report with the later confirmed_at counts meanwhile.",
    });
    Event {
        authority,
        id: hub.ids.next(),
        kind: VACANCY_DISPUTED.to_owned(),
        subject: format!("{urn}/{setting_ref}/{with}/{}/{}", as_at.strftime("%Y-%m"), columns.join("+")),
        at: hub.clock.now(),
        data: data.to_string(),
    }
}

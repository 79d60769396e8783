//! What a home told, taken up by notices: one of its own where nothing else speaks of the child, and beside the placing
//! authority's where something does.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hub_domain::{AuthorityCode, Timestamp};
use hub_notices::reconcile::{Reconciled, Shells, admission_of, shells};
use hub_notices::{Notice, NoticeChange};
use hub_store::notice::{self, NoticeRow};
use uuid::Uuid;

use super::gather::Gathered;
use crate::notices::TRIES;
use crate::notify::{Hosts, RECONCILIATION, Settled, Speaker, keep, read, row, save};
use crate::{Fault, Hub};

const SPEAKER: Speaker<'static> = Speaker { actor: RECONCILIATION, statement: None, origin: None };

/// The notices of one placing authority that tonight's admissions are about.
#[derive(Default)]
struct Concerned {
    /// Those that may have to be opened, ended or taken back.
    shells: BTreeSet<Uuid>,
    /// Those that an admission was joined to, and which.
    joined: BTreeMap<Uuid, usize>,
}

/// Brings notices in line with what homes told; how many were changed.
pub(super) async fn open(hub: &Hub, gathered: &Gathered, found: &Reconciled, now: Timestamp) -> Result<usize, Fault> {
    let mut changed = 0;
    for (placing, concerned) in concerned(gathered, found) {
        let night = (gathered, found, now);
        let mut tries = 1;
        changed += loop {
            match settle(hub, placing, &concerned, night).await {
                // A person wrote to one of them meanwhile.
                Err(Fault::Overtaken) if tries < TRIES => tries += 1,
                settled => break settled?,
            }
        };
    }
    Ok(changed)
}

fn concerned(gathered: &Gathered, found: &Reconciled) -> BTreeMap<AuthorityCode, Concerned> {
    let filed = &gathered.accounts.admissions;
    let mut all: BTreeMap<AuthorityCode, Concerned> = BTreeMap::new();
    for (placing, ids) in gathered.shells.iter().filter(|(_, ids)| !ids.is_empty()) {
        all.entry(*placing).or_default().shells.extend(ids);
    }
    for filed in found.alone.iter().filter_map(|at| filed.get(*at)) {
        let Some(placing) = filed.told.placing else { continue };
        let id = Notice::id_of(placing, &filed.child_ref(), filed.told.start, filed.told.host);
        all.entry(placing).or_default().shells.insert(id);
    }
    let placed = gathered.accounts.stays.iter().chain(&gathered.accounts.notices);
    let placing: HashMap<Uuid, AuthorityCode> =
        placed.filter_map(|placed| Some((placed.id, placed.told.placing?))).collect();
    for (at, id) in &found.joined {
        if let Some(placing) = placing.get(id) {
            all.entry(*placing).or_default().joined.insert(*id, *at);
        }
    }
    all
}

async fn settle(
    hub: &Hub,
    placing: AuthorityCode,
    concerned: &Concerned,
    (gathered, found, now): (&Gathered, &Reconciled, Timestamp),
) -> Result<usize, Fault> {
    let mut tx = hub.store.begin().await?;
    let settled = Settled::of(hub, &mut tx, placing).await?;
    let ids: Vec<Uuid> = concerned.shells.iter().chain(concerned.joined.keys()).copied().collect();
    let rows = notice::by_ids(&mut tx, placing, &ids).await?;
    let held = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let night = Shells { accounts: &gathered.accounts, found, now, context: settled.context() };
    let changes = shells(placing, &held, &night);
    let events: Vec<_> = changes.iter().flat_map(NoticeChange::events).collect();
    let told = told(concerned, gathered, (&rows, &held), now)?;
    if events.is_empty() && told.is_empty() {
        return Ok(0);
    }
    save(&mut tx, &told).await?;
    keep(hub, &mut tx, &mut Hosts::default(), &events, &rows, &SPEAKER).await?;
    tx.commit().await?;
    if !events.is_empty() {
        hub.pulse.deliveries.notify_waiters();
    }
    Ok(changes.len() + told.len())
}

/// The notices that an admission was joined to and that do not say so yet. Nobody is told: the host told us.
fn told(
    concerned: &Concerned,
    gathered: &Gathered,
    (rows, held): (&[NoticeRow], &[Notice]),
    now: Timestamp,
) -> Result<Vec<NoticeRow>, Fault> {
    let mut told = Vec::new();
    for (kept, notice) in rows.iter().zip(held) {
        let filed = concerned.joined.get(&notice.id).and_then(|at| gathered.accounts.admissions.get(*at));
        let Some(filed) = filed else { continue };
        let admission = Some(admission_of(filed, notice.admission.as_ref(), now));
        if notice.admission != admission {
            told.push(row(&Notice { admission, ..notice.clone() }, Some(kept), now)?);
        }
    }
    Ok(told)
}

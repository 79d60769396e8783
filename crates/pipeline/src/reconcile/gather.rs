//! What is believed tonight, as the three accounts.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use hub_domain::codes::is_short_break;
use hub_domain::record::{AdmissionRow, PlacementRow, from_body};
use hub_domain::{AuthorityCode, Dataset, Date};
use hub_notices::reconcile::{Accounts, Filed, Placed, breaks_of, stays_of};
use hub_notices::{Context, Notice, Rules};
use hub_store::member::Member;
use hub_store::{Link, StoreError, member, notice, record, submission};
use uuid::Uuid;

use super::Members;
use crate::notify::{registered, rules_of};
use crate::validate::{LEGAL_STATUS, PLACEMENT_LA, text};
use crate::{Fault, Hub};

/// The accounts, and what is needed to act on what they do not agree about.
pub(super) struct Gathered {
    pub(super) accounts: Accounts,
    pub(super) members: Members,
    /// Ids of the notices that only a home's word stands behind, by placing authority.
    pub(super) shells: BTreeMap<AuthorityCode, Vec<Uuid>>,
}

/// Reads everything. Reads over all authorities are not one snapshot (schema rule 13): what came between is tomorrow's.
pub(super) async fn gather(hub: &Hub, night: Date) -> Result<Gathered, Fault> {
    let mut link = hub.store.read().await?;
    let members = member::all(&mut link).await?;
    let mut accounts = Accounts { as_at: Some(night), ..Accounts::default() };
    for host in &members {
        admissions(&mut link, host.code, &mut accounts).await?;
    }
    let mut gathered =
        Gathered { accounts, members: members.iter().map(|member| member.code).collect(), shells: BTreeMap::new() };
    let extra_hosts: BTreeSet<AuthorityCode> = gathered.members.iter().copied().collect();
    for placing in &members {
        let rules = registered(&rules_of(placing), &members);
        let notices = notices(&mut link, placing.code).await?;
        stays(&mut link, hub, (placing, &rules), &notices, &mut gathered.accounts).await?;
        gathered.take(placing.code, &notices);
    }
    // An authority that does not take part has no feed, but a home may name it.
    let named: BTreeSet<AuthorityCode> =
        gathered.accounts.admissions.iter().filter_map(|filed| filed.told.placing).collect();
    for outside in named.difference(&extra_hosts) {
        let notices = notices(&mut link, *outside).await?;
        gathered.take(*outside, &notices);
    }
    Ok(gathered)
}

impl Gathered {
    fn take(&mut self, placing: AuthorityCode, notices: &[Notice]) {
        self.accounts.notices.extend(notices.iter().filter_map(Placed::of_notice));
        let told = notices.iter().filter(|notice| notice.first_seen.is_none() && notice.admission.is_some());
        self.shells.insert(placing, told.map(|notice| notice.id).collect());
    }
}

async fn admissions(link: &mut Link, host: AuthorityCode, accounts: &mut Accounts) -> Result<(), Fault> {
    let applied = submission::applied(link, host, Dataset::Admissions).await?;
    let days = applied.iter().map(|applied| applied.as_at);
    let Some((first, last)) = days.clone().min().zip(days.max()) else { return Ok(()) };
    accounts.heard.admissions.insert(host, (first, last));
    let take = |_: &str, body: &str| {
        let row: AdmissionRow = from_body(body).map_err(|_| StoreError::Decode("a record"))?;
        accounts.admissions.push(Filed::of_row(host, row));
        Ok(())
    };
    Ok(record::believed(link, host, Dataset::Admissions, take).await?)
}

async fn notices(link: &mut Link, placing: AuthorityCode) -> Result<Vec<Notice>, Fault> {
    let mut notices = Vec::new();
    let take = |body: &str| {
        notices.push(serde_json::from_str(body).map_err(|_| StoreError::Decode("a notice"))?);
        Ok(())
    };
    notice::each(link, placing, take).await?;
    Ok(notices)
}

async fn stays(
    link: &mut Link,
    hub: &Hub,
    (placing, rules): (&Member, &Rules),
    notices: &[Notice],
    accounts: &mut Accounts,
) -> Result<(), Fault> {
    let Some(last) = submission::latest_applied(link, placing.code, Dataset::Placements).await? else { return Ok(()) };
    accounts.heard.placements.insert(placing.code, last.as_at);
    let told: HashSet<&str> = notices.iter().map(|notice| notice.child_ref.as_str()).collect();
    let episodes = episodes(link, placing.code, &told).await?;
    let calendar = hub.calendar();
    let context = Context { as_at: last.as_at, joined: placing.joined_on, calendar: &calendar, rules };
    accounts.stays.extend(stays_of(placing.code, &episodes, notices, &context));
    accounts.breaks.extend(breaks_of(placing.code, &episodes));
    Ok(())
}

/// Every episode of the children with a notice, an episode elsewhere or a short break: read twice, so that those who never left the
/// borough are never held in memory.
async fn episodes(link: &mut Link, placing: AuthorityCode, told: &HashSet<&str>) -> Result<Vec<PlacementRow>, Fault> {
    let mut away: HashSet<String> = told.iter().map(|child| (*child).to_owned()).collect();
    let look = |key: &str, body: &str| {
        let outside = text(body, PLACEMENT_LA).is_some_and(|host| host != placing.as_str());
        // Where a short break is the return does not say.
        let may_be = outside || text(body, LEGAL_STATUS).is_some_and(is_short_break);
        if may_be && !away.contains(child(key)) {
            away.insert(child(key).to_owned());
        }
        Ok(())
    };
    record::believed(link, placing, Dataset::Placements, look).await?;
    let mut episodes = Vec::new();
    let take = |key: &str, body: &str| {
        if away.contains(child(key)) {
            episodes.push(from_body(body).map_err(|_| StoreError::Decode("a record"))?);
        }
        Ok(())
    };
    record::believed(link, placing, Dataset::Placements, take).await?;
    Ok(episodes)
}

/// The child of a placement's key.
fn child(key: &str) -> &str {
    key.split_once('/').map_or(key, |(child, _)| child)
}

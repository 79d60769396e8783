//! Alerts about homes: each authority with a child there, and each host that knows of one, once for each cause.

use std::collections::BTreeSet;

use hub_domain::record::from_body;
use hub_domain::{AuthorityCode, Dataset, Date, QualityRow, RegulatorRow, london_date};
use hub_notices::Step;
use hub_notices::alert::{self, Cluster, Register, Reports, Resident, Rooms, Setting, Worsening};
use hub_store::notice;
use hub_store::{Link, StoreError, member, record};
use jiff::ToSpan as _;
use serde_json::{Map, Value, json};

use super::Switches;
use super::tell::{Sides, Word, tell};
use crate::notify::read;
use crate::{Fault, Hub};

/// Notices read together.
const PAGE: i64 = 2_000;

/// Stays that ended longer ago do not tell since when a home is shared.
const LOOK_BACK: i32 = 730;

/// An alert, ready to be said.
struct Alert<'a> {
    step: Step,
    subject: String,
    /// The same by other names: whoever has heard of it by one of them hears of it no more.
    also: Vec<String>,
    /// What each of them learns: that others place there, not who.
    data: Map<String, Value>,
    placing: &'a BTreeSet<AuthorityCode>,
    hosts: &'a BTreeSet<AuthorityCode>,
}

/// Alerts of small homes into which many authorities place; how many were told.
pub(super) async fn clusters(hub: &Hub) -> Result<u64, Fault> {
    let today = london_date(hub.clock.now());
    let mut link = hub.store.read().await?;
    let members: Vec<AuthorityCode> = member::all(&mut link).await?.into_iter().map(|member| member.code).collect();
    let since = today.checked_sub(LOOK_BACK.days()).unwrap_or(Date::MIN);
    let residents = residents(&mut link, since).await?;
    let mut rooms = Rooms::default();
    for member in &members {
        let take = |_: &str, body: &str| {
            rooms.add(&from_body(body).map_err(|_| StoreError::Decode("a vacancy"))?);
            Ok(())
        };
        record::believed(&mut link, *member, Dataset::Vacancies, take).await?;
    }
    drop(link);
    let rules = hub.settings.alerts;
    let found = alert::clusters(&residents, &rooms, rules, today);
    say(hub, found.iter().map(|cluster| of_cluster(cluster, rules.authorities)).collect()).await
}

/// Alerts of homes judged worse since a child went there; how many were told.
pub(super) async fn worsenings(hub: &Hub) -> Result<u64, Fault> {
    let today = london_date(hub.clock.now());
    let mut link = hub.store.read().await?;
    let members: Vec<AuthorityCode> = member::all(&mut link).await?.into_iter().map(|member| member.code).collect();
    let residents = residents(&mut link, today).await?;
    let urns: BTreeSet<&str> = residents.iter().filter_map(|resident| resident.setting.urn.as_deref()).collect();
    let mut reports = Reports { register: register(&mut link, |urn| urns.contains(urn)).await?, ..Reports::default() };
    for member in &members {
        let take = |_: &str, body: &str| {
            let event: QualityRow = from_body(body).map_err(|_| StoreError::Decode("an event of quality"))?;
            reports.members.push((*member, event));
            Ok(())
        };
        record::believed(&mut link, *member, Dataset::Quality, take).await?;
    }
    drop(link);
    let found = alert::worsenings(&residents, &reports, today);
    say(hub, found.iter().map(of_worsening).collect()).await
}

/// What the regulator's register says of the providers that are asked about: one feed, kept under the region's own code.
pub(super) async fn register(link: &mut Link, asks: impl Fn(&str) -> bool + Send + Sync) -> Result<Register, Fault> {
    let mut register = Register::default();
    let take = |_: &str, body: &str| {
        let entry: RegulatorRow = from_body(body).map_err(|_| StoreError::Decode("an entry of the register"))?;
        if asks(entry.urn.trim()) {
            register.add(entry);
        }
        Ok(())
    };
    record::believed(link, AuthorityCode::REGION, Dataset::Regulator, take).await?;
    Ok(register)
}

/// Where children live out of area, and lived until `since`, whether those who placed them take part or not.
async fn residents(link: &mut Link, since: Date) -> Result<Vec<Resident>, Fault> {
    let mut all = Vec::new();
    for placing in notice::authorities(link).await? {
        let mut after = None;
        loop {
            let page = notice::watched(link, placing, after, since, PAGE).await?;
            after = page.last().map(|row| row.id);
            for row in &page {
                all.extend(Resident::of(&read(row)?));
            }
            if i64::try_from(page.len()).is_ok_and(|rows| rows < PAGE) {
                break;
            }
        }
    }
    Ok(all)
}

/// An authority learns that so many or more place there: the exact number, told again and again, would tell of a single
/// other child's coming and going. A host finds in its register who they are.
fn of_cluster(cluster: &Cluster, at_least: usize) -> Alert<'_> {
    let mut data = about(&cluster.setting);
    data.insert("since".to_owned(), json!(cluster.since));
    data.insert("authorities_at_least".to_owned(), json!(at_least));
    let subject = format!("{}/{}", cluster.setting.id(), cluster.since);
    Alert { step: Step::Cluster, subject, also: Vec::new(), data, placing: &cluster.placing, hosts: &cluster.hosts }
}

/// Who reported it is nobody's business.
fn of_worsening(worsening: &Worsening) -> Alert<'_> {
    let mut data = about(&worsening.setting);
    data.insert("what".to_owned(), json!(worsening.what));
    data.insert("on".to_owned(), json!(worsening.on));
    if let Some(grade) = &worsening.grade {
        data.insert("grade".to_owned(), json!(grade));
    }
    let named = |on: Date| format!("{}/{}/{on}", worsening.setting.id(), worsening.what);
    let (subject, also) = (named(worsening.on), worsening.also.iter().copied().map(named).collect());
    Alert { step: Step::Worsened, subject, also, data, placing: &worsening.placing, hosts: &worsening.hosts }
}

fn about(setting: &Setting) -> Map<String, Value> {
    Map::from_iter([("setting".to_owned(), json!(setting))])
}

async fn say(hub: &Hub, alerts: Vec<Alert<'_>>) -> Result<u64, Fault> {
    if alerts.is_empty() {
        return Ok(0);
    }
    let now = hub.clock.now();
    let mut told = 0;
    let mut tx = hub.store.begin().await?;
    let switches = Switches::read(&mut tx).await?;
    for alert in &alerts {
        let word = Word { step: alert.step, subject: &alert.subject, also: &alert.also, data: &alert.data, now };
        for authority in alert.placing {
            let sides = Sides { placing: Some(*authority), host: None };
            told += tell(hub, &mut tx, &switches, &word, sides).await?.len();
        }
        for authority in alert.hosts {
            let sides = Sides { placing: None, host: Some(*authority) };
            told += tell(hub, &mut tx, &switches, &word, sides).await?.len();
        }
    }
    tx.commit().await?;
    Ok(u64::try_from(told).unwrap_or(u64::MAX))
}

//! From what changed about children's placements to what host authorities are told.
//!
//! Runs inside the transaction that changes the records: the notice, its events and the deliveries it causes are
//! committed with the rows that gave rise to them, or not at all.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hub_domain::record::{PlacementRow, from_body};
use hub_domain::{AuthorityCode, Dataset, Date, authority, london_date};
use hub_notices::payload::Origin;
use hub_notices::{Context, EventKind, Notice, NoticeData, Party, Rules, Standing, plan};
use hub_store::delivery::{self, NewDelivery};
use hub_store::endpoint::{self, Endpoint};
use hub_store::member::Member;
use hub_store::notice::{self, NoticeEvent, NoticeRow};
use hub_store::{Link, Tx, member, record, submission};
use hub_webhook::{CloudEvent, EventType, Subject};
use jiff::Timestamp;
use uuid::Uuid;

use crate::feeds::MemberSettings;
use crate::holidays::{Working, working};
use crate::{Fault, Hub, held, ladder};

/// Whoever sends a feed, in the history of a notice.
const FEED: &str = "feed";
/// The nightly reconciliation, likewise.
pub(crate) const RECONCILIATION: &str = "reconciliation";

/// Children looked at together.
const BATCH: usize = 500;

/// Brings the notices of these children in line with what is now believed of them; `batch` is the submission that
/// changed it, where one did.
pub(crate) async fn derive(
    hub: &Hub,
    tx: &mut Tx,
    placing: AuthorityCode,
    as_at: Date,
    children: BTreeSet<String>,
    batch: Option<Uuid>,
) -> Result<(), Fault> {
    let origin = match batch {
        Some(batch) => origin_of(tx, placing, batch).await?,
        None => None,
    };
    let feed = Speaker { actor: FEED, statement: None, origin: origin.as_ref() };
    let settled = Settled { as_at, ..Settled::of(hub, tx, placing).await? };
    derive_as(hub, tx, placing, (&settled, &feed), children).await
}

/// As [`derive()`], on the word of `speaker`.
pub(crate) async fn derive_as(
    hub: &Hub,
    tx: &mut Tx,
    placing: AuthorityCode,
    (settled, speaker): (&Settled, &Speaker<'_>),
    children: BTreeSet<String>,
) -> Result<(), Fault> {
    let context = settled.context();
    let mut hosts = Hosts::default();
    let children: Vec<String> = children.into_iter().collect();
    for children in children.chunks(BATCH) {
        let prefixes: Vec<String> = children.iter().map(|child| format!("{child}/")).collect();
        let rows = record::by_prefixes(tx, placing, Dataset::Placements, &prefixes).await?;
        let episodes = rows.iter().map(|(_, body)| from_body(body)).collect::<Result<Vec<PlacementRow>, _>>();
        let episodes = episodes.map_err(|_| Fault::Inconsistent("a stored placement"))?;
        let kept = notice::by_children(tx, placing, children).await?;
        let held = kept.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let mut changes = plan(placing, &held, &episodes, &context);
        for change in &mut changes {
            change.release(&held, hub.clock.now());
        }
        let events: Vec<_> = changes.iter().flat_map(hub_notices::NoticeChange::events).collect();
        keep(hub, tx, &mut hosts, &events, &kept, speaker).await?;
    }
    Ok(())
}

/// Who speaks: what the history of a notice says of an event.
pub(crate) struct Speaker<'a> {
    /// A client, a feed, the hub.
    pub(crate) actor: &'a str,
    /// Which statement on the notice, when one was made.
    pub(crate) statement: Option<i64>,
    /// The submission or the statement it comes from; `None` where the hub itself found it.
    pub(crate) origin: Option<&'a Origin>,
}

/// The submission that said it, as far as its notices tell.
async fn origin_of(tx: &mut Tx, placing: AuthorityCode, batch: Uuid) -> Result<Option<Origin>, Fault> {
    let found = submission::find(tx, placing, batch).await?;
    Ok(found.map(|found| Origin {
        source_system: found.client,
        submission: Some(batch),
        sha256: Some(found.digest),
        ..Origin::default()
    }))
}

/// What notices of one placing authority are judged by.
pub(crate) struct Settled {
    /// The business date of what is believed; today, when nothing is.
    pub(crate) as_at: Date,
    joined: Date,
    pub(crate) rules: Rules,
    pub(crate) working: Working,
}

impl Settled {
    /// As it is now.
    pub(crate) async fn of(hub: &Hub, link: &mut Link, placing: AuthorityCode) -> Result<Self, Fault> {
        let member = member::find(link, placing).await?;
        let joined = member.as_ref().map_or(Date::MIN, |member| member.joined_on);
        let agreed = member.map(|member| rules_of(&member)).unwrap_or_default();
        let members = member::all(link).await?;
        let latest = submission::latest_applied(link, placing, Dataset::Placements).await?;
        let today = london_date(hub.clock.now());
        let as_at = latest.map_or(today, |latest| latest.as_at);
        let working = working(hub, link).await?;
        // The feed describes a day that has gone; whether a host is in being is asked of the day on which it is told.
        let rules = Rules { judged_on: Some(today), ..registered(&agreed, &members) };
        Ok(Self { as_at, joined, rules, working })
    }

    /// What a plan or a statement is made against.
    pub(crate) fn context(&self) -> Context<'_> {
        Context { as_at: self.as_at, joined: self.joined, calendar: &self.working.calendar, rules: &self.rules }
    }
}

/// What a member has settled about notices; the defaults where it has not, or where it does not read.
pub(crate) fn rules_of(member: &Member) -> Rules {
    serde_json::from_str::<MemberSettings>(&member.settings).map(|agreed| agreed.notices).unwrap_or_default()
}

/// The rules with the hosts that the operator has registered, and what it said of those beyond the built-in registry.
pub(crate) fn registered(agreed: &Rules, members: &[Member]) -> Rules {
    let beyond = members.iter().filter(|member| authority::find(member.code).is_none());
    let said = |member: &Member| serde_json::from_str::<MemberSettings>(&member.settings).unwrap_or_default().described;
    Rules {
        extra_hosts: members.iter().map(|member| member.code).collect(),
        described: beyond.map(|member| (member.code, said(member))).collect(),
        ..agreed.clone()
    }
}

/// The endpoints of each host met so far.
#[derive(Default)]
pub(crate) struct Hosts(HashMap<AuthorityCode, Vec<Endpoint>>);

impl Hosts {
    async fn endpoints(&mut self, tx: &mut Tx, host: AuthorityCode) -> Result<&[Endpoint], Fault> {
        if let std::collections::hash_map::Entry::Vacant(vacant) = self.0.entry(host) {
            vacant.insert(endpoint::listening(tx, host).await?);
        }
        Ok(self.0.get(&host).map(Vec::as_slice).unwrap_or_default())
    }

    /// The letter to each endpoint of the notice's host that asks for its kind.
    pub(crate) async fn letters(
        &mut self,
        hub: &Hub,
        tx: &mut Tx,
        notice: &Notice,
        letter: &Letter,
    ) -> Result<Vec<NewDelivery>, Fault> {
        let now = hub.clock.now();
        let body = letter.body(hub, notice.id, now)?;
        let kind = format!("notice.{}", letter.kind);
        let endpoints = self.endpoints(tx, notice.host).await?;
        let wanted = endpoints.iter().filter(|endpoint| endpoint.wants(&kind));
        let delivery = |endpoint: &Endpoint| NewDelivery {
            authority: notice.host,
            id: hub.ids.next(),
            endpoint: endpoint.id,
            event_id: letter.id,
            event_type: event_type(letter.kind).as_str().to_owned(),
            placing: notice.placing,
            notice: notice.id,
            body: body.clone(),
            next_at: now,
            now,
        };
        Ok(wanted.map(delivery).collect())
    }
}

/// What a host is sent of one event.
pub(crate) struct Letter {
    pub(crate) kind: EventKind,
    /// The same at every attempt, and never with two bodies (promise D5).
    pub(crate) id: Uuid,
    pub(crate) data: NoticeData,
}

impl Letter {
    fn body(&self, hub: &Hub, notice: Uuid, now: Timestamp) -> Result<String, Fault> {
        let bad = |_| Fault::Inconsistent("a notice");
        let data = serde_json::value::to_raw_value(&self.data).map_err(bad)?;
        let base = hub.settings.base_url.trim_end_matches('/');
        let event = CloudEvent::new(self.id, base, event_type(self.kind), now, data)
            .about(Subject::notice(notice))
            .described_at(&format!("{base}/openapi.json#/components/schemas/NoticeData"));
        String::from_utf8(event.to_body().map_err(bad)?).map_err(|_| Fault::Inconsistent("a notice"))
    }
}

/// Keeps notices as events leave them, their history, and what is to be delivered.
pub(crate) async fn keep(
    hub: &Hub,
    tx: &mut Tx,
    hosts: &mut Hosts,
    events: &[hub_notices::Event<'_>],
    kept: &[NoticeRow],
    speaker: &Speaker<'_>,
) -> Result<(), Fault> {
    let now = hub.clock.now();
    let kept: HashMap<Uuid, &NoticeRow> = kept.iter().map(|row| (row.id, row)).collect();
    // A notice that two events are about is written as the last leaves it.
    let mut rows: BTreeMap<Uuid, NoticeRow> = BTreeMap::new();
    for event in events {
        rows.insert(event.notice.id, row(event.notice, kept.get(&event.notice.id).copied(), now)?);
    }
    save(tx, &rows.into_values().collect::<Vec<_>>()).await?;
    let history: Vec<NoticeEvent> = events.iter().map(|event| history(event, now, speaker)).collect();
    notice::append_events(tx, &history).await?;
    let mut deliveries = Vec::new();
    for event in events.iter().filter(|event| event.to_host) {
        let (kind, notice) = (event.kind, event.notice);
        let data = NoticeData { origin: speaker.origin.cloned(), ..NoticeData::of(kind, notice) };
        let letter = Letter { kind, id: notice.event_id(kind), data };
        deliveries.extend(hosts.letters(hub, tx, notice, &letter).await?);
    }
    delivery::enqueue_many(tx, &deliveries).await?;
    held::tell(hub, tx, events, &kept).await?;
    ladder::ask(hub, tx, events.iter().map(|event| event.notice)).await?;
    metrics::counter!("hub_notice_events_total").increment(events.len() as u64);
    Ok(())
}

/// `uk.sufficiencyhub.notice.raised.v1` and its siblings.
pub(crate) fn event_type(kind: EventKind) -> EventType {
    EventType::new(&format!("notice.{kind}"), 1)
}

/// Writes notices; a host's answer that came between the reading and the writing sends the whole work round again.
pub(crate) async fn save(tx: &mut Tx, rows: &[NoticeRow]) -> Result<(), Fault> {
    if notice::save_many(tx, rows).await?.is_empty() { Ok(()) } else { Err(Fault::Overtaken) }
}

/// A notice as the store keeps it; `kept` is the row it replaces.
pub(crate) fn row(notice: &Notice, kept: Option<&NoticeRow>, now: Timestamp) -> Result<NoticeRow, Fault> {
    let version = i64::from(notice.version);
    // The same words, issued before: the host has had as long to read them as it had.
    let before = kept.filter(|kept| kept.issued && kept.version == version);
    let issued_at = before.map_or(Some(now), |kept| kept.issued_at).filter(|_| notice.issued);
    Ok(NoticeRow {
        authority: notice.placing,
        id: notice.id,
        host: notice.host,
        child_ref: notice.child_ref.clone(),
        state: notice.state,
        live: notice.state.is_live(),
        issued: notice.issued,
        version,
        revision: kept.map_or(0, |kept| kept.revision),
        class: notice.terms.class.as_str().to_owned(),
        started_on: notice.there_from(),
        ended_on: notice.ending.as_ref().map(|ending| ending.on),
        standing: notice.standing(),
        given_at: notice.given_at(),
        due_at: notice.deadline.map(|deadline| deadline.due_at),
        body: serde_json::to_string(notice).map_err(|_| Fault::Inconsistent("a notice"))?,
        raised_at: kept.map_or(now, |kept| kept.raised_at),
        updated_at: now,
        issued_at,
        delivered_version: kept.map_or(0, |kept| kept.delivered_version),
        late_version: kept.map_or(0, |kept| kept.late_version),
    })
}

/// The notice that a stored row holds.
pub(crate) fn read(row: &NoticeRow) -> Result<Notice, Fault> {
    serde_json::from_str(&row.body).map_err(|_| Fault::Inconsistent("a stored notice"))
}

fn history(event: &hub_notices::Event<'_>, now: Timestamp, speaker: &Speaker<'_>) -> NoticeEvent {
    let mut detail = serde_json::Map::from_iter([("version".to_owned(), event.notice.version.into())]);
    detail.extend(speaker.statement.map(|n| ("statement".to_owned(), n.into())));
    if let Some(origin) = speaker.origin {
        detail.insert("source_system".to_owned(), origin.source_system.clone().into());
        detail.extend(origin.submission.map(|id| ("submission".to_owned(), id.to_string().into())));
        detail.extend(origin.signed_by.clone().map(|key| ("signed_by".to_owned(), key.into())));
        detail.extend(origin.sha256.clone().map(|digest| ("sha256".to_owned(), digest.into())));
    }
    NoticeEvent {
        authority: event.notice.placing,
        notice: event.notice.id,
        n: 0,
        kind: event.kind,
        at: now,
        actor: speaker.actor.to_owned(),
        side: side(event, speaker),
        detail: serde_json::Value::from(detail).to_string(),
    }
}

/// On whose side an event is. Nobody at the placing authority raised what the hub opened itself: for a home's word alone, or
/// because a feed shows a child of whom no notice was given.
fn side(event: &hub_notices::Event<'_>, speaker: &Speaker<'_>) -> Party {
    let opened = speaker.actor == FEED && event.notice.standing() == Standing::PresumedMissing;
    if speaker.actor == RECONCILIATION || speaker.actor == held::ACTOR || opened {
        return Party::Hub;
    }
    event.kind.owner()
}

//! What the two sides do with notices: read, open, acknowledge, query, dispute; and see what was attempted.

use std::collections::{BTreeMap, BTreeSet};

use hub_domain::{AuthorityCode, Timestamp};
use hub_notices::{Clock, EventKind, Notice, NoticeState, Party, Refusal, SealedPart, apply, clocks};
use hub_store::delivery::{self, Attempt, Delivery};
use hub_store::notice::{self, Filter, NoticeEvent, NoticeRow};
use hub_store::statement::{self, StatementRow};
use hub_store::{Link, StoreError, Tx};
use uuid::Uuid;

use crate::notify::{read, row, save};
use crate::{Fault, Hub};

/// How often a write that met another is tried again.
pub(crate) const TRIES: usize = 5;

/// Why a host's word on a notice is not taken.
#[derive(Debug, thiserror::Error)]
pub enum AnswerRefusal {
    /// There is none, or it is not this host's.
    #[error("no such notice")]
    NotFound,
    /// The notice's state does not allow it.
    #[error(transparent)]
    State(Refusal),
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StoreError> for AnswerRefusal {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

/// A notice with its history.
#[derive(Debug, Clone)]
pub struct Known {
    /// The notice.
    pub notice: Notice,
    /// When the hub first had it.
    pub raised_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// What happened, oldest first.
    pub events: Vec<NoticeEvent>,
    /// What the placing authority stated, oldest first.
    pub statements: Vec<StatementRow>,
}

impl Known {
    /// Its clocks, as they stand now.
    pub fn clocks(&self, hub: &Hub) -> Vec<Clock> {
        clocks(&self.notice, hub.clock.now(), &hub.calendar(), &hub.settings.rules)
    }
}

/// A host's inbox, newest first. What the host has read there counts as delivered: its own read is its receipt.
pub async fn inbox(hub: &Hub, host: AuthorityCode, filter: &Filter) -> Result<Vec<Known>, Fault> {
    let mut link = hub.store.read_as(host).await?;
    let mut rows = notice::inbox(&mut link, host, filter).await?;
    drop(link);
    let unread: Vec<_> = rows.iter().filter(|row| row.state == NoticeState::Raised).cloned().collect();
    let mut receipts: BTreeMap<Uuid, NoticeRow> = match receipt(hub, unread).await {
        Ok(marked) => marked.into_iter().map(|row| (row.id, row)).collect(),
        // Somebody else is writing to one of them; the next read will be its receipt.
        Err(Fault::Overtaken) => BTreeMap::new(),
        Err(fault) => return Err(fault),
    };
    for row in &mut rows {
        if let Some(marked) = receipts.remove(&row.id) {
            *row = marked;
        }
    }
    known(rows)
}

async fn receipt(hub: &Hub, unread: Vec<NoticeRow>) -> Result<Vec<NoticeRow>, Fault> {
    if unread.is_empty() {
        return Ok(unread);
    }
    let mut tx = hub.store.begin().await?;
    let marked = mark(&mut tx, unread, "inbox", hub.clock.now()).await?;
    tx.commit().await?;
    Ok(marked)
}

/// What an authority has given notice of, newest first.
pub async fn sent(hub: &Hub, placing: AuthorityCode, filter: &Filter) -> Result<Vec<Known>, Fault> {
    let mut link = hub.store.read_as(placing).await?;
    known(notice::sent(&mut link, placing, filter).await?)
}

fn known(rows: Vec<NoticeRow>) -> Result<Vec<Known>, Fault> {
    let known = |row: NoticeRow| {
        let (raised_at, updated_at) = (row.raised_at, row.updated_at);
        Ok(Known { notice: read(&row)?, raised_at, updated_at, events: Vec::new(), statements: Vec::new() })
    };
    rows.into_iter().map(known).collect()
}

/// One notice with its history, for the authority that placed the child or the one that hosts it; to anyone else it is
/// not there.
pub async fn find(hub: &Hub, reader: AuthorityCode, id: Uuid) -> Result<Option<Known>, Fault> {
    let mut link = hub.store.read_as(reader).await?;
    let mut found = notice::find(&mut link, reader, id).await?;
    if found.is_none() {
        found = notice::find_for_host(&mut link, reader, id).await?;
    }
    let Some(row) = found else { return Ok(None) };
    Ok(Some(whole(&mut link, &row).await?))
}

/// A notice with all that is kept of it.
pub(crate) async fn whole(link: &mut Link, row: &NoticeRow) -> Result<Known, Fault> {
    let events = notice::events(link, row.authority, row.id).await?;
    let statements = statement::of_notice(link, row.authority, row.id).await?;
    Ok(Known { notice: read(row)?, raised_at: row.raised_at, updated_at: row.updated_at, events, statements })
}

/// One notice as its host reads it: the reading is the receipt.
pub async fn seen(hub: &Hub, host: AuthorityCode, id: Uuid) -> Result<Option<Known>, Fault> {
    let mut link = hub.store.read_as(host).await?;
    let Some(row) = notice::find_for_host(&mut link, host, id).await? else { return Ok(None) };
    drop(link);
    if row.state == NoticeState::Raised {
        match receipt(hub, vec![row]).await {
            // Somebody else is writing to it; the next read will be its receipt.
            Ok(_) | Err(Fault::Overtaken) => {}
            Err(fault) => return Err(fault),
        }
    }
    find(hub, host, id).await
}

/// The attempts to deliver a notice, by delivery, for either side.
pub async fn attempts(
    hub: &Hub,
    reader: AuthorityCode,
    id: Uuid,
) -> Result<Option<Vec<(Delivery, Vec<Attempt>)>>, Fault> {
    let Some(known) = find(hub, reader, id).await? else { return Ok(None) };
    let mut link = hub.store.read_as(reader).await?;
    let mut all = Vec::new();
    for delivery in delivery::by_notice(&mut link, known.notice.host, id).await? {
        let attempts = delivery::attempts(&mut link, known.notice.host, delivery.id).await?;
        all.push((delivery, attempts));
    }
    Ok(Some(all))
}

/// What a host says of a notice.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The host.
    pub host: AuthorityCode,
    /// Who at the host.
    pub client: String,
    /// `Opened`, `Acknowledged`, `Queried` or `Disputed`.
    pub kind: EventKind,
    /// In words, for the placing authority.
    pub note: Option<String>,
}

/// Records what a host says of a notice. Saying it again changes nothing.
pub async fn answer(hub: &Hub, id: Uuid, said: &Answer) -> Result<Known, AnswerRefusal> {
    let mut tries = 0;
    loop {
        match record(hub, id, said).await {
            // The placing authority's feed, or a delivery, touched the notice at the same moment.
            Err(AnswerRefusal::Fault(fault)) if fault.is_retryable() && tries < TRIES => tries += 1,
            done => return done,
        }
    }
}

async fn record(hub: &Hub, id: Uuid, answer: &Answer) -> Result<Known, AnswerRefusal> {
    let now = hub.clock.now();
    let mut tx = hub.store.begin().await?;
    let found = notice::find_for_host(&mut tx, answer.host, id).await?.ok_or(AnswerRefusal::NotFound)?;
    let mut told = read(&found)?;
    let next = apply(Some(told.state), Party::Host, answer.kind).map_err(|refusal| match refusal {
        Refusal::NotNow { state: NoticeState::Held, .. } => AnswerRefusal::NotFound,
        refusal @ (Refusal::NotNow { .. } | Refusal::NotTheirs { .. } | Refusal::NoNotice { .. }) => {
            AnswerRefusal::State(refusal)
        }
    })?;
    if next != told.state {
        told.state = next;
        let said = event(&told, answer.kind, now, &answer.client, &serde_json::json!({ "note": answer.note }));
        let complete = told.completes().then(|| event(&told, EventKind::Completed, now, "hub", &serde_json::json!({})));
        if complete.is_some() {
            told.state = NoticeState::Complete;
        }
        save(&mut tx, &[row(&told, Some(&found), now)?]).await?;
        notice::append_events(&mut tx, &std::iter::once(said).chain(complete).collect::<Vec<_>>()).await?;
    }
    let found = notice::find_for_host(&mut tx, answer.host, id).await?.ok_or(AnswerRefusal::NotFound)?;
    let known = whole(&mut tx, &found).await?;
    tx.commit().await?;
    Ok(known)
}

fn event(told: &Notice, kind: EventKind, at: Timestamp, actor: &str, detail: &serde_json::Value) -> NoticeEvent {
    NoticeEvent {
        authority: told.placing,
        notice: told.id,
        n: 0,
        kind,
        at,
        actor: actor.to_owned(),
        side: kind.owner(),
        detail: detail.to_string(),
    }
}

/// Records which sealed parts the hub now holds for the host of a notice, in the transaction that keeps them, and who left
/// the last of them; with that a notice that the host has acknowledged is complete.
pub async fn sealed(
    hub: &Hub,
    tx: &mut Tx,
    kept: &NoticeRow,
    parts: Vec<SealedPart>,
    (client, detail): (&str, serde_json::Value),
) -> Result<Notice, AnswerRefusal> {
    let now = hub.clock.now();
    let mut notice = read(kept)?;
    notice.state = apply(Some(notice.state), Party::Placing, EventKind::Sealed).map_err(AnswerRefusal::State)?;
    notice.seal(parts, now);
    let said = event(&notice, EventKind::Sealed, now, client, &detail);
    let complete = notice.completes().then(|| event(&notice, EventKind::Completed, now, "hub", &serde_json::json!({})));
    if complete.is_some() {
        notice.state = NoticeState::Complete;
    }
    save(tx, &[row(&notice, Some(kept), now)?]).await?;
    notice::append_events(tx, &std::iter::once(said).chain(complete).collect::<Vec<_>>()).await?;
    Ok(notice)
}

/// What a receiver answered 2xx to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrived {
    pub(crate) placing: AuthorityCode,
    pub(crate) notice: Uuid,
    pub(crate) event: Uuid,
}

/// Marks notices delivered whose latest version has arrived. What an earlier one said is no longer what is to be known.
pub(crate) async fn delivered(tx: &mut Tx, arrived: &[Arrived], now: Timestamp) -> Result<(), Fault> {
    let events: BTreeSet<Uuid> = arrived.iter().map(|arrived| arrived.event).collect();
    let mut latest = Vec::new();
    for row in found(tx, arrived).await? {
        let told = read(&row)?;
        if EventKind::ALL.iter().any(|kind| events.contains(&told.event_id(*kind))) {
            latest.push(row);
        }
    }
    mark(tx, latest, "webhook", now).await?;
    Ok(())
}

/// Marks notices delivered; those that were not yet, as they then stand.
async fn mark(tx: &mut Tx, rows: Vec<NoticeRow>, actor: &str, now: Timestamp) -> Result<Vec<NoticeRow>, Fault> {
    let mut marked = Vec::new();
    let mut events = Vec::new();
    for kept in rows {
        let mut told = read(&kept)?;
        let Ok(next) = apply(Some(told.state), Party::Hub, EventKind::Delivered) else { continue };
        if next == told.state {
            continue;
        }
        told.state = next;
        marked.push(row(&told, Some(&kept), now)?);
        events.push(NoticeEvent {
            authority: kept.authority,
            notice: kept.id,
            n: 0,
            kind: EventKind::Delivered,
            at: now,
            actor: actor.to_owned(),
            side: Party::Hub,
            detail: "{}".to_owned(),
        });
    }
    save(tx, &marked).await?;
    notice::append_events(tx, &events).await?;
    Ok(marked)
}

/// The notices that these arrivals are about, each once.
async fn found(tx: &mut Tx, arrived: &[Arrived]) -> Result<Vec<NoticeRow>, Fault> {
    let mut by_placing: BTreeMap<AuthorityCode, BTreeSet<Uuid>> = BTreeMap::new();
    for one in arrived {
        by_placing.entry(one.placing).or_default().insert(one.notice);
    }
    let mut all = Vec::new();
    for (placing, ids) in by_placing {
        all.extend(notice::by_ids(tx, placing, &ids.into_iter().collect::<Vec<_>>()).await?);
    }
    Ok(all)
}

//! What the two sides do with notices: read, open, acknowledge, query, dispute; and see what was attempted.

use std::collections::{BTreeMap, BTreeSet};

use hub_domain::{AuthorityCode, Timestamp};
use hub_notices::{Clock, DisputeReason, EventKind, Notice, NoticeState, Party, Refusal, SealedPart, apply, clocks};
use hub_store::delivery::{self, Attempt, Delivery};
use hub_store::event::{self, Event, Side};
use hub_store::notice::{self, Filter, NoticeEvent, NoticeRow};
use hub_store::statement::{self, StatementRow};
use hub_store::{Link, StoreError, Tx};
use uuid::Uuid;

use crate::notify::{read, row, save};
use crate::{Fault, Hub, boxed, deliver};

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
    /// The host has what was last said: its system answered for it, or somebody there read it or spoke of it.
    pub received: bool,
}

impl Known {
    fn of(row: &NoticeRow, events: Vec<NoticeEvent>, statements: Vec<StatementRow>) -> Result<Self, Fault> {
        let (raised_at, updated_at) = (row.raised_at, row.updated_at);
        let received = row.issued && row.has_arrived();
        Ok(Self { notice: read(row)?, raised_at, updated_at, events, statements, received })
    }

    /// Its clocks, as they stand now.
    pub fn clocks(&self, hub: &Hub) -> Vec<Clock> {
        clocks(&self.notice, hub.clock.now(), &hub.calendar(), &hub.settings.rules)
    }
}

/// A host's inbox, newest first. What the host has read there counts as delivered: its own read is its receipt.
#[boxed]
pub async fn inbox(hub: &Hub, host: AuthorityCode, filter: &Filter) -> Result<Vec<Known>, Fault> {
    let shown = browse(hub, host, filter).await?;
    take(hub, shown).await
}

/// A host's inbox, newest first, looked at without reading it: [`take`] is its receipt for what it is then shown.
#[boxed]
pub async fn browse(hub: &Hub, host: AuthorityCode, filter: &Filter) -> Result<Vec<Known>, Fault> {
    let mut link = hub.store.read_as(host).await?;
    known(&notice::inbox(&mut link, host, filter).await?)
}

/// Records that hosts have been shown these notices of theirs; the notices, as they then stand.
#[boxed]
pub async fn take(hub: &Hub, mut shown: Vec<Known>) -> Result<Vec<Known>, Fault> {
    let unread = shown.iter().filter(|known| known.notice.issued && !known.received);
    let unread = unread.map(|known| (known.notice.placing, known.notice.id)).collect();
    let marked = match receipt(hub, unread).await {
        Ok(marked) => known(&marked)?,
        // Somebody else is writing to one of them; the next read will be its receipt.
        Err(fault) if fault.is_retryable() => Vec::new(),
        Err(fault) => return Err(fault),
    };
    let mut receipts: BTreeMap<Uuid, Known> = marked.into_iter().map(|known| (known.notice.id, known)).collect();
    for known in &mut shown {
        if let Some(marked) = receipts.remove(&known.notice.id) {
            *known = marked;
        }
    }
    Ok(shown)
}

async fn receipt(hub: &Hub, unread: BTreeSet<(AuthorityCode, Uuid)>) -> Result<Vec<NoticeRow>, Fault> {
    if unread.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = hub.store.begin().await?;
    let rows = by_placing(&mut tx, unread).await?;
    let marked = mark(hub, &mut tx, rows, "inbox").await?;
    tx.commit().await?;
    Ok(marked)
}

/// What an authority has given notice of, newest first.
#[boxed]
pub async fn sent(hub: &Hub, placing: AuthorityCode, filter: &Filter) -> Result<Vec<Known>, Fault> {
    let mut link = hub.store.read_as(placing).await?;
    known(&notice::sent(&mut link, placing, filter).await?)
}

fn known(rows: &[NoticeRow]) -> Result<Vec<Known>, Fault> {
    rows.iter().map(|row| Known::of(row, Vec::new(), Vec::new())).collect()
}

/// One notice with its history, for the authority that placed the child or the one that hosts it; to anyone else it is
/// not there.
#[boxed]
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
    Known::of(row, events, statements)
}

/// One notice as its host reads it: the reading is the receipt.
#[boxed]
pub async fn seen(hub: &Hub, host: AuthorityCode, id: Uuid) -> Result<Option<Known>, Fault> {
    let mut link = hub.store.read_as(host).await?;
    let Some(row) = notice::find_for_host(&mut link, host, id).await? else { return Ok(None) };
    drop(link);
    take(hub, known(&[row])?).await?;
    find(hub, host, id).await
}

/// The attempts to deliver a notice, by delivery, for either side.
#[boxed]
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
    /// What is wrong with a notice that is disputed.
    pub reason: Option<DisputeReason>,
}

/// Records what a host says of a notice: its question and its dispute are told to the placing authority. Whatever becomes of
/// the notice's state, what is said goes into its history; saying the same again does not.
#[boxed]
pub async fn answer(hub: &Hub, id: Uuid, said: &Answer) -> Result<Known, AnswerRefusal> {
    let mut tries = 0;
    loop {
        match record(hub, id, said).await {
            // The placing authority's feed, the ladder or a delivery touched the notice at the same moment.
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
    let history = notice::events(&mut tx, found.authority, id).await?;
    if next != told.state || !answer.stands_in(&history) {
        told.state = next;
        let said = event(&told, answer.kind, now, &answer.client, &answer.detail());
        let complete = told.completes().then(|| event(&told, EventKind::Completed, now, "hub", &serde_json::json!({})));
        if complete.is_some() {
            told.state = NoticeState::Complete;
        }
        let reached = reached(hub, &mut tx, &told, &found).await?;
        save(&mut tx, &[reached]).await?;
        notice::append_events(&mut tx, &std::iter::once(said).chain(complete).collect::<Vec<_>>()).await?;
        tell(hub, &mut tx, &told, answer).await?;
    }
    let found = notice::find_for_host(&mut tx, answer.host, id).await?.ok_or(AnswerRefusal::NotFound)?;
    let known = whole(&mut tx, &found).await?;
    tx.commit().await?;
    Ok(known)
}

/// Tells the placing authority that its host asks, or disputes. What the host wrote stands in the notice's history.
async fn tell(hub: &Hub, tx: &mut Tx, told: &Notice, answer: &Answer) -> Result<(), Fault> {
    if !matches!(answer.kind, EventKind::Queried | EventKind::Disputed) {
        return Ok(());
    }
    let mut data = serde_json::json!({ "notice": told.id, "host": told.host, "state": told.state });
    if let Some((data, reason)) = data.as_object_mut().zip(answer.reason) {
        data.insert("reason".to_owned(), reason.as_str().into());
    }
    let id = hub.ids.next();
    let asked = Event {
        authority: told.placing,
        id,
        kind: answer.kind.event_type(),
        // Each is news: a host may ask again.
        subject: format!("{}/{id}", told.id),
        at: hub.clock.now(),
        data: data.to_string(),
    };
    event::append_for(tx, &asked, Side::Placing).await?;
    Ok(())
}

impl Answer {
    fn detail(&self) -> serde_json::Value {
        let mut detail = serde_json::json!({ "note": self.note });
        if let Some((detail, reason)) = detail.as_object_mut().zip(self.reason) {
            detail.insert("reason".to_owned(), reason.as_str().into());
        }
        detail
    }

    /// The host has said this since the notice last said something new, by the placing authority or by its feed, and has said
    /// nothing else of the kind.
    fn stands_in(&self, history: &[NoticeEvent]) -> bool {
        let since = history.iter().rev().take_while(|event| event.kind.owner() != Party::Placing);
        let latest = since.filter(|event| event.side == Party::Host).find(|event| event.kind == self.kind);
        let said = latest.and_then(|event| serde_json::from_str::<serde_json::Value>(&event.detail).ok());
        said.is_some_and(|said| said == self.detail())
    }
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
#[boxed]
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
pub(crate) async fn delivered(hub: &Hub, tx: &mut Tx, arrived: &[Arrived]) -> Result<(), Fault> {
    let events: BTreeSet<Uuid> = arrived.iter().map(|arrived| arrived.event).collect();
    let mut latest = Vec::new();
    for row in by_placing(tx, arrived.iter().map(|one| (one.placing, one.notice)).collect()).await? {
        let told = read(&row)?;
        if EventKind::ALL.iter().any(|kind| events.contains(&told.event_id(*kind))) {
            latest.push(row);
        }
    }
    mark(hub, tx, latest, "webhook").await?;
    Ok(())
}

/// Marks notices delivered, whatever their state; those whose host had not had what was last said, as they then stand.
async fn mark(hub: &Hub, tx: &mut Tx, rows: Vec<NoticeRow>, actor: &str) -> Result<Vec<NoticeRow>, Fault> {
    let now = hub.clock.now();
    let mut marked = Vec::new();
    let mut events = Vec::new();
    for kept in rows.into_iter().filter(|row| !row.has_arrived()) {
        let mut told = read(&kept)?;
        let Ok(next) = apply(Some(told.state), Party::Hub, EventKind::Delivered) else { continue };
        told.state = next;
        marked.push(reached(hub, tx, &told, &kept).await?);
        let version = serde_json::json!({ "version": told.version });
        events.push(event(&told, EventKind::Delivered, now, actor, &version));
    }
    save(tx, &marked).await?;
    notice::append_events(tx, &events).await?;
    Ok(marked)
}

/// The row of a notice whose host has what was last said. A placing authority that was told that it had not is told so.
pub(crate) async fn reached(hub: &Hub, tx: &mut Tx, told: &Notice, kept: &NoticeRow) -> Result<NoticeRow, Fault> {
    if !kept.has_arrived() && kept.late_version == kept.version {
        deliver::cheer(hub, tx, kept).await?;
    }
    Ok(NoticeRow { delivered_version: kept.version, ..row(told, Some(kept), hub.clock.now())? })
}

/// These notices, each once.
async fn by_placing(tx: &mut Tx, ids: BTreeSet<(AuthorityCode, Uuid)>) -> Result<Vec<NoticeRow>, Fault> {
    let mut by_placing: BTreeMap<AuthorityCode, Vec<Uuid>> = BTreeMap::new();
    for (placing, id) in ids {
        by_placing.entry(placing).or_default().push(id);
    }
    let mut all = Vec::new();
    for (placing, ids) in by_placing {
        all.extend(notice::by_ids(tx, placing, &ids).await?);
    }
    Ok(all)
}

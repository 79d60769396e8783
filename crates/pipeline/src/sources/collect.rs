//! Collecting from one source, once: checksum, file, receipt, record.

use std::sync::Arc;

use hub_domain::{AuthorityCode, Date, Timestamp};
use hub_store::event::{self, Event};
use hub_store::source::{self, Collection, Outcome, Settled, Source};
use hub_webhook::{Credential, Fetch, FetchFailure, Wanted};
use serde_json::json;
use uuid::Uuid;

use super::sealed;
use super::terms::{self, Checksum, ENDING, Terms};
use crate::receive::{ReceiveRefusal, Request, Spool, Upload, hex, receive};
use crate::{Fault, Hub, boxed};

/// A source could not be collected from.
pub const SOURCE_FAILED: &str = "source.failed";
/// A source that failed was collected from again.
pub const SOURCE_RECOVERED: &str = "source.recovered";

/// Bytes of a checksum file that are read.
const CHECKSUM_BYTES: u64 = 4_096;

/// What came of one time, for the job that asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collected {
    /// There is nothing more to do for this slot.
    Settled,
    /// It failed, and may go better later.
    Failed(&'static str),
}

/// What lies there, if it is not what was taken before.
enum Lies {
    Unchanged { digest: String },
    Fresh(Upload),
}

/// Why nothing was taken.
pub(super) enum Missed {
    /// It may go better later.
    Failed(&'static str),
    /// What lies there is not received.
    Refused {
        reason: &'static str,
        bytes: u64,
        digest: String,
    },
    Fault(Fault),
}

impl From<FetchFailure> for Missed {
    fn from(failure: FetchFailure) -> Self {
        Self::Failed(failure.code())
    }
}

/// A source with what is needed to ask it for the file of one date.
pub(super) struct Ask<'a> {
    fetch: &'a dyn Fetch,
    source: &'a Source,
    pub(super) terms: Terms,
    credential: Credential,
    pub(super) as_at: Date,
}

/// Collects from a source for one slot, and keeps what came of it.
#[boxed]
pub async fn collect(
    hub: &Arc<Hub>,
    fetch: &dyn Fetch,
    (authority, id): (AuthorityCode, Uuid),
    slot: Timestamp,
) -> Result<Collected, Fault> {
    let mut link = hub.store.read().await?;
    let found = source::find(&mut link, authority, id).await?;
    drop(link);
    let Some(source) = found else { return Ok(Collected::Settled) };
    let taken = match Ask::of(hub, fetch, &source, slot) {
        Ok(ask) => ask.take(hub).await,
        Err(missed) => Err(missed),
    };
    let blank = Collection {
        authority,
        source: id,
        at: hub.clock.now(),
        slot,
        outcome: Outcome::Failed,
        reason: None,
        bytes: 0,
        digest: None,
        submission: None,
    };
    let length = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
    let (one, done) = match taken {
        Err(Missed::Fault(fault)) => return Err(fault),
        Err(Missed::Failed(reason)) => {
            (Collection { reason: Some(reason.to_owned()), ..blank }, Collected::Failed(reason))
        }
        Err(Missed::Refused { reason, bytes, digest }) => {
            let (reason, digest, bytes) = (Some(reason.to_owned()), Some(digest), length(bytes));
            (Collection { outcome: Outcome::Refused, reason, bytes, digest, ..blank }, Collected::Settled)
        }
        Ok((None, bytes, digest)) => {
            let (digest, bytes) = (Some(digest), length(bytes));
            (Collection { outcome: Outcome::Unchanged, bytes, digest, ..blank }, Collected::Settled)
        }
        Ok((submission @ Some(_), bytes, digest)) => {
            let (digest, bytes) = (Some(digest), length(bytes));
            (Collection { outcome: Outcome::Taken, bytes, digest, submission, ..blank }, Collected::Settled)
        }
    };
    keep(hub, &source, &one).await?;
    Ok(done)
}

impl<'a> Ask<'a> {
    pub(super) fn of(hub: &Hub, fetch: &'a dyn Fetch, source: &'a Source, slot: Timestamp) -> Result<Self, Missed> {
        let terms: Terms = serde_json::from_str(&source.terms)
            .map_err(|_| Missed::Fault(Fault::Inconsistent("the terms of a source")))?;
        let credential = sealed::open(&hub.seal, source, &terms).ok_or(Missed::Failed("credential-sealed"))?;
        let as_at = terms.date(slot);
        Ok(Self { fetch, source, terms, credential, as_at })
    }

    /// Receives what lies there, unless it was taken before: the submission, the bytes that were read, their digest.
    async fn take(&self, hub: &Arc<Hub>) -> Result<(Option<Uuid>, u64, String), Missed> {
        let (bytes, upload) = match self.lies(hub).await? {
            Lies::Unchanged { digest } => return Ok((None, 0, digest)),
            Lies::Fresh(upload) => (upload.bytes, upload),
        };
        let digest = hex(&upload.digest);
        if self.source.digest.as_ref() == Some(&digest) {
            return Ok((None, bytes, digest));
        }
        match receive(hub, self.request(&digest), upload).await {
            Ok(received) => Ok((Some(received.submission.id), bytes, digest)),
            Err(ReceiveRefusal::Fault(fault)) => Err(Missed::Fault(fault)),
            Err(ReceiveRefusal::InProgress) => Err(Missed::Failed("in-progress")),
            Err(refusal) => Err(Missed::Refused { reason: word(&refusal), bytes, digest }),
        }
    }

    async fn lies(&self, hub: &Hub) -> Result<Lies, Missed> {
        let said = self.checksum().await?;
        if let Some(digest) = said.clone().filter(|said| self.source.digest.as_ref() == Some(said)) {
            return Ok(Lies::Unchanged { digest });
        }
        let upload = self.file(hub).await?;
        match said {
            // The file may be written just now: it is looked at again.
            Some(said) if said != hex(&upload.digest) => Err(Missed::Failed("checksum-differs")),
            _ => Ok(Lies::Fresh(upload)),
        }
    }

    /// What the checksum file says, where it is looked for and lies there.
    pub(super) async fn checksum(&self) -> Result<Option<String>, Missed> {
        if self.terms.checksum == Checksum::None {
            return Ok(None);
        }
        let mut text = Vec::new();
        let mut take = |bytes: &[u8]| {
            text.extend_from_slice(bytes);
            true
        };
        let read = self.fetch.fetch(&self.wanted(ENDING, CHECKSUM_BYTES)?, &mut take).await;
        match read {
            Err(FetchFailure::Absent) if self.terms.checksum == Checksum::IfThere => Ok(None),
            Err(FetchFailure::Absent) => Err(Missed::Failed("no-checksum")),
            Err(failure) => Err(failure.into()),
            Ok(_) => terms::read_digest(&text).map(Some).ok_or(Missed::Failed("checksum-unreadable")),
        }
    }

    pub(super) async fn file(&self, hub: &Hub) -> Result<Upload, Missed> {
        let limit = hub.settings.upload_bytes;
        let mut spool = Spool::new(limit);
        let mut take = |bytes: &[u8]| spool.push(bytes).is_ok();
        self.fetch.fetch(&self.wanted("", limit)?, &mut take).await?;
        Ok(spool.finish())
    }

    fn wanted(&self, ending: &str, limit: u64) -> Result<Wanted, Missed> {
        let address = terms::address(&self.source.url, self.as_at);
        let (path, query) = address.split_once('?').map_or((address.as_str(), None), |(path, rest)| (path, Some(rest)));
        let address = query.map_or_else(|| format!("{path}{ending}"), |rest| format!("{path}{ending}?{rest}"));
        let endpoint = self.fetch.guard().admit(self.source.authority, &address);
        let endpoint = endpoint.map_err(|refusal| Missed::Failed(refusal.code()))?;
        Ok(Wanted { endpoint, credential: self.credential.clone(), limit })
    }

    fn request(&self, digest: &str) -> Request {
        let Source { authority, id, dataset, .. } = *self.source;
        Request {
            authority,
            client: format!("source/{id}"),
            dataset,
            mode: self.terms.mode,
            as_at: self.as_at,
            covers_from: self.terms.covers_from(self.as_at),
            correction: false,
            key: format!("{}/{digest}", self.as_at),
            format: terms::format(&self.source.url),
            compression: None,
            encoding: self.terms.encoding(),
            digest: None,
        }
    }
}

/// A refusal as a stable word.
fn word(refusal: &ReceiveRefusal) -> &'static str {
    match refusal {
        ReceiveRefusal::Stale { .. } => "stale-submission",
        ReceiveRefusal::Future { .. } => "future-date",
        ReceiveRefusal::CoversFrom { .. } => "covers-from",
        ReceiveRefusal::Sender { .. } => "wrong-sender",
        ReceiveRefusal::Door(_) => "file-refused",
        ReceiveRefusal::Digest => "digest-mismatch",
        ReceiveRefusal::KeyReused => "key-reused",
        ReceiveRefusal::InProgress | ReceiveRefusal::Fault(_) => "in-progress",
    }
}

/// Keeps what came of one time with its event, or nothing.
async fn keep(hub: &Hub, source: &Source, one: &Collection) -> Result<(), Fault> {
    let mut tx = hub.store.begin().await?;
    source::record(&mut tx, one).await?;
    let settled = match (one.outcome, &one.digest) {
        (Outcome::Taken, Some(digest)) => Settled::Taken(digest),
        (Outcome::Taken | Outcome::Unchanged, _) => Settled::Unchanged,
        (Outcome::Refused | Outcome::Failed, _) => Settled::Failed(one.at),
    };
    source::settle(&mut tx, one.authority, one.source, settled).await?;
    let kind = match settled {
        Settled::Failed(_) => Some(SOURCE_FAILED),
        _ if source.failing_since.is_some() => Some(SOURCE_RECOVERED),
        Settled::Taken(_) | Settled::Unchanged => None,
    };
    if let Some(kind) = kind {
        let data = json!({
            "source": source.id,
            "dataset": source.dataset,
            "slot": one.slot,
            "outcome": one.outcome,
            "reason": one.reason,
            "submission": one.submission,
        });
        let (id, subject) = (hub.ids.next(), format!("{}/{}", source.id, one.slot));
        let told = Event {
            authority: source.authority,
            id,
            kind: kind.to_owned(),
            subject,
            at: one.at,
            data: data.to_string(),
        };
        event::append(&mut tx, &told).await?;
    }
    tx.commit().await?;
    metrics::counter!("hub_collections_total", "outcome" => one.outcome.as_str()).increment(1);
    if kind == Some(SOURCE_FAILED) {
        tracing::warn!(source = %source.id, authority = %source.authority, reason = one.reason, "a source failed");
    }
    Ok(())
}

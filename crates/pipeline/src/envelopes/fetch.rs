//! Handing an envelope out.

use hub_domain::AuthorityCode;
use hub_notices::{EventKind, NoticeState, Party, Refusal};
use hub_store::envelope::{self, Envelope};
use hub_store::{Link, StoreError};
use jiff::SignedDuration;
use serde_json::json;
use uuid::Uuid;

use super::{Deed, EnvelopeRefusal, needs_opening, record};
use crate::notices::TRIES;
use crate::notify::read;
use crate::{Fault, Hub, boxed};

/// How long after a reason was recorded a protected address may be fetched.
const OPEN_FOR: SignedDuration = SignedDuration::from_mins(15);

/// One side of a notice, and who acts for it.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The authority.
    pub(super) authority: AuthorityCode,
    /// Its client.
    pub(super) client: String,
    /// Which side it is on.
    pub(super) side: Party,
}

/// Why somebody must read a protected address.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The officer who will read it, by name.
    pub officer: String,
    /// Why.
    pub reason: String,
}

/// An envelope as it came. That the host fetched it becomes part of the notice's history; a protected address, and details
/// with an address that has been protected since they were sealed, need [`open`] first, by the same client, within a quarter of an hour.
#[boxed]
pub async fn fetch(hub: &Hub, reader: &Reader, id: Uuid, n: i64) -> Result<(Envelope, Vec<u8>), EnvelopeRefusal> {
    // Read as the reader itself, so that the database stands behind it too (promise S2).
    let mut link = hub.store.read_as(reader.authority).await?;
    let (envelope, needs_opening) = look(&mut link, reader, id, n).await?;
    if let Some(by) = envelope.superseded_by {
        return Err(EnvelopeRefusal::Superseded { by });
    }
    if reader.side == Party::Host && needs_opening {
        let since = hub.clock.now() - OPEN_FOR;
        let place = (envelope.authority, id, n);
        if !envelope::opened(&mut link, place, &reader.client, since).await? {
            return Err(EnvelopeRefusal::OpeningNeeded);
        }
    }
    let bytes = pieces(&mut link, &envelope).await?;
    drop(link);
    if reader.side == Party::Host {
        let detail = json!({ "envelope": n, "kind": envelope.kind });
        note(hub, reader, id, EventKind::DetailsRead, (detail, None)).await?;
    }
    Ok((envelope, bytes))
}

/// Records why a protected address must be read, and by whom, for the placing authority to see; from then on it may be
/// fetched for a quarter of an hour.
#[boxed]
pub async fn open(
    hub: &Hub,
    reader: &Reader,
    id: Uuid,
    n: i64,
    opening: &Opening,
) -> Result<Envelope, EnvelopeRefusal> {
    let mut link = hub.store.read_as(reader.authority).await?;
    let (envelope, needs_opening) = look(&mut link, reader, id, n).await?;
    drop(link);
    if !needs_opening {
        return Err(EnvelopeRefusal::NotProtected);
    }
    if let Some(by) = envelope.superseded_by {
        return Err(EnvelopeRefusal::Superseded { by });
    }
    let kept = envelope::Opening {
        authority: envelope.authority,
        notice: id,
        n,
        id: hub.ids.next(),
        client: reader.client.clone(),
        officer: opening.officer.clone(),
        reason: opening.reason.clone(),
        at: hub.clock.now(),
    };
    let detail = json!({ "envelope": n, "officer": opening.officer, "reason": opening.reason });
    note(hub, reader, id, EventKind::AddressOpened, (detail, Some(&kept))).await?;
    Ok(envelope)
}

/// The envelope, and whether its host gets it only once a reason is recorded.
async fn look(link: &mut Link, reader: &Reader, id: Uuid, n: i64) -> Result<(Envelope, bool), EnvelopeRefusal> {
    let found = reader.find(link, id).await?.ok_or(EnvelopeRefusal::NotFound)?;
    let all = envelope::list(link, found.authority, id).await?;
    let envelope = all.into_iter().find(|one| one.n == n).ok_or(EnvelopeRefusal::NotFound)?;
    if found.state == NoticeState::Withdrawn && reader.side == Party::Host {
        let event = EventKind::DetailsRead;
        return Err(EnvelopeRefusal::State(Refusal::NotNow { state: found.state, event }));
    }
    let needs_opening = needs_opening(&envelope, &read(&found)?);
    Ok((envelope, needs_opening))
}

async fn pieces(link: &mut Link, envelope: &Envelope) -> Result<Vec<u8>, StoreError> {
    let place = (envelope.authority, envelope.notice, envelope.n);
    let mut bytes = Vec::with_capacity(usize::try_from(envelope.bytes).unwrap_or_default());
    let mut n = 0;
    while let Some(piece) = envelope::piece(link, place, n).await? {
        bytes.extend(piece);
        n += 1;
    }
    Ok(bytes)
}

/// Writes into the notice's history what the host did, with the opening if it is one.
async fn note(
    hub: &Hub,
    reader: &Reader,
    id: Uuid,
    kind: EventKind,
    (detail, opening): (serde_json::Value, Option<&envelope::Opening>),
) -> Result<(), EnvelopeRefusal> {
    let mut tries = 0;
    loop {
        let deed = Deed { kind, side: Party::Host, client: &reader.client, detail: detail.clone() };
        match write(hub, reader, id, deed, opening).await {
            Err(EnvelopeRefusal::Fault(fault)) if fault.is_retryable() && tries < TRIES => tries += 1,
            done => return done,
        }
    }
}

async fn write(
    hub: &Hub,
    reader: &Reader,
    id: Uuid,
    deed: Deed<'_>,
    opening: Option<&envelope::Opening>,
) -> Result<(), EnvelopeRefusal> {
    let mut tx = hub.store.begin().await?;
    let found = reader.find(&mut tx, id).await?.ok_or(EnvelopeRefusal::NotFound)?;
    record(hub, &mut tx, (read(&found)?, &found), deed).await?;
    if let Some(opening) = opening {
        envelope::open(&mut tx, opening).await?;
    }
    tx.commit().await.map_err(Fault::from)?;
    Ok(())
}

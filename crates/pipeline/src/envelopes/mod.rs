//! Sealed details, from outside: an envelope is kept as it came, handed to its host as it is, and every time that happens
//! is written into the notice's history. The hub holds no key and opens nothing (promise S12).

mod fetch;
mod keep;
mod tell;

use hub_domain::AuthorityCode;
use hub_notices::envelope::NotAnEnvelope;
use hub_notices::{EventKind, Notice, Refusal, apply};
use hub_store::envelope::{self, Envelope};
use hub_store::notice::{self, NoticeEvent, NoticeRow};
use hub_store::{Link, StoreError, Tx};
use uuid::Uuid;

use crate::notices::reached;
use crate::notify::{read, save};
use crate::{Fault, Hub, boxed};

/// The words of the field that callers of this room need.
pub use hub_notices::envelope::{EnvelopeKind, Fingerprint, Recipient};
pub use hub_notices::{Party, SealedPart};

pub use fetch::{Opening, Reader, fetch, open};
pub use keep::{Sealing, keep};
pub(crate) use tell::ask_reseal;
pub use tell::{RESEAL, SEALED};

/// Longest envelope, bytes.
pub const LONGEST: u64 = 10 << 20;

/// Why an envelope is not kept, or not handed out.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeRefusal {
    /// There is no such notice or envelope, or it is not the caller's.
    #[error("no such envelope")]
    NotFound,
    /// The notice's state does not allow it.
    #[error(transparent)]
    State(Refusal),
    /// The bytes do not have the digest that was declared.
    #[error("the body does not have the declared SHA-256")]
    Digest,
    /// The bytes are no envelope.
    #[error(transparent)]
    Form(#[from] NotAnEnvelope),
    /// It is sealed for another number of keys than its sender says.
    #[error("it is sealed for {found} keys, and {said} fingerprints were given")]
    Count {
        /// Keys it is sealed for.
        found: usize,
        /// Fingerprints given.
        said: usize,
    },
    /// It is said to contain nothing, or parts that do not go with its kind.
    #[error("{0}")]
    Parts(&'static str),
    /// The host has registered no key at all: nothing can be sealed for it yet.
    #[error("the host has registered no key")]
    NoKey,
    /// It is sealed for a key that neither side has registered, or that is retired; or for none of the host's.
    #[error("{0}")]
    Key(&'static str),
    /// A newer envelope took its place, and its bytes are gone.
    #[error("envelope {by} has taken its place")]
    Superseded {
        /// The newer one.
        by: i64,
    },
    /// A protected address, and no reason has been recorded for reading it.
    #[error("a reason is to be recorded first")]
    OpeningNeeded,
    /// Not a protected address: there is nothing to record a reason for.
    #[error("only a protected address is opened with a reason")]
    NotProtected,
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StoreError> for EnvelopeRefusal {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

/// The envelopes of a notice, first to last, for either side, and whether each is handed to the host only once a reason is
/// recorded; `None` when it is neither's.
#[boxed]
pub async fn list(hub: &Hub, reader: &Reader, id: Uuid) -> Result<Option<Vec<(Envelope, bool)>>, Fault> {
    let mut link = hub.store.read_as(reader.authority).await?;
    let Some(row) = reader.find(&mut link, id).await? else { return Ok(None) };
    let notice = read(&row)?;
    let all = envelope::list(&mut link, row.authority, id).await?;
    let with_need = |envelope| {
        let needs_opening = needs_opening(&envelope, &notice);
        (envelope, needs_opening)
    };
    Ok(Some(all.into_iter().map(with_need).collect()))
}

/// The placing authority says that the address is protected.
fn is_protected(notice: &Notice) -> bool {
    notice.statement.as_deref().is_some_and(|stated| stated.said.address_protected == Some(true))
}

/// Whether the host gets it only once a reason is recorded: it was sealed as a protected address, or the address in it has
/// been protected since.
fn needs_opening(envelope: &Envelope, notice: &Notice) -> bool {
    envelope.kind == EnvelopeKind::ProtectedAddress
        || (envelope.parts.contains(&SealedPart::Address) && is_protected(notice))
}

/// The envelopes of a notice whose bytes the hub has.
fn standing(all: &[Envelope]) -> impl Iterator<Item = &Envelope> {
    all.iter().filter(|envelope| envelope.superseded_by.is_none())
}

/// What somebody does with an envelope.
struct Deed<'a> {
    kind: EventKind,
    side: Party,
    client: &'a str,
    detail: serde_json::Value,
}

/// Moves the notice by what was done with its envelope and writes that into its history, every time it is done.
async fn record(
    hub: &Hub,
    tx: &mut Tx,
    (mut told, kept): (Notice, &NoticeRow),
    deed: Deed<'_>,
) -> Result<Notice, EnvelopeRefusal> {
    let now = hub.clock.now();
    told.state = apply(Some(told.state), deed.side, deed.kind).map_err(EnvelopeRefusal::State)?;
    let reached = reached(hub, tx, &told, kept).await?;
    save(tx, &[reached]).await?;
    let event = NoticeEvent {
        authority: told.placing,
        notice: told.id,
        n: 0,
        kind: deed.kind,
        at: now,
        actor: deed.client.to_owned(),
        side: deed.side,
        detail: deed.detail.to_string(),
    };
    notice::append_events(tx, &[event]).await?;
    Ok(told)
}

impl Reader {
    /// The notice, if it is this side's.
    async fn find(&self, link: &mut Link, id: Uuid) -> Result<Option<NoticeRow>, StoreError> {
        match self.side {
            Party::Placing => notice::find(link, self.authority, id).await,
            Party::Host => notice::find_for_host(link, self.authority, id).await,
            Party::Hub => Ok(None),
        }
    }

    /// The authority.
    pub fn authority(&self) -> AuthorityCode {
        self.authority
    }

    /// One side of a notice.
    pub fn new(authority: AuthorityCode, client: &str, side: Party) -> Self {
        Self { authority, client: client.to_owned(), side }
    }
}

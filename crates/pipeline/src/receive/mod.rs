//! Receiving a submission: refused at the door, or kept durably and answered for.
//!
//! The order of the checks is the order in which a sender can act on them: the same request again, the same content
//! again, an older business date, the file itself. Nothing is stored until all have passed, and then the submission, its
//! payload, the memory of its key and the job that will validate it are one transaction.

mod admit;
mod pack;
mod refusal;
mod spool;

use std::sync::Arc;

use hub_contract::{Compression, Encoding, Format};
use hub_domain::{AuthorityCode, Dataset, Date, Mode};
use hub_store::submission::Submission;
use hub_store::{Link, idempotency, submission};

use crate::{Fault, Hub, boxed};

/// How often a write that met another is tried again.
const TRIES: usize = 8;

pub(crate) use admit::imagine;
pub(crate) use pack::{Packed, pack};
pub use refusal::ReceiveRefusal;
pub use spool::{Spool, SpoolError, Upload};

/// What a sender says about an upload.
#[derive(Debug, Clone)]
pub struct Request {
    /// Whose records these are; the sender's right to send them has been checked.
    pub authority: AuthorityCode,
    /// Who sends.
    pub client: String,
    /// Which contract.
    pub dataset: Dataset,
    /// How much it covers.
    pub mode: Mode,
    /// The business date the extract describes.
    pub as_at: Date,
    /// With [`Mode::Window`]: everything open, or ended on or after this.
    pub covers_from: Option<Date>,
    /// The sender declares that this corrects an older date.
    pub correction: bool,
    /// The sender's name for this request.
    pub key: String,
    /// CSV or NDJSON.
    pub format: Format,
    /// How the bytes are compressed; `None` to look at them.
    pub compression: Option<Compression>,
    /// How the text is encoded.
    pub encoding: Encoding,
    /// SHA-256 that the sender says the bytes have.
    pub digest: Option<[u8; 32]>,
}

/// A kept submission.
#[derive(Debug, Clone)]
pub struct Received {
    /// The submission.
    pub submission: Submission,
    /// Whether it had been kept before: the same key or the same content again.
    pub replayed: bool,
}

/// Keeps a submission, or says why not.
#[boxed]
pub async fn receive(hub: &Arc<Hub>, request: Request, upload: Upload) -> Result<Received, ReceiveRefusal> {
    check(hub, &request, &upload)?;
    let _alone = Alone::take(hub, &request)?;
    let hex = hex(&upload.digest);
    let mut link = hub.store.read().await.map_err(Fault::from)?;
    if let Some(known) = known(hub, &mut link, &request, &hex).await? {
        return Ok(known);
    }
    refuse_stale(&mut link, &request).await?;
    drop(link);
    let packed = pack::pack(hub, &request, upload).await?;
    for _ in 0..TRIES {
        match admit::admit(hub, &request, &hex, &packed).await {
            Err(ReceiveRefusal::Fault(fault)) if fault.is_retryable() => {}
            Ok(received) => {
                hub.pulse.jobs.up();
                return Ok(received);
            }
            Err(refusal) => return Err(refusal),
        }
    }
    Err(ReceiveRefusal::InProgress)
}

/// Refuses what can be refused without reading the file.
pub(crate) fn check(hub: &Hub, request: &Request, upload: &Upload) -> Result<(), ReceiveRefusal> {
    request.check(hub, upload)
}

async fn known(hub: &Hub, link: &mut Link, request: &Request, hex: &str) -> Result<Option<Received>, ReceiveRefusal> {
    let now = hub.clock.now();
    let remembered =
        idempotency::find(link, request.authority, &request.client, &request.key, now).await.map_err(Fault::from)?;
    if let Some(remembered) = remembered {
        if remembered.request != request.describe(hex) {
            return Err(ReceiveRefusal::KeyReused);
        }
        let submission = submission::find(link, request.authority, remembered.submission).await.map_err(Fault::from)?;
        let submission = submission.ok_or(Fault::Inconsistent("a remembered submission is not kept"))?;
        return Ok(Some(Received { submission, replayed: true }));
    }
    let content = submission::Content {
        authority: request.authority,
        dataset: request.dataset,
        client: &request.client,
        digest: hex,
        mode: request.mode,
        as_at: request.as_at,
    };
    let same = submission::same_content(link, &content).await.map_err(Fault::from)?;
    Ok(same.map(|submission| Received { submission, replayed: true }))
}

/// Refuses a business date older than the last applied or the last yet to be judged, unless it is declared a correction:
/// whether it is taken does not depend on how fast the one before was judged.
pub(crate) async fn refuse_stale(link: &mut Link, request: &Request) -> Result<(), ReceiveRefusal> {
    if request.correction {
        return Ok(());
    }
    let latest = submission::latest_standing(link, request.authority, request.dataset).await.map_err(Fault::from)?;
    match latest {
        Some(last) if last > request.as_at => Err(ReceiveRefusal::Stale { last }),
        _ => Ok(()),
    }
}

impl Request {
    fn check(&self, hub: &Hub, upload: &Upload) -> Result<(), ReceiveRefusal> {
        if self.digest.is_some_and(|said| said != upload.digest) {
            return Err(ReceiveRefusal::Digest);
        }
        if self.dataset.is_regional() != (self.authority == AuthorityCode::REGION) {
            return Err(ReceiveRefusal::Sender { dataset: self.dataset });
        }
        match (self.mode, self.covers_from) {
            (Mode::Window, None) => return Err(ReceiveRefusal::CoversFrom { needed: true }),
            (Mode::Full | Mode::Changes, Some(_)) => return Err(ReceiveRefusal::CoversFrom { needed: false }),
            _ => {}
        }
        if self.covers_from.is_some_and(|from| from > self.as_at) {
            return Err(ReceiveRefusal::CoversFrom { needed: true });
        }
        let today = hub_domain::london_date(hub.clock.now());
        if self.as_at > today {
            return Err(ReceiveRefusal::Future { today });
        }
        Ok(())
    }

    /// One line that tells two requests with one key apart.
    fn describe(&self, hex: &str) -> String {
        let from = self.covers_from.map(|date| date.to_string()).unwrap_or_default();
        format!("{} {} {} {from} {} {hex}", self.dataset, self.mode, self.as_at, self.correction)
    }
}

/// Holds a key while its first request is being received, so that a second at the same moment is told to wait.
struct Alone<'a> {
    hub: &'a Hub,
    name: String,
}

impl<'a> Alone<'a> {
    fn take(hub: &'a Hub, request: &Request) -> Result<Self, ReceiveRefusal> {
        let name = format!("{}/{}/{}", request.authority, request.client, request.key);
        let mut receiving = hub.receiving.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if receiving.insert(name.clone()) { Ok(Self { hub, name }) } else { Err(ReceiveRefusal::InProgress) }
    }
}

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        self.hub.receiving.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(&self.name);
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

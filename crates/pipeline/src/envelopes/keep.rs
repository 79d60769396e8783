//! Keeping an envelope.

use std::collections::BTreeSet;
use std::io::Read as _;

use hub_domain::AuthorityCode;
use hub_notices::SealedPart;
use hub_notices::envelope::{EnvelopeKind, Fingerprint, Header, LONGEST_HEAD};
use hub_store::envelope::{self, Envelope};
use hub_store::notice::NoticeRow;
use hub_store::{Tx, notice, sealing};
use uuid::Uuid;

use super::tell::tell;
use super::{EnvelopeRefusal, is_protected, standing};
use crate::notices::{AnswerRefusal, TRIES, sealed};
use crate::notify::read;
use crate::receive::{Upload, hex};
use crate::{Fault, Hub, boxed};

/// Bytes of one stored piece.
const PIECE: u64 = 1 << 20;

/// What a placing authority says of an envelope; the hub can check none of it but the number of keys.
#[derive(Debug, Clone)]
pub struct Sealing {
    /// The placing authority.
    pub placing: AuthorityCode,
    /// Its client.
    pub client: String,
    /// The notice whose details these are.
    pub notice: Uuid,
    /// Details, or a protected address.
    pub kind: EnvelopeKind,
    /// What it contains.
    pub parts: BTreeSet<SealedPart>,
    /// For which keys it is sealed.
    pub fingerprints: BTreeSet<Fingerprint>,
    /// Whose key signed what is in it.
    pub signed_by: Option<Fingerprint>,
    /// SHA-256 that the bytes are to have.
    pub digest: [u8; 32],
}

impl Sealing {
    /// Refuses what can be refused without looking at the notice.
    fn check(&self, upload: &mut Upload) -> Result<(), EnvelopeRefusal> {
        if upload.digest != self.digest {
            return Err(EnvelopeRefusal::Digest);
        }
        if self.parts.is_empty() {
            return Err(EnvelopeRefusal::Parts("say in contains which parts it contains"));
        }
        if self.kind == EnvelopeKind::ProtectedAddress && self.parts != BTreeSet::from([SealedPart::Address]) {
            return Err(EnvelopeRefusal::Parts("a protected address is sealed alone"));
        }
        let length = upload.bytes;
        let mut start = Vec::with_capacity(LONGEST_HEAD);
        upload.reader().and_then(|file| file.take(LONGEST_HEAD as u64).read_to_end(&mut start)).map_err(Fault::from)?;
        let found = Header::read(&start, length)?.recipients;
        let said = self.fingerprints.len();
        if found == said { Ok(()) } else { Err(EnvelopeRefusal::Count { found, said }) }
    }
}

/// Keeps an envelope in place of the last of its kind; `true` with one that was not there before.
#[boxed]
pub async fn keep(hub: &Hub, sealing: &Sealing, mut upload: Upload) -> Result<(Envelope, bool), EnvelopeRefusal> {
    sealing.check(&mut upload)?;
    let mut tries = 0;
    loop {
        match write(hub, sealing, &mut upload).await {
            Err(EnvelopeRefusal::Fault(fault)) if fault.is_retryable() && tries < TRIES => tries += 1,
            done => return done,
        }
    }
}

async fn write(hub: &Hub, sealing: &Sealing, upload: &mut Upload) -> Result<(Envelope, bool), EnvelopeRefusal> {
    let mut tx = hub.store.begin().await?;
    let found = notice::find(&mut tx, sealing.placing, sealing.notice).await?.ok_or(EnvelopeRefusal::NotFound)?;
    let all = envelope::list(&mut tx, sealing.placing, sealing.notice).await?;
    let digest = hex(&sealing.digest);
    let before = standing(&all).find(|one| one.kind == sealing.kind);
    if let Some(same) = before.filter(|one| one.digest == digest) {
        return Ok((same.clone(), false));
    }
    let is_protected = is_protected(&read(&found)?);
    if is_protected && sealing.kind == EnvelopeKind::Details && sealing.parts.contains(&SealedPart::Address) {
        return Err(EnvelopeRefusal::Parts("the notice says that the address is protected: seal it alone"));
    }
    check_keys(&mut tx, sealing, found.host).await?;
    let new = describe(hub, sealing, &found, &all, upload.bytes);
    let detail = serde_json::json!({
        "envelope": new.n, "kind": new.kind, "contains": new.parts, "fingerprints": new.fingerprints,
        "bytes": new.bytes, "digest": new.digest, "signed_by": new.signed_by,
    });
    let parts = held(&all, &new);
    let told =
        sealed(hub, &mut tx, &found, parts, (&sealing.client, detail)).await.map_err(|refusal| match refusal {
            AnswerRefusal::NotFound => EnvelopeRefusal::NotFound,
            AnswerRefusal::State(refusal) => EnvelopeRefusal::State(refusal),
            AnswerRefusal::Fault(fault) => fault.into(),
        })?;
    if let Some(before) = before {
        envelope::supersede(&mut tx, before, new.n).await?;
        envelope::drop_pieces(&mut tx, (before.authority, before.notice, before.n)).await?;
    }
    envelope::insert(&mut tx, &new).await?;
    put(&mut tx, &new, upload).await?;
    tell(hub, &mut tx, &told, &new).await?;
    tx.commit().await?;
    hub.pulse.deliveries.notify_waiters();
    Ok((new, true))
}

/// Every key must be one that the host, or the placing authority for itself, has registered and not retired; one at least
/// the host's.
async fn check_keys(tx: &mut Tx, sealing: &Sealing, host: AuthorityCode) -> Result<(), EnvelopeRefusal> {
    let live = |keys: Vec<sealing::SealingKey>| -> BTreeSet<Fingerprint> {
        keys.into_iter().filter(sealing::SealingKey::is_live).map(|key| key.fingerprint).collect()
    };
    let theirs = live(sealing::list(tx, host).await?);
    let ours = live(sealing::list(tx, sealing.placing).await?);
    if theirs.is_empty() {
        return Err(EnvelopeRefusal::NoKey);
    }
    if sealing.fingerprints.iter().any(|one| !theirs.contains(one) && !ours.contains(one)) {
        return Err(EnvelopeRefusal::Key("it is sealed for a key that is not registered, or that has been retired"));
    }
    if sealing.fingerprints.is_disjoint(&theirs) {
        return Err(EnvelopeRefusal::Key("it is sealed for none of the host's keys"));
    }
    Ok(())
}

/// The parts that the hub holds once `new` is there.
fn held(all: &[Envelope], new: &Envelope) -> Vec<SealedPart> {
    let others = standing(all).filter(|one| one.kind != new.kind).flat_map(|one| &one.parts);
    others.chain(&new.parts).copied().collect::<BTreeSet<_>>().into_iter().collect()
}

fn describe(hub: &Hub, sealing: &Sealing, notice: &NoticeRow, all: &[Envelope], bytes: u64) -> Envelope {
    Envelope {
        authority: sealing.placing,
        notice: sealing.notice,
        n: all.iter().map(|one| one.n).max().unwrap_or_default() + 1,
        host: notice.host,
        kind: sealing.kind,
        parts: sealing.parts.clone(),
        fingerprints: sealing.fingerprints.clone(),
        bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
        digest: hex(&sealing.digest),
        sealed_at: hub.clock.now(),
        sealed_by: sealing.client.clone(),
        signed_by: sealing.signed_by.clone(),
        superseded_by: None,
    }
}

async fn put(tx: &mut Tx, new: &Envelope, upload: &mut Upload) -> Result<(), EnvelopeRefusal> {
    let place = (new.authority, new.notice, new.n);
    let mut left = upload.bytes;
    let mut pieces = Vec::new();
    let mut file = upload.reader().map_err(Fault::from)?;
    while left > 0 {
        let mut piece = Vec::new();
        (&mut file).take(PIECE).read_to_end(&mut piece).map_err(Fault::from)?;
        left = left.saturating_sub(PIECE);
        pieces.push(piece);
    }
    for (n, piece) in (0_i64..).zip(&pieces) {
        envelope::put_piece(tx, place, n, piece).await?;
    }
    Ok(())
}

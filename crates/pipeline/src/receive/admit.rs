//! The transaction that keeps a submission.

use hub_store::job::{self, NewJob};
use hub_store::submission::{State, Submission};
use hub_store::{Tx, idempotency, submission};
use uuid::Uuid;

use super::{Packed, ReceiveRefusal, Received, Request, known, refuse_stale};
use crate::{Fault, Hub, jobs};

/// Keeps the submission, its payload, its key and the job that will validate it, or nothing. When another replica kept the
/// same meanwhile, the answer is as it gave it.
pub(super) async fn admit(
    hub: &Hub,
    request: &Request,
    hex: &str,
    packed: &Packed,
) -> Result<Received, ReceiveRefusal> {
    let mut tx = hub.store.begin().await.map_err(Fault::from)?;
    // From here on, whoever else would number a submission of the authority waits.
    let seq = submission::next_seq(&mut tx, request.authority).await.map_err(Fault::from)?;
    if let Some(known) = known(hub, &mut tx, request, hex).await? {
        return Ok(known);
    }
    refuse_stale(&mut tx, request).await?;
    let submission = imagine(hub, request, hub.ids.next(), seq, hex, packed.bytes);
    keep(hub, tx, request, &submission, packed).await?;
    Ok(Received { submission, replayed: false })
}

async fn keep(hub: &Hub, mut tx: Tx, request: &Request, kept: &Submission, packed: &Packed) -> Result<(), Fault> {
    let now = kept.received_at;
    submission::insert(&mut tx, kept).await?;
    for (at, n) in (0..).zip(0_i64..) {
        let piece = packed.piece(at)?;
        if piece.is_empty() {
            break;
        }
        submission::put_payload(&mut tx, kept.authority, kept.id, n, &piece).await?;
    }
    let memory = idempotency::Memory {
        authority: request.authority,
        client: &request.client,
        key: &request.key,
        request: &request.describe(&kept.digest),
        submission: kept.id,
        now,
        expires_at: now + hub.settings.remember,
    };
    idempotency::remember(&mut tx, &memory).await?;
    let work = NewJob {
        authority: kept.authority,
        id: hub.ids.next(),
        kind: jobs::VALIDATE.to_owned(),
        payload: jobs::payload(kept.id),
        dedupe: kept.id.to_string(),
        run_at: now,
        now,
    };
    job::enqueue(&mut tx, &work).await?;
    Ok(tx.commit().await?)
}

/// The submission that a request would become.
pub(crate) fn imagine(hub: &Hub, request: &Request, id: Uuid, seq: i64, hex: &str, bytes: u64) -> Submission {
    Submission {
        authority: request.authority,
        id,
        seq,
        dataset: request.dataset,
        mode: request.mode,
        as_at: request.as_at,
        covers_from: request.covers_from,
        correction: request.correction,
        client: request.client.clone(),
        digest: hex.to_owned(),
        bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
        format: request.format.as_str().to_owned(),
        compression: "zstd".to_owned(),
        contract: hub_contract::contract(request.dataset).version.clone(),
        state: State::Received,
        verdict: None,
        held_reason: None,
        counts: None,
        received_at: hub.clock.now(),
        decided_at: None,
    }
}

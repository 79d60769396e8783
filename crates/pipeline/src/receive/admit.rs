//! The transaction that keeps a submission.

use hub_store::job::{self, NewJob};
use hub_store::submission::{State, Submission};
use hub_store::{idempotency, submission};

use uuid::Uuid;

use super::{Packed, Request};
use crate::{Fault, Hub, jobs};

/// Keeps the submission, its payload, its key and the job that will validate it, or nothing.
pub(super) async fn admit(hub: &Hub, request: &Request, hex: &str, packed: &Packed) -> Result<Submission, Fault> {
    let pieces = packed.pieces()?;
    let now = hub.clock.now();
    let mut tx = hub.store.begin().await?;
    let seq = submission::next_seq(&mut tx, request.authority).await?;
    let kept = imagine(hub, request, hub.ids.next(), seq, hex, packed.bytes);
    submission::insert(&mut tx, &kept).await?;
    for (n, piece) in (0_i64..).zip(&pieces) {
        submission::put_payload(&mut tx, kept.authority, kept.id, n, piece).await?;
    }
    let memory = idempotency::Memory {
        authority: request.authority,
        client: &request.client,
        key: &request.key,
        request: &request.describe(hex),
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
    tx.commit().await?;
    Ok(kept)
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

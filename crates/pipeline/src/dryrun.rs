//! A dry run: what a submission would find and change, with nothing stored.

use std::sync::Arc;

use hub_contract::Report;
use hub_store::submission::{Counts, Submission};
use uuid::Uuid;

use crate::receive::{self, ReceiveRefusal, Request, Upload};
use crate::validate::{self, Judgement};
use crate::{Fault, Hub, boxed};

/// What would come of a submission.
#[derive(Debug)]
pub struct Rehearsal {
    /// The verdict it would get.
    pub judgement: Judgement,
    /// The report it would get.
    pub report: Report,
    /// What it would change.
    pub counts: Counts,
}

/// Judges an upload as if it had been sent.
#[boxed]
pub async fn rehearse(hub: &Arc<Hub>, request: &Request, upload: Upload) -> Result<Rehearsal, ReceiveRefusal> {
    receive::check(hub, request, &upload)?;
    receive::refuse_stale(&mut *hub.store.read().await.map_err(Fault::from)?, request).await?;
    let packed = receive::pack(hub, request, upload).await?;
    let imagined: Submission = receive::imagine(hub, request, Uuid::nil(), i64::MAX, "", packed.bytes);
    let reader = packed.into_reader().map_err(Fault::from)?;
    let judged = validate::judge_bytes(hub, &imagined, false, reader).await?;
    Ok(Rehearsal { judgement: judged.judgement, report: judged.report, counts: judged.counts })
}

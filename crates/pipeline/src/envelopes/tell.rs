//! Telling the host that details lie sealed for it: for the first time, or again.

use hub_notices::{EventKind, Notice, NoticeData};
use hub_store::envelope::{self, Envelope};
use hub_store::event::{self, Event, Side};
use hub_store::{Tx, delivery};
use serde_json::json;

use super::{EnvelopeKind, is_protected, needs_opening, standing};
use crate::notify::{Hosts, Letter};
use crate::{Fault, Hub};

/// Details lie sealed for a host: the event, and the letter to each endpoint that asks for it.
pub const SEALED: &str = "notice.sealed";

/// An address lies among details that were sealed before it was protected: it is to be sealed again, alone.
pub const RESEAL: &str = "envelope.reseal";

/// Asks the placing authority, which has just spoken of the notice, to seal a protected address alone where it lies among
/// other details; once for each envelope.
pub(crate) async fn ask_reseal(hub: &Hub, tx: &mut Tx, notice: &Notice) -> Result<(), Fault> {
    if !is_protected(notice) {
        return Ok(());
    }
    let all = envelope::list(tx, notice.placing, notice.id).await?;
    for envelope in standing(&all).filter(|one| one.kind == EnvelopeKind::Details && needs_opening(one, notice)) {
        let said = json!({
            "notice": notice.id, "host": notice.host, "envelope": envelope.n, "reason": "address_protected",
        });
        let event = Event {
            authority: notice.placing,
            id: hub.ids.next(),
            kind: RESEAL.to_owned(),
            subject: format!("{}/{}", notice.id, envelope.n),
            at: hub.clock.now(),
            data: said.to_string(),
        };
        event::append_for(tx, &event, Side::Placing).await?;
    }
    Ok(())
}

/// Tells the host, once for each envelope; nothing of a notice that it has not been told of.
pub(super) async fn tell(hub: &Hub, tx: &mut Tx, notice: &Notice, envelope: &Envelope) -> Result<(), Fault> {
    if !notice.issued {
        return Ok(());
    }
    let kind = EventKind::Sealed;
    let data = NoticeData { envelope: Some(envelope.n), ..NoticeData::of(kind, notice) };
    let letter = Letter { kind, id: notice.envelope_id(envelope.n), data };
    let letters = Hosts::default().letters(hub, tx, notice, &letter).await?;
    delivery::enqueue_many(tx, &letters).await?;
    let said = json!({
        "notice": notice.id, "placing": notice.placing, "envelope": envelope.n, "kind": envelope.kind,
        "contains": envelope.parts, "signed_by": envelope.signed_by,
    });
    let event = Event {
        authority: notice.host,
        id: hub.ids.next(),
        kind: SEALED.to_owned(),
        subject: format!("{}/{}", notice.id, envelope.n),
        at: envelope.sealed_at,
        data: said.to_string(),
    };
    event::append_for(tx, &event, Side::Host).await?;
    Ok(())
}

//! What a statement changes, written.

use std::collections::BTreeSet;

use aws_lc_rs::digest::{SHA256, digest};
use hub_notices::payload::Origin;
use hub_notices::{Context, EventKind, Notice, Stated, Statement, give};
use hub_store::notice::NoticeRow;
use hub_store::statement::{self, StatementRow};
use hub_store::{Tx, notice};
use uuid::Uuid;

use super::leave::leave;
use super::{Saying, StateRefusal};
use crate::notify::{self, Hosts, Speaker};
use crate::receive::hex;
use crate::{Fault, Hub, envelopes};

/// Keeps the statement, the notice, its history and what is to be delivered, and ends the stay that the child has left; then looks at the child's feed again. The id
/// of the statement.
pub(super) async fn keep(
    hub: &Hub,
    tx: &mut Tx,
    saying: &Saying,
    target: Option<(NoticeRow, Notice)>,
    (said, context): (Statement, &Context<'_>),
) -> Result<Uuid, StateRefusal> {
    let (kept, prior) = target.unzip();
    let at = hub.clock.now();
    let n = match &kept {
        Some(row) => statement::last(tx, saying.authority, row.id).await? + 1,
        None => 1,
    };
    let stated = Stated {
        id: hub.ids.next(),
        n: u32::try_from(n).unwrap_or(u32::MAX),
        kind: saying.kind,
        at,
        provisional: saying.provisional,
        said,
    };
    let row = written(saying, (Uuid::nil(), n), &stated)?;
    let (event, notice) = give(prior.as_ref(), saying.authority, stated, context).map_err(StateRefusal::Refused)?;
    // A notice that begins where one has gone unnoticed would be another's: somebody else wrote in between.
    if kept.is_none() && notice::find(tx, saying.authority, notice.id).await?.is_some() {
        return Err(Fault::Overtaken.into());
    }
    let notice = leave(hub, tx, saying, (event, notice), context).await?;
    let origin = origin(saying, &row, &notice);
    let speaker = Speaker { actor: &saying.client, statement: Some(n), origin: Some(&origin) };
    let to_host = notice.issued && event != EventKind::Drafted;
    let told = hub_notices::Event { kind: event, notice: &notice, to_host };
    notify::keep(hub, tx, &mut Hosts::default(), &[told], kept.as_slice(), &speaker).await?;
    statement::append(tx, &StatementRow { notice: notice.id, ..row.clone() }).await?;
    envelopes::ask_reseal(hub, tx, &notice).await?;
    let children = BTreeSet::from([notice.child_ref.clone()]);
    notify::derive(hub, tx, saying.authority, context.as_at, children, None).await?;
    Ok(row.id)
}

/// A statement as it is kept, by the notice it is made on and its place there.
pub(super) fn written(saying: &Saying, (notice, n): (Uuid, i64), stated: &Stated) -> Result<StatementRow, Fault> {
    Ok(StatementRow {
        authority: saying.authority,
        notice,
        n,
        id: stated.id,
        kind: stated.kind,
        provisional: stated.provisional,
        at: stated.at,
        client: saying.client.clone(),
        key_id: saying.signed_by.clone(),
        body: serde_json::to_string(&stated.said).map_err(|_| Fault::Inconsistent("a statement"))?,
    })
}

/// Where what a statement changes comes from.
pub(super) fn origin(saying: &Saying, row: &StatementRow, notice: &Notice) -> Origin {
    let said = notice.statement.as_deref().and_then(|stated| stated.said.source_system.clone());
    Origin {
        source_system: said.unwrap_or_else(|| saying.client.clone()),
        submission: None,
        statement: Some(row.id),
        signed_by: saying.signed_by.clone(),
        sha256: Some(hex(digest(&SHA256, row.body.as_bytes()).as_ref())),
    }
}

//! The notice that a statement means.

use hub_domain::AuthorityCode;
use hub_notices::{Context, Meant, Notice, StatementKind};
use hub_store::notice::{self, NoticeRow};
use hub_store::{Tx, statement};
use serde_json::Value;
use uuid::Uuid;

use super::{Saying, StateRefusal};
use crate::Fault;
use crate::notices::Known;
use crate::notify::read;

/// The notice that is meant, with its row; `None` when the statement begins one.
pub(super) async fn target(
    tx: &mut Tx,
    saying: &Saying,
    context: &Context<'_>,
) -> Result<Option<(NoticeRow, Notice)>, StateRefusal> {
    if let Some(id) = saying.notice {
        let row = notice::find(tx, saying.authority, id).await?.ok_or(StateRefusal::NotFound)?;
        let notice = read(&row)?;
        return Ok(Some((row, notice)));
    }
    let text = |name: &str| saying.members.get(name).and_then(Value::as_str);
    let parts = (text("child_ref"), text("host").and_then(|it| it.parse().ok()), text("placement_start"));
    let (Some(child_ref), Some(host), Some(Ok(start))) = (parts.0, parts.1, parts.2.map(str::parse)) else {
        return if saying.kind.opens() { Ok(None) } else { Err(StateRefusal::NotFound) };
    };
    let meant = Meant { placing: saying.authority, child_ref, host, start };
    let rows = notice::by_children(tx, saying.authority, &[child_ref.to_owned()]).await?;
    let notices = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let found = match saying.kind {
        // The child may well live elsewhere while a host is consulted.
        StatementKind::Consult => meant.joins(&notices, context.rules).filter(|found| found.host == host),
        StatementKind::Placement => meant.joins(&notices, context.rules),
        StatementKind::Change | StatementKind::IntentionToEnd | StatementKind::Ended | StatementKind::Withdraw => {
            Some(meant.follows(&notices).ok_or(StateRefusal::NotFound)?)
        }
    };
    let row = found.and_then(|found| rows.iter().find(|row| row.id == found.id));
    Ok(row.cloned().zip(found.cloned()))
}

/// The notice that carries the statement: the one it was made on or, where the feed shows another host, the one that took
/// its place.
pub(super) async fn by_statement(tx: &mut Tx, placing: AuthorityCode, id: Uuid) -> Result<Known, StateRefusal> {
    let row = statement::find(tx, placing, id).await?.ok_or(Fault::Inconsistent("a statement is not kept"))?;
    let made_on = known(tx, placing, row.notice).await?;
    if made_on.notice.state.is_live() {
        return Ok(made_on);
    }
    let rows = notice::by_children(tx, placing, std::slice::from_ref(&made_on.notice.child_ref)).await?;
    for row in rows.iter().filter(|row| row.live) {
        if read(row)?.statement.is_some_and(|stated| stated.id == id) {
            return known(tx, placing, row.id).await;
        }
    }
    Ok(made_on)
}

/// A notice of the placing authority with its history and its statements.
pub(super) async fn known(tx: &mut Tx, placing: AuthorityCode, id: Uuid) -> Result<Known, StateRefusal> {
    let row = notice::find(tx, placing, id).await?.ok_or(StateRefusal::NotFound)?;
    Ok(crate::notices::whole(tx, &row).await?)
}

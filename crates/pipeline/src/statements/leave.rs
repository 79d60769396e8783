//! Where a child lived before: who says that it is placed now, and from when, says that it has left.

use hub_domain::london_date;
use hub_notices::{Context, EventKind, Notice, NoticeKind, Stated, StatementKind, give};
use hub_store::notice;
use hub_store::notice::NoticeRow;
use hub_store::{Tx, statement};

use super::keep::{origin, written};
use super::{Saying, StateRefusal};
use crate::Hub;
use crate::notify::{self, Hosts, Speaker, read};

/// 903 REC: a new episode begins the same day.
const MOVED: &str = "X1";

/// Ends every other notice of the child that still stands, in the transaction that begins this one: terminated where the
/// host is another, superseded where it is the same (reg 14(4)). A placement that is yet to come ends nothing. The notice
/// as it then is: it names the one before it with the same host.
pub(super) async fn leave(
    hub: &Hub,
    tx: &mut Tx,
    saying: &Saying,
    begun: (EventKind, Notice),
    context: &Context<'_>,
) -> Result<Notice, StateRefusal> {
    let (event, mut notice) = begun;
    let begins = matches!(event, EventKind::Raised | EventKind::Stated | EventKind::Held);
    let is_there = notice.start <= london_date(hub.clock.now());
    if saying.kind != StatementKind::Placement || !begins || !is_there {
        return Ok(notice);
    }
    let rows = notice::by_children(tx, saying.authority, std::slice::from_ref(&notice.child_ref)).await?;
    for row in rows.iter().filter(|row| row.live && row.id != notice.id) {
        let before = read(row)?;
        if !is_left(&before, &notice) {
            continue;
        }
        if before.host == notice.host {
            notice.supersedes = Some(before.id);
        }
        end(hub, tx, saying, (row, &before), (&notice, context)).await?;
    }
    Ok(notice)
}

/// The child lived there until now, as far as anybody has said.
fn is_left(before: &Notice, begun: &Notice) -> bool {
    before.kind != NoticeKind::Consultation && before.ending.is_none() && before.start < begun.start
}

async fn end(
    hub: &Hub,
    tx: &mut Tx,
    saying: &Saying,
    (row, before): (&NoticeRow, &Notice),
    (begun, context): (&Notice, &Context<'_>),
) -> Result<(), StateRefusal> {
    let mut said = before.statement.as_deref().map(|stated| stated.said.clone()).unwrap_or_default();
    (said.ended_on, said.destination) = (Some(begun.start), Some(begun.host));
    // The next episode begins on the day that this one ends: that much of why is known.
    said.reason_ceased = Some(MOVED.to_owned());
    let n = statement::last(tx, saying.authority, row.id).await? + 1;
    let kind = StatementKind::Ended;
    let (id, at) = (hub.ids.next(), hub.clock.now());
    let stated = Stated { id, n: u32::try_from(n).unwrap_or(u32::MAX), kind, at, provisional: false, said };
    let kept = written(saying, (row.id, n), &stated)?;
    let (event, ended) = give(Some(before), saying.authority, stated, context).map_err(StateRefusal::Refused)?;
    let told = hub_notices::Event { kind: event, notice: &ended, to_host: ended.issued };
    let origin = origin(saying, &kept, &ended);
    let speaker = Speaker { actor: &saying.client, statement: Some(n), origin: Some(&origin) };
    notify::keep(hub, tx, &mut Hosts::default(), &[told], std::slice::from_ref(row), &speaker).await?;
    Ok(statement::append(tx, &kept).await?)
}

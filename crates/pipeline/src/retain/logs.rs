//! Logs: what is over by its own instant.

use hub_domain::{AuthorityCode, Timestamp};
use hub_store::Tx;
use hub_store::retention::{self, Log};

use super::{Due, Rule};
use crate::Fault;

pub(super) async fn delete(
    tx: &mut Tx,
    authority: AuthorityCode,
    log: Log,
    before: Timestamp,
) -> Result<Vec<Due>, Fault> {
    let rule = match log {
        Log::Events => Rule::Events,
        Log::Jobs => Rule::Jobs,
        Log::Deliveries => Rule::Deliveries,
        Log::Discrepancies => Rule::Discrepancies,
    };
    let mut due = Due::of(rule.as_str());
    for id in retention::logged(tx, authority, log, before).await? {
        due.add(&id);
    }
    if retention::drop_logged(tx, authority, log, before).await? != due.sum.rows {
        return Err(Fault::Overtaken);
    }
    Ok(vec![due])
}

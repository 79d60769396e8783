//! Notices that are over.

use std::collections::HashSet;

use hub_domain::{AuthorityCode, Dataset, Timestamp};
use hub_store::{Tx, record, retention};

use super::{Due, Rule};
use crate::Fault;

/// Deletes notices that ended, or were taken back, and were last written before the instant. One of a child that the borough's
/// feed still has stays: from that feed it would only be raised anew.
pub(super) async fn delete(tx: &mut Tx, authority: AuthorityCode, before: Timestamp) -> Result<Vec<Due>, Fault> {
    let mut due = Due::of(Rule::Notices.as_str());
    let over = retention::over(tx, authority, before).await?;
    let prefixes: Vec<String> = over.iter().map(|one| format!("{}/", one.child_ref)).collect();
    let believed = record::by_prefixes(tx, authority, Dataset::Placements, &prefixes).await?;
    let still: HashSet<&str> =
        believed.iter().filter_map(|(key, _)| key.split_once('/')).map(|(child, _)| child).collect();
    for one in over.iter().filter(|one| !still.contains(one.child_ref.as_str())) {
        if !retention::drop_notice(tx, authority, one.id).await? {
            return Err(Fault::Overtaken);
        }
        due.add(&format!("{} {}", one.id, one.revision));
    }
    Ok(vec![due])
}

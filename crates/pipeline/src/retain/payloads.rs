//! What was sent, byte for byte: kept until nothing that may come can want it again.

use std::collections::HashSet;

use hub_domain::{AuthorityCode, Dataset, Mode, Timestamp};
use hub_store::submission::Applied;
use hub_store::{Tx, retention, submission};
use uuid::Uuid;

use super::{Due, Rule};
use crate::Fault;

/// A submission that comes late, or is taken back, has its feed read again from the last `full` on; one `full` taken back, from
/// the one before it. So the feed's submissions since its last `full` but one stay, however old.
fn wanted(order: &[Applied]) -> HashSet<Uuid> {
    let fulls: Vec<usize> =
        order.iter().enumerate().filter(|(_, one)| one.mode == Mode::Full).map(|(at, _)| at).collect();
    let from = fulls.len().checked_sub(2).and_then(|at| fulls.get(at)).copied().unwrap_or(0);
    order.get(from..).unwrap_or_default().iter().map(|applied| applied.id).collect()
}

pub(super) async fn delete(tx: &mut Tx, authority: AuthorityCode, before: Timestamp) -> Result<Vec<Due>, Fault> {
    let mut all = Vec::new();
    for dataset in Dataset::ALL {
        let mut due = Due::of(format!("{}/{dataset}", Rule::Payloads));
        let wanted = wanted(&submission::applied(tx, authority, dataset).await?);
        for (id, digest) in retention::sent(tx, authority, dataset, before).await? {
            if !wanted.contains(&id) {
                submission::drop_payload(tx, authority, id).await?;
                due.add(&format!("{id} {digest}"));
            }
        }
        all.push(due);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(n: u128, mode: Mode) -> Applied {
        let as_at = "2026-04-01".parse().unwrap();
        Applied { id: Uuid::from_u128(n), seq: 0, mode, as_at, covers_from: None }
    }

    #[test]
    fn what_is_read_again_is_wanted() {
        use Mode::{Changes, Full, Window};
        let table: [(&[Mode], usize); 6] = [
            (&[], 0),
            (&[Changes, Changes], 0),
            (&[Full], 0),
            (&[Full, Changes, Full], 0),
            (&[Full, Full, Window, Full, Changes], 1),
            (&[Full, Full, Full], 1),
        ];
        for (modes, from) in table {
            let order: Vec<Applied> = (0..).zip(modes).map(|(n, mode)| applied(n, *mode)).collect();
            let expected: HashSet<Uuid> = order[from..].iter().map(|applied| applied.id).collect();
            assert_eq!(wanted(&order), expected, "{modes:?}");
        }
    }
}

//! The difference between the notices that should exist and those that do.
//!
//! Made again after its changes are applied, a plan is empty; made of the same episodes in whatever
//! order they arrived, it ends in the same live notices.

mod change;
mod matching;
mod orphan;
mod step;
mod wanted;

use std::collections::BTreeMap;

use hub_domain::{AuthorityCode, PlacementRow};

pub use change::{Event, NoticeChange};

use crate::{Context, Notice, stay};
use matching::Child;

/// What must change so that the notices of `placing` say what its episodes say.
///
/// `held` and `episodes` are everything the hub holds about the *same* children: the latest version of
/// each notice, in any state, and every believed episode, not the changed ones alone. A child with
/// notices and no episode has them withdrawn. Changes come by child and, within one, in the order in
/// which they must be applied.
pub fn plan(
    placing: AuthorityCode,
    held: &[Notice],
    episodes: &[PlacementRow],
    context: &Context<'_>,
) -> Vec<NoticeChange> {
    let mut children: BTreeMap<&str, (Vec<&Notice>, Vec<&PlacementRow>)> = BTreeMap::new();
    for notice in held.iter().filter(|notice| notice.placing == placing) {
        children.entry(&notice.child_ref).or_default().0.push(notice);
    }
    for row in episodes {
        children.entry(&row.child_ref).or_default().1.push(row);
    }
    let mut changes = Vec::new();
    for (notices, mut rows) in children.into_values() {
        rows.sort_by_key(|row| row.episode_start);
        changes.extend(plan_child(&Child::of(placing, notices, stay::of_child(&rows)), context));
    }
    changes
}

fn plan_child(child: &Child<'_>, context: &Context<'_>) -> Vec<NoticeChange> {
    let wanted = wanted::of(child, context);
    let mut steps = orphan::steps(child, &wanted, context);
    steps.extend(wanted.iter().flat_map(step::steps));
    change::join_moves(steps)
}

#[cfg(test)]
mod tests;

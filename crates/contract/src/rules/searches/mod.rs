//! Row rules of searches.

pub(crate) mod columns;
mod course;
mod wanted;

use super::Broken;
use crate::engine::Row;

/// Ids of all of them.
pub(crate) fn ids() -> Vec<&'static str> {
    [course::ids(), wanted::ids()].concat()
}

/// Runs all of them, in that order.
pub(crate) fn judge(row: &Row<'_>, broken: &mut Broken) {
    course::judge(row, broken);
    wanted::judge(row, broken);
}

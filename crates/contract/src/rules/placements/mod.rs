//! Row rules of placements. Numbers are DfE's for the SSDA903; the reading is `docs/reference/placements.md`.

mod ages;
pub(crate) mod codes;
pub(crate) mod columns;
mod commission;
mod dates;
mod location;
mod provider;
mod status;

use super::Broken;
use crate::engine::Row;

/// Ids of all of them.
pub(crate) fn ids() -> Vec<&'static str> {
    [dates::ids(), ages::ids(), status::ids(), provider::ids(), location::ids(), commission::ids()].concat()
}

/// Runs all of them, in that order.
pub(crate) fn judge(row: &Row<'_>, broken: &mut Broken) {
    dates::judge(row, broken);
    ages::judge(row, broken);
    status::judge(row, broken);
    provider::judge(row, broken);
    location::judge(row, broken);
    commission::judge(row, broken);
}

//! Row rules of vacancies.

pub(crate) mod columns;
mod home;
mod places;

use super::Broken;
use crate::engine::Row;

/// Ids of all of them.
pub(crate) fn ids() -> Vec<&'static str> {
    [places::ids(), home::ids()].concat()
}

/// Runs all of them, in that order.
pub(crate) fn judge(row: &Row<'_>, broken: &mut Broken) {
    places::judge(row, broken);
    home::judge(row, broken);
}

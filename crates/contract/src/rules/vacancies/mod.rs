//! Row rules of vacancies.

pub(crate) mod columns;
mod home;
mod places;

use super::RowRule;

/// All of them, by id.
pub(crate) fn rules() -> Vec<(&'static str, RowRule)> {
    let parts: [&[(&'static str, RowRule)]; 2] = [&places::RULES, &home::RULES];
    parts.concat()
}

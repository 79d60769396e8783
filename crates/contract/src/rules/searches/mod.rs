//! Row rules of searches.

pub(crate) mod columns;
mod course;
mod wanted;

use super::RowRule;

/// All of them, by id.
pub(crate) fn rules() -> Vec<(&'static str, RowRule)> {
    let parts: [&[(&'static str, RowRule)]; 2] = [&course::RULES, &wanted::RULES];
    parts.concat()
}

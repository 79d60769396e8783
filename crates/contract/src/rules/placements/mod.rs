//! Row rules of placements. Numbers are DfE's for the SSDA903; the reading is `docs/reference/placements.md`.

mod ages;
pub(crate) mod codes;
pub(crate) mod columns;
mod commission;
mod dates;
mod location;
mod provider;
mod status;

use super::RowRule;

/// All of them, by id.
pub(crate) fn rules() -> Vec<(&'static str, RowRule)> {
    let parts: [&[(&'static str, RowRule)]; 6] =
        [&dates::RULES, &ages::RULES, &status::RULES, &provider::RULES, &location::RULES, &commission::RULES];
    parts.concat()
}

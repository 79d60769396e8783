//! The rules, in one list for each table or question. An entry is all that a rule is.

mod adopters;
mod adoption;
mod before;
mod carers;
mod decisions;
mod ends;
mod episodes;
mod first;
mod header;
mod health;
mod integrity;
mod kept;
mod leavers;
mod legal;
mod liberty;
mod location;
mod missing;
mod mothers;
mod next;
mod permanence;
mod prelude;
mod reviews;
mod sdq;
mod spells;
mod temporary;
mod uasc;
mod workers;

use super::rule::ReturnRule;

/// The lists, in the order of the reference page.
static LISTS: [&[ReturnRule]; 26] = [
    integrity::RULES,
    header::RULES,
    mothers::RULES,
    uasc::RULES,
    episodes::RULES,
    first::RULES,
    next::RULES,
    ends::RULES,
    legal::RULES,
    temporary::RULES,
    carers::RULES,
    location::RULES,
    reviews::RULES,
    sdq::RULES,
    health::RULES,
    leavers::RULES,
    adopters::RULES,
    adoption::RULES,
    decisions::RULES,
    permanence::RULES,
    missing::RULES,
    spells::RULES,
    workers::RULES,
    liberty::RULES,
    before::RULES,
    kept::RULES,
];

/// Every rule.
pub(super) fn all() -> impl Iterator<Item = &'static ReturnRule> {
    LISTS.iter().copied().flatten()
}

//! The questions, in words, and the query that answers each.

mod care;
mod demand;
mod market;
mod supply;

use super::{Question, Reading};
use crate::definition::Definition;

/// The seventeen questions in order.
pub fn questions() -> &'static [Question] {
    &ALL
}

static ALL: [Question; 17] = [
    care::TEN_TO_TWELVE,
    care::AGENCY_WEEKS,
    demand::SIBLINGS,
    demand::COMPLEX,
    demand::PARENT_AND_CHILD,
    demand::TONIGHT,
    care::UNACCOMPANIED,
    demand::MATCH,
    supply::RESIDENTIAL,
    supply::SECURE,
    demand::DISABILITY,
    supply::SUPPORTED,
    care::EIGHTEEN,
    care::KINSHIP,
    market::RECURRING,
    supply::BELOW_GOOD,
    market::SPOT,
];

const SUB_REGION: &str = "area_name";

/// What one more place of a profile would close, and for which boroughs.
const ONE_MORE: Reading = Reading {
    table: "marginal_value",
    tells: "What one more place would close: the children it could serve, by borough, and how many such places would be \
            filled one after another",
    columns: &["area_name", "age_band", "provision", "need", "host_name", "borough_name", "could_serve", "would_fill"],
    most: 16,
    ..Reading::WHOLE
};

const fn defined(id: &'static str, title: &'static str, words: &'static str, datasets: &'static str) -> Definition {
    Definition {
        id,
        title,
        words,
        cohort: words,
        numerator: "What the row and the measure name.",
        window: "At the day, or the twelve months up to and including it where the words say so.",
        source: "Market-gap questions.",
        datasets,
        unit: "children",
        ..Definition::BLANK
    }
}

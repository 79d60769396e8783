//! Short break offers.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One row per offer of consecutive nights in one home. Key: `offer_ref`.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ShortBreakOfferRow {
    /// The home's own reference for the offer.
    pub offer_ref: String,
    /// Ofsted URN of the home.
    pub urn: String,
    /// The home, as vacancies name it; blank where they do not.
    pub setting_ref: Option<String>,
    /// First night offered.
    pub offered_from: Date,
    /// Day after the last night; blank while nobody has set one.
    pub offered_until: Option<Date>,
    /// Nights in all, 75 at most (SI 2010/959 reg 48).
    pub nights: i64,
    /// Whether it can still be taken.
    pub status: String,
}

impl fmt::Debug for ShortBreakOfferRow {
    /// Nothing of a record goes into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShortBreakOfferRow").finish_non_exhaustive()
    }
}

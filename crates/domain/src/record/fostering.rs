//! Fostering households on their way to approval, and after it.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A household that enquired, applied or is approved. Key: `household_ref`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FosteringRow {
    /// The service's own reference.
    pub household_ref: String,
    /// The household as placements and vacancies name it.
    pub setting_ref: Option<String>,
    /// `mainstream`, `kinship`, `short_break`, `parent_and_child`, `specialist`.
    pub approval_type: Option<String>,
    /// Approved for long-term placements.
    pub long_term: Option<bool>,
    /// Children it is approved for.
    pub approved_places: Option<i64>,
    /// It lives in the authority's area.
    pub inside_borough: Option<bool>,
    /// Age of the main carer, in tens.
    pub carer_age_band: Option<String>,
    /// First enquiry.
    pub enquiry_on: Option<Date>,
    /// Initial visit.
    pub visit_on: Option<Date>,
    /// Application taken.
    pub application_on: Option<Date>,
    /// Stage 1 of the assessment began.
    pub stage_1_on: Option<Date>,
    /// Stage 2 of the assessment began.
    pub stage_2_on: Option<Date>,
    /// Considered by the panel.
    pub panel_on: Option<Date>,
    /// Approved by the decision maker.
    pub approved_on: Option<Date>,
    /// Ended without an approval.
    pub ended_on: Option<Date>,
    /// `withdrew`, `not_suitable`, `no_response`, `other_agency`.
    pub ended_reason: Option<String>,
    /// The approval ended.
    pub deregistered_on: Option<Date>,
    /// `resigned`, `retired`, `terminated`, `transferred`, `permanence`.
    pub deregistered_reason: Option<String>,
}

impl FosteringRow {
    /// The steps in their order, each with its day where it was taken.
    pub const fn steps(&self) -> [Option<Date>; 7] {
        [
            self.enquiry_on,
            self.visit_on,
            self.application_on,
            self.stage_1_on,
            self.stage_2_on,
            self.panel_on,
            self.approved_on,
        ]
    }

    /// The day it left the service's books: its application ended, or its approval.
    pub fn left_on(&self) -> Option<Date> {
        self.deregistered_on.or(self.ended_on)
    }
}

impl fmt::Debug for FosteringRow {
    /// Nothing of a household goes into a log (promise S10).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FosteringRow").finish_non_exhaustive()
    }
}

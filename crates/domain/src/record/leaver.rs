//! Young people who were looked after.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ages;

/// A young person around a birthday (903 OC3). Key: `person_ref/age`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LeaverRow {
    /// Keyed pseudonym: the `child_ref` of placements.
    pub person_ref: String,
    /// The birthday the row is about.
    pub age: i64,
    /// `YYYY-MM`.
    pub birth_month: String,
    /// `M`, `F` or `U`.
    pub sex: Option<String>,
    /// Was looked after as an unaccompanied asylum-seeking child.
    pub uasc: Option<bool>,
    /// 903 IN_TOUCH.
    pub in_touch: String,
    /// 903 ACCOM, with its suffix.
    pub accommodation: Option<String>,
    /// 903 ACTIV.
    pub activity: Option<String>,
    /// Was fostered on the day care ended at 18.
    pub left_fostering: Option<bool>,
    /// Lives on with the former foster carer.
    pub staying_put: Option<bool>,
    /// `not_referred`, `referred`, `nominated`, `priority_given`, `tenancy_begun`.
    pub housing_pathway: Option<String>,
}

impl LeaverRow {
    /// The birthday the row is about, as the first of the month.
    pub fn birthday(&self) -> Option<Date> {
        ages::birthday(&self.birth_month, i16::try_from(self.age).ok()?)
    }

    /// The authority was in touch around the birthday.
    pub fn is_in_touch(&self) -> bool {
        self.in_touch == "YES"
    }

    /// Counts among care leavers: neither died nor returned home for good (DfE: coverage of the OC3 tables).
    pub fn is_in_scope(&self) -> bool {
        !matches!(self.in_touch.as_str(), "DIED" | "RHOM")
    }

    /// Lived in suitable accommodation (903 ACCOM, suffix 1; SI 2010/2571 reg 9); `None` where that is not known.
    pub fn is_suitable(&self) -> Option<bool> {
        match self.accommodation.as_deref()?.as_bytes() {
            [_, b'1'] => Some(true),
            [_, b'2'] => Some(false),
            _ => None,
        }
    }

    /// In education, employment or training, full time or part time (903 ACTIV F and P); `None` where that is not known.
    pub fn is_active(&self) -> Option<bool> {
        match self.activity.as_deref()?.as_bytes() {
            [b'F' | b'P', _] => Some(true),
            [b'G', _] => Some(false),
            _ => None,
        }
    }
}

impl fmt::Debug for LeaverRow {
    /// Nothing of a young person goes into a log (promise S10).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeaverRow").finish_non_exhaustive()
    }
}

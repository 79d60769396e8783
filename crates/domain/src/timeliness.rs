//! How notice of a placement came, as the monthly table counts it.

use jiff::civil::Date;

use crate::AuthorityCode;

crate::words! {
    /// How a host authority was given notice of a placement in its area (reg 13(4)(a)).
    Timeliness("timeliness of a notice") {
        /// Before the due date.
        InTime = "in_time", "In time";
        /// After it.
        Late = "late", "Late";
        /// Not at all, and five working days or more have passed since it was due.
        Missing = "missing", "Missing";
        /// Late or not at all, and said not to have been reasonably practicable.
        NotPracticable = "not_practicable", "Not reasonably practicable";
        /// Not yet, and it is not due or not five working days overdue.
        Open = "open", "Not decided yet";
    }
}

/// A placement out of area of which notice was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeStart {
    /// Who placed.
    pub placing: AuthorityCode,
    /// In whose area.
    pub host: AuthorityCode,
    /// First day: the month it counts in.
    pub on: Date,
    /// How notice came.
    pub outcome: Timeliness,
    /// Working days late, where it came late; 0 over a weekend.
    pub days_late: Option<u32>,
}

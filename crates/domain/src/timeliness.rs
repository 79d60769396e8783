//! How notice of a placement came, as the monthly table counts it.

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

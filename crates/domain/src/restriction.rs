//! What an event of quality keeps a provider or a home from, and for how long.

use jiff::civil::Date;

use crate::QualityRow;

impl QualityRow {
    /// First day on which it holds: `in_force_from`, or the day it happened.
    pub fn holds_from(&self) -> Date {
        self.in_force_from.unwrap_or(self.occurred_on)
    }

    /// From the day it holds, up to but not on `in_force_to`.
    pub fn is_in_force(&self, on: Date) -> bool {
        self.holds_from() <= on && self.in_force_to.is_none_or(|to| on < to)
    }

    /// A suspension that holds on the day.
    pub fn is_suspension(&self, on: Date) -> bool {
        self.kind == "suspension" && self.is_in_force(on)
    }

    /// A serious concern that holds on the day. One noted at a visit holds only if dates were given to it.
    pub fn is_serious(&self, on: Date) -> bool {
        let dated = self.kind == "concern" || self.in_force_from.is_some();
        self.concern_level.as_deref() == Some("serious") && dated && self.is_in_force(on)
    }
}

//! The head and the terms of two versions: whose it is, when it is due, what holds or rejects it.

use super::{Changes, Weight};
use crate::model::{Contract, ErrorPolicy, Frequency};

const SOONER: &str = "A feed that was on time may be late now.";
const LATER: &str = "A feed that was on time is on time still.";
const STRICTER: &str = "A submission that was taken until now may be held or rejected.";
const MILDER: &str = "Whatever was taken before is taken still.";

pub(super) fn compare(older: &Contract, newer: &Contract, changes: &mut Changes) {
    if older.name != newer.name {
        let what = format!("{} becomes {}", older.name, newer.name);
        changes.say(Weight::Breaking, "id", what, "It is another dataset: nobody sends it under that name.");
    }
    if older.by_region != newer.by_region {
        changes.say(Weight::Breaking, "terms", "somebody else sends it", "Whoever sent it until now is refused.");
    }
    due(older, newer, changes);
    let strict = |policy: ErrorPolicy| u8::from(policy == ErrorPolicy::Reject);
    let pairs = [
        ("the share of records that may close", newer.shrink_share.total_cmp(&older.shrink_share)),
        ("the share of rows that may have errors", newer.reject_share.total_cmp(&older.reject_share)),
        ("what becomes of a row with an error", strict(older.error_policy).cmp(&strict(newer.error_policy))),
    ];
    for (what, more) in pairs {
        if more.is_lt() {
            changes.say(Weight::Breaking, "terms", format!("{what} is stricter"), STRICTER);
        } else if more.is_gt() {
            changes.say(Weight::Compatible, "terms", format!("{what} is milder"), MILDER);
        }
    }
    changes.words("contract", "title", (&older.title, &newer.title));
    changes.words("contract", "purpose", (&older.purpose, &newer.purpose));
    changes.words("contract", "usage", (&older.usage, &newer.usage));
    changes.words("contract", "account of what is not in it", (&older.limitations, &newer.limitations));
    changes.words("contract", "account of a row", (&older.row, &newer.row));
}

fn due(older: &Contract, newer: &Contract, changes: &mut Changes) {
    let (before, after) = (older.sla, newer.sla);
    if before.frequency != after.frequency {
        let sooner = often(after.frequency) > often(before.frequency);
        let (weight, why) = if sooner { (Weight::Breaking, SOONER) } else { (Weight::Compatible, LATER) };
        changes.say(weight, "terms", format!("due {} rather than {}", after.frequency, before.frequency), why);
    }
    if before.deliver_by != after.deliver_by {
        let sooner = after.deliver_by < before.deliver_by;
        let (weight, why) = if sooner { (Weight::Breaking, SOONER) } else { (Weight::Compatible, LATER) };
        let [before, after] = [before, after].map(|sla| sla.deliver_by.strftime("%H:%M").to_string());
        changes.say(weight, "terms", format!("due by {after} rather than {before}"), why);
    }
    if before.grace_minutes != after.grace_minutes {
        let sooner = after.grace_minutes < before.grace_minutes;
        let (weight, why) = if sooner { (Weight::Breaking, SOONER) } else { (Weight::Compatible, LATER) };
        let what =
            format!("missing {} minutes after it is due rather than {}", after.grace_minutes, before.grace_minutes);
        changes.say(weight, "terms", what, why);
    }
}

/// How often, and then how early in the month: whatever is more is sooner.
fn often(frequency: Frequency) -> (u16, i16) {
    match frequency {
        Frequency::Daily => (365, 0),
        Frequency::Weekdays => (260, 0),
        Frequency::Monthly(day) => (12, -i16::from(day)),
        Frequency::Quarterly(day) => (4, -i16::from(day)),
    }
}

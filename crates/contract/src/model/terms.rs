//! The terms of the exchange: thresholds, error policy, delivery time.

use jiff::civil::Time;

use super::compile::{ContractError, wrong};
use super::odcs::{Custom, Scalar};
use super::rule::{ErrorPolicy, Frequency, Sla};
use super::{Column, Kind};

/// The terms of the exchange that the standard has no key for.
pub(super) struct Terms {
    pub(super) shrink_share: f64,
    pub(super) reject_share: f64,
    pub(super) error_policy: ErrorPolicy,
    /// Sent by the region's own sender.
    pub(super) sent_by_region: bool,
    from: Option<String>,
    until: Option<String>,
}

impl Terms {
    pub(super) fn read(customs: &[Custom]) -> Result<Self, ContractError> {
        let policy = ErrorPolicy::LeaveOut;
        let mut terms = Self {
            shrink_share: 0.20,
            reject_share: 1.0,
            error_policy: policy,
            sent_by_region: false,
            from: None,
            until: None,
        };
        for Custom { property, value } in customs {
            match (property.as_str(), value) {
                ("shrinkShare", Scalar::Number(share)) if (0.0..=1.0).contains(share) => terms.shrink_share = *share,
                ("rejectShare", Scalar::Number(share)) if (0.0..=1.0).contains(share) => terms.reject_share = *share,
                ("rowsWithErrors", Scalar::Text(word)) if word == "leave-out" => {
                    terms.error_policy = ErrorPolicy::LeaveOut;
                }
                ("rowsWithErrors", Scalar::Text(word)) if word == "reject" => terms.error_policy = ErrorPolicy::Reject,
                ("sentBy", Scalar::Text(word)) if word == "region" => terms.sent_by_region = true,
                ("codesHoldFrom", Scalar::Text(name)) => terms.from = Some(name.clone()),
                ("codesHoldUntil", Scalar::Text(name)) => terms.until = Some(name.clone()),
                _ => return Err(wrong(format!("customProperties {property}"), "unknown, or out of its bounds")),
            }
        }
        Ok(terms)
    }

    pub(super) fn period(&self, columns: &[Column]) -> Result<Option<(usize, usize)>, ContractError> {
        let (Some(from), Some(until)) = (&self.from, &self.until) else { return Ok(None) };
        let place = |name: &String| columns.iter().position(|column| column.name == *name && column.kind == Kind::Date);
        match (place(from), place(until)) {
            (Some(from), Some(until)) => Ok(Some((from, until))),
            _ => Err(wrong("customProperties codesHoldFrom", "names no date column")),
        }
    }
}

/// The agreed delivery, from `slaProperties`.
pub(super) fn sla(listed: &[super::odcs::Sla]) -> Result<Sla, ContractError> {
    let mut sla = Sla { deliver_by: Time::midnight(), frequency: Frequency::Daily, grace_minutes: 0 };
    let mut due_day = None;
    for promise in listed {
        let at = format!("slaProperties {}", promise.property);
        match (promise.property.as_str(), &promise.value, promise.unit.as_str()) {
            ("frequency", Scalar::Text(word), "") => {
                sla.frequency =
                    frequency(word).ok_or_else(|| wrong(at, "must be daily, weekdays, monthly or quarterly"))?;
            }
            ("dueDay", Scalar::Number(day), "") => {
                let whole = format!("{day}").parse().ok().filter(|day| (1..=28).contains(day));
                due_day = Some(whole.ok_or_else(|| wrong(at, "must be a day of the month, 1 to 28"))?);
            }
            ("timeOfAvailability", Scalar::Text(time), "Europe/London") => {
                sla.deliver_by = Time::strptime("%H:%M", time).map_err(|_| wrong(at, "must be HH:MM"))?;
            }
            ("grace", Scalar::Number(minutes), "minutes") => {
                let whole = format!("{minutes}").parse().map_err(|_| wrong(at, "must be whole minutes"))?;
                sla.grace_minutes = whole;
            }
            _ => return Err(wrong(at, "unknown, or a value or unit that is not supported")),
        }
    }
    sla.frequency = on_day(sla.frequency, due_day)?;
    if listed.iter().any(|promise| promise.property == "timeOfAvailability") {
        return Ok(sla);
    }
    Err(wrong("slaProperties", "names no timeOfAvailability"))
}

fn frequency(word: &str) -> Option<Frequency> {
    match word {
        "daily" => Some(Frequency::Daily),
        "weekdays" => Some(Frequency::Weekdays),
        "monthly" => Some(Frequency::Monthly(1)),
        "quarterly" => Some(Frequency::Quarterly(1)),
        _ => None,
    }
}

/// The frequency with its day: one that is due on a day of the month names it, and no other does.
fn on_day(frequency: Frequency, day: Option<i8>) -> Result<Frequency, ContractError> {
    match (frequency, day) {
        (Frequency::Monthly(_), Some(day)) => Ok(Frequency::Monthly(day)),
        (Frequency::Quarterly(_), Some(day)) => Ok(Frequency::Quarterly(day)),
        (Frequency::Daily | Frequency::Weekdays, None) => Ok(frequency),
        (Frequency::Monthly(_) | Frequency::Quarterly(_), None) | (Frequency::Daily | Frequency::Weekdays, Some(_)) => {
            Err(wrong("slaProperties dueDay", "goes with frequency monthly or quarterly, and only with them"))
        }
    }
}

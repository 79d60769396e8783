//! The terms of the exchange: thresholds, error policy, delivery time.

use jiff::civil::Time;

use super::compile::{ContractError, wrong};
use super::odcs::{Custom, Scalar};
use super::rule::{ErrorPolicy, Sla};
use super::{Column, Kind};

/// The terms of the exchange that the standard has no key for.
pub(super) struct Terms {
    pub(super) shrink_share: f64,
    pub(super) reject_share: f64,
    pub(super) error_policy: ErrorPolicy,
    from: Option<String>,
    until: Option<String>,
}

impl Terms {
    pub(super) fn read(customs: &[Custom]) -> Result<Self, ContractError> {
        let policy = ErrorPolicy::LeaveOut;
        let mut terms = Self { shrink_share: 0.20, reject_share: 1.0, error_policy: policy, from: None, until: None };
        for Custom { property, value } in customs {
            match (property.as_str(), value) {
                ("shrinkShare", Scalar::Number(share)) if (0.0..=1.0).contains(share) => terms.shrink_share = *share,
                ("rejectShare", Scalar::Number(share)) if (0.0..=1.0).contains(share) => terms.reject_share = *share,
                ("rowsWithErrors", Scalar::Text(word)) if word == "leave-out" => {
                    terms.error_policy = ErrorPolicy::LeaveOut;
                }
                ("rowsWithErrors", Scalar::Text(word)) if word == "reject" => terms.error_policy = ErrorPolicy::Reject,
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
    let mut sla = Sla { deliver_by: Time::midnight(), weekdays: false, grace_minutes: 0 };
    for promise in listed {
        let at = format!("slaProperties {}", promise.property);
        match (promise.property.as_str(), &promise.value, promise.unit.as_str()) {
            ("frequency", Scalar::Text(word), "") if word == "daily" => sla.weekdays = false,
            ("frequency", Scalar::Text(word), "") if word == "weekdays" => sla.weekdays = true,
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
    if listed.iter().any(|promise| promise.property == "timeOfAvailability") {
        return Ok(sla);
    }
    Err(wrong("slaProperties", "names no timeOfAvailability"))
}

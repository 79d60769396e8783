//! Whether a vacancy can be offered at all, whoever the child is.

use hub_domain::{AuthorityCode, Date};
use serde::Serialize;

use crate::register::Standing as Registered;
use crate::restriction::Bar;
use crate::setting::Setting;

/// Why a vacancy is shown but cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// No place is available: held and closed places never are.
    NoPlace,
    /// Confirmed longer ago than its provision allows.
    Stale,
    /// Nobody ever confirmed it.
    NeverConfirmed,
    /// No URN, so its registration cannot be known.
    NoUrn,
    /// The regulator's register says that it is not registered, or no longer (ruling 7; pending is not registered either).
    NotRegistered,
    /// The regulator has closed it to new children, or to all.
    Restricted,
    /// The kind of home is not one the hub knows.
    UnknownProvision,
    /// A suspension is in force.
    Suspended,
    /// A serious concern raised by another member is in force.
    SeriousConcern,
    /// The place comes free only after it is needed.
    TooLate,
}

/// Everything that keeps `asker` from the setting for a child who needs a home by `needed_by`.
pub(crate) fn reasons(setting: &Setting, asker: Option<AuthorityCode>, needed_by: Date) -> Vec<Why> {
    checks(setting, asker, needed_by).into_iter().filter(|&(_, holds)| holds).map(|(why, _)| why).collect()
}

/// Nothing keeps `asker` from it.
pub(crate) fn is_usable(setting: &Setting, asker: Option<AuthorityCode>, needed_by: Date) -> bool {
    checks(setting, asker, needed_by).iter().all(|&(_, holds)| !holds)
}

fn checks(setting: &Setting, asker: Option<AuthorityCode>, needed_by: Date) -> [(Why, bool); 10] {
    let bar = setting.standing.bar(asker);
    [
        (Why::NoPlace, setting.row.available_places <= 0),
        (Why::Stale, setting.is_stale() && setting.confirmed_days.is_some()),
        (Why::NeverConfirmed, setting.confirmed_days.is_none()),
        (Why::NoUrn, setting.row.urn.trim().is_empty()),
        (Why::NotRegistered, setting.registration.is_some_and(|standing| standing != Registered::Registered)),
        (Why::Restricted, setting.is_closed),
        (Why::UnknownProvision, setting.provision.is_none()),
        (Why::Suspended, bar == Some(Bar::Suspended)),
        (Why::SeriousConcern, bar == Some(Bar::SeriousConcern)),
        (Why::TooLate, setting.row.available_from.is_some_and(|from| from > needed_by)),
    ]
}

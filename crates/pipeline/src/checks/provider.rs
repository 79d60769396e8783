//! DfE's rules about providers, against the regulator's register.

use std::collections::BTreeMap;

use hub_domain::{AuthorityCode, Date, RegulatorRow};

use super::stay::Stay;
use super::{Check, Concern};

/// The register by URN, as it holds on the day.
#[derive(Debug, Default)]
pub(super) struct Register {
    entries: BTreeMap<String, Vec<RegulatorRow>>,
}

impl Register {
    pub(super) fn add(&mut self, row: RegulatorRow) {
        self.entries.entry(row.urn.trim().to_owned()).or_default().push(row);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn entries(&self, urn: &str) -> &[RegulatorRow] {
        self.entries.get(urn).map_or(&[], Vec::as_slice)
    }

    /// The registration that began last.
    fn registration(&self, urn: &str) -> Option<&RegulatorRow> {
        let registrations = self.entries(urn).iter().filter(|entry| entry.entry == "registration");
        registrations.max_by_key(|entry| entry.effective_from)
    }

    /// The places it is registered for.
    pub(super) fn places(&self, urn: &str) -> Option<i64> {
        self.registration(urn)?.registered_places
    }

    /// Since when nobody may be placed there: accommodation restricted, or registration suspended, and not lifted.
    pub(super) fn restricted_since(&self, urn: &str) -> Option<Date> {
        let stops = |entry: &&RegulatorRow| {
            let aspect = matches!(entry.aspect.as_str(), "suspension" | "accommodation");
            entry.entry == "restriction" && aspect && entry.effective_to.is_none()
        };
        self.entries(urn).iter().filter(stops).map(|entry| entry.effective_from).min()
    }

    /// The day the last registration ended, if it has: `None` while it holds.
    fn ended(&self, urn: &str) -> Option<Date> {
        let last = self.registration(urn)?;
        let over = matches!(last.registration_status.as_deref(), Some("cancelled" | "resigned"));
        last.effective_to.or(over.then_some(last.effective_from))
    }
}

/// Every rule of every episode with a URN.
pub(super) fn check(stays: &[Stay], register: &Register, night: Date) -> Vec<(AuthorityCode, Concern)> {
    let mut found = Vec::new();
    for stay in stays {
        let Some(urn) = stay.urn.as_deref() else { continue };
        let Some(provider) = register.registration(urn) else {
            found.push((stay.authority, Concern::about(Check::UrnUnknown, stay)));
            continue;
        };
        let ended = register.ended(urn);
        let at_end = |ended: Date| stay.end.unwrap_or(night) > ended && stay.start < ended;
        let asked = [
            (Check::ProviderPlace, !fits_place(provider, &stay.place)),
            (Check::ProviderSector, !fits_sector(provider, stay.provider.as_deref())),
            (Check::ProviderAtStart, ended.is_some_and(|ended| stay.start >= ended)),
            (Check::ProviderAtEnd, ended.is_some_and(at_end)),
            (Check::ProviderAuthority, !fits_authority(provider, stay)),
        ];
        let broken = asked.into_iter().filter(|(_, broken)| *broken).map(|(check, _)| check);
        found.extend(broken.map(|check| (stay.authority, Concern { since: ended, ..Concern::about(check, stay) })));
    }
    found
}

/// 219. A kind of provider that is not known fits everything; so does a temporary move, which is reported with the home left.
fn fits_place(provider: &RegulatorRow, place: &str) -> bool {
    let places: &[&str] = match provider.provider_type.as_deref() {
        Some("childrens_home") => &["K2"],
        Some("secure_childrens_home") => &["K1"],
        Some("supported_accommodation") => &["K3", "H5"],
        Some("fostering_agency") => &["U1", "U2", "U3", "U4", "U5", "U6", "A3", "A4", "A5", "A6"],
        Some("residential_family_centre") => &["R3"],
        Some("residential_special_school") => &["S1", "K2"],
        _ => return true,
    };
    places.contains(&place) || place.starts_with('T')
}

/// 224.
fn fits_sector(provider: &RegulatorRow, code: Option<&str>) -> bool {
    let (Some(sector), Some(code)) = (provider.sector.as_deref(), code) else { return true };
    match sector {
        "private" => code == "PR4",
        "voluntary" => code == "PR5",
        "local_authority" => matches!(code, "PR1" | "PR2"),
        "health" => code == "PR3",
        _ => true,
    }
}

/// 229. Of a service with several addresses the register has its office, so supported accommodation is passed over.
fn fits_authority(provider: &RegulatorRow, stay: &Stay) -> bool {
    let Some(la) = provider.la.filter(|_| stay.place != "K3") else { return true };
    match stay.provider.as_deref() {
        Some("PR1") => la == stay.authority,
        Some("PR2") => la != stay.authority,
        _ => true,
    }
}

//! What the regulator's register says of the homes where children live.

use std::collections::BTreeMap;

use hub_domain::{Date, RegulatorRow, words};

use super::Setting;

words! {
    /// How a provider stands in the register, where that is not registered.
    Unregistered("standing of an unregistered provider") {
        /// Applied for: not registered in law (ruling 19).
        Pending = "pending", "Registration pending";
        /// Cancelled, resigned, or over.
        Ended = "unregistered", "No longer registered";
    }
}

/// The register's entries, by URN, as they stream past.
///
/// A URN without an entry is nobody's word: the register that the region loads need not hold a home in another.
#[derive(Debug, Default)]
pub struct Register(BTreeMap<String, Vec<RegulatorRow>>);

impl Register {
    /// Takes an entry.
    pub fn add(&mut self, row: RegulatorRow) {
        self.0.entry(row.urn.trim().to_owned()).or_default().push(row);
    }

    /// How the provider of this URN stands on a day, where the register has it as not registered. A suspended registration is
    /// still one. Of several, the one that began last counts.
    pub fn unregistered(&self, urn: &str, on: Date) -> Option<Unregistered> {
        let last = self.last(urn, on)?;
        if !last.holds(on) {
            return Some(Unregistered::Ended);
        }
        match last.registration_status.as_deref() {
            Some("registered" | "suspended") => None,
            Some("pending") => Some(Unregistered::Pending),
            _ => Some(Unregistered::Ended),
        }
    }

    /// The first day of the spell for which it is not registered; a new spell has another.
    pub fn unregistered_since(&self, urn: &str, on: Date) -> Option<Date> {
        self.unregistered(urn, on)?;
        let entries = self.registrations(urn, on);
        let is_good =
            |entry: &&RegulatorRow| matches!(entry.registration_status.as_deref(), Some("registered" | "suspended"));
        // A spell goes on from one entry to the next, pending and cancelled alike; what was good before it ends it.
        let good = entries.clone().filter(is_good).max_by_key(|entry| entry.effective_from);
        let Some(good) = good else { return entries.map(|entry| entry.effective_from).min() };
        let after = entries.map(|entry| entry.effective_from).filter(|from| *from > good.effective_from).min();
        [good.effective_to, after].into_iter().flatten().min()
    }

    fn last(&self, urn: &str, on: Date) -> Option<&RegulatorRow> {
        self.registrations(urn, on).max_by_key(|entry| entry.effective_from)
    }

    fn registrations<'a>(&'a self, urn: &str, on: Date) -> impl Iterator<Item = &'a RegulatorRow> + Clone + use<'a> {
        let entries = self.0.get(urn.trim()).map(Vec::as_slice).unwrap_or_default();
        entries.iter().filter(move |entry| entry.entry == "registration" && entry.effective_from <= on)
    }

    /// What it says of a home's provider; nothing of a home without a URN.
    pub(super) fn of(&self, setting: &Setting) -> &[RegulatorRow] {
        setting.urn.as_deref().and_then(|urn| self.0.get(urn)).map(Vec::as_slice).unwrap_or_default()
    }
}

//! Restrictions in force on a home: what members report, and what the regulator ordered.

use std::collections::BTreeSet;

use hub_domain::{AuthorityCode, Date, QualityRow, RegulatorRow};

use super::What;

/// Something in force, from its first day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Restriction {
    pub(super) what: What,
    pub(super) on: Date,
    /// Days under which others spoke of the same: whoever has heard of one of them has heard of this.
    pub(super) also: BTreeSet<Date>,
}

/// What is in force today, each once whoever reports it. Of a suspension the regulator's word goes before members': its
/// day, and its end.
pub(super) fn in_force(
    reports: &[&(AuthorityCode, QualityRow)],
    entries: &[RegulatorRow],
    today: Date,
) -> BTreeSet<Restriction> {
    let orders: Vec<(What, &RegulatorRow)> = entries.iter().filter_map(|entry| Some((order(entry)?, entry))).collect();
    let suspensions = || orders.iter().filter(|(what, _)| *what == What::Suspension).map(|(_, entry)| *entry);
    let mut also = BTreeSet::new();
    let mut all = BTreeSet::new();
    for (_, event) in reports {
        let from = event.holds_from();
        if event.is_serious(today) {
            all.insert(Restriction { what: What::SeriousConcern, on: from, also: BTreeSet::new() });
        }
        if event.is_suspension(today) {
            if suspensions().any(|order| meet(order, event)) {
                also.insert(from);
            } else {
                all.insert(Restriction { what: What::Suspension, on: from, also: BTreeSet::new() });
            }
        }
    }
    for (what, order) in orders.iter().filter(|(_, order)| order.holds(today)) {
        let also = if *what == What::Suspension { also.clone() } else { BTreeSet::new() };
        all.insert(Restriction { what: *what, on: order.effective_from, also });
    }
    all
}

/// What a regulator's entry restricts.
fn order(entry: &RegulatorRow) -> Option<What> {
    match (entry.entry.as_str(), entry.aspect.as_str()) {
        ("restriction", "suspension") => Some(What::Suspension),
        ("restriction", "accommodation") => Some(What::AccommodationRestricted),
        ("restriction", "conditions") => Some(What::Conditions),
        ("restriction", "compliance") => Some(What::ComplianceNotice),
        ("registration", _) if entry.registration_status.as_deref() == Some("suspended") => Some(What::Suspension),
        _ => None,
    }
}

/// Both held on some day.
fn meet(order: &RegulatorRow, event: &QualityRow) -> bool {
    order.effective_to.is_none_or(|to| event.holds_from() < to)
        && event.in_force_to.is_none_or(|to| order.effective_from < to)
}

//! What the regulator's register says of a provider.

use hub_domain::{Date, RegulatorRow};

use super::plain;
use crate::figure::{Cell, Column, DataTable, Row};
use crate::layout::{date, name_of};

/// The registration that began last.
fn registration(entries: &[RegulatorRow]) -> Option<&RegulatorRow> {
    entries.iter().find(|row| row.entry == "registration")
}

/// The name in the register.
pub(super) fn name(entries: &[RegulatorRow]) -> Option<String> {
    entries.iter().find_map(|row| row.provider_name.clone()).filter(|name| !name.is_empty())
}

/// What it is registered as.
pub(super) fn facts(entries: &[RegulatorRow], today: Date) -> Vec<(&'static str, String)> {
    let Some(row) = registration(entries) else {
        return vec![("Registration", "The register that is loaded has no registration of this URN.".to_owned())];
    };
    let status = row.registration_status.as_deref().map_or_else(|| "not said".to_owned(), plain);
    let stands = if row.holds(today) { format!("{status}, since {}", date(row.effective_from)) } else { ended(row) };
    let mut facts = vec![("Registration", stands)];
    facts.extend(row.provider_type.as_deref().map(|kind| ("Registered as", plain(kind))));
    facts.extend(row.sector.as_deref().map(|sector| ("Sector", plain(sector))));
    facts.extend(row.la.map(|la| ("Stands in", name_of(la))));
    facts.extend(row.registered_places.map(|places| ("Registered places", places.to_string())));
    if !row.categories.is_empty() {
        facts.push(("Categories of supported accommodation", row.categories.join(", ")));
    }
    facts
}

fn ended(row: &RegulatorRow) -> String {
    row.effective_to.map_or_else(|| "not yet in force".to_owned(), |to| format!("ended on {}", date(to)))
}

/// What must be seen before anything else.
pub(super) fn warnings(entries: &[RegulatorRow], today: Date) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(row) = registration(entries) {
        let status = row.registration_status.as_deref().unwrap_or_default();
        if status != "registered" || !row.holds(today) {
            warnings.push(format!(
                "By the regulator's register it is not registered today ({}).",
                plain(status).to_lowercase()
            ));
        }
    }
    let held = entries.iter().filter(|row| row.entry == "restriction" && row.holds(today));
    warnings.extend(held.map(|row| {
        format!(
            "The regulator has restricted it: {}, since {}.",
            plain(&row.aspect).to_lowercase(),
            date(row.effective_from)
        )
    }));
    warnings
}

/// Judgements, each in the scale it was given in.
pub(super) fn judgements(entries: &[RegulatorRow]) -> DataTable {
    let row = |row: &RegulatorRow| {
        Row::of(vec![
            Cell::Text(date(row.effective_from)),
            Cell::Text(plain(&row.aspect)),
            Cell::Text(row.grade.as_deref().map_or_else(String::new, plain)),
            Cell::Text(row.scale.as_deref().map_or_else(String::new, scale)),
            Cell::Text(row.published_on.map_or_else(|| "not said".to_owned(), date)),
        ])
    };
    DataTable {
        id: "judgements".to_owned(),
        caption: "The regulator's judgements, latest first, each in its own scale".to_owned(),
        columns: ["Inspected", "Of what", "Judgement", "Scale", "Report published"].map(Column::text).to_vec(),
        rows: entries.iter().filter(|row| row.entry == "judgement").map(row).collect(),
        empty: "The regulator's register has no judgement of it: not inspected yet, or no register is loaded."
            .to_owned(),
    }
}

/// Restrictions, in force and past.
pub(super) fn restrictions(entries: &[RegulatorRow], today: Date) -> DataTable {
    let row = |row: &RegulatorRow| {
        Row::of(vec![
            Cell::Text(plain(&row.aspect)),
            Cell::Text(date(row.effective_from)),
            Cell::Text(row.effective_to.map_or_else(|| "still in force".to_owned(), date)),
            Cell::text(if row.holds(today) { "in force" } else { "not in force" }),
        ])
    };
    DataTable {
        id: "restrictions".to_owned(),
        caption: "Restrictions by the regulator".to_owned(),
        columns: ["Restriction", "From", "Until", "Today"].map(Column::text).to_vec(),
        rows: entries.iter().filter(|row| row.entry == "restriction").map(row).collect(),
        empty: "The regulator has restricted nothing.".to_owned(),
    }
}

fn scale(scale: &str) -> String {
    match scale {
        "four_point" => "outstanding, good, requires improvement, inadequate".to_owned(),
        "supported_accommodation" => "consistently strong, inconsistent, serious weaknesses".to_owned(),
        "effectiveness" => "how things went since the last full inspection".to_owned(),
        other => plain(other),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;

    fn restriction(to: Option<Date>) -> RegulatorRow {
        RegulatorRow {
            urn: "SC000001".into(),
            entry: "restriction".into(),
            aspect: "accommodation".into(),
            effective_from: day(2026, 1, 24),
            effective_to: to,
            ..RegulatorRow::default()
        }
    }

    #[test]
    fn a_restriction_in_force_is_warned_of_and_one_that_ended_is_not() {
        let today = day(2026, 4, 1);
        let warned = warnings(&[restriction(None)], today);
        assert_eq!(warned, ["The regulator has restricted it: accommodation, since 24 January 2026."]);
        assert!(warnings(&[restriction(Some(today))], today).is_empty());
        assert_eq!(restrictions(&[restriction(Some(today))], today).rows.len(), 1);
    }

    #[test]
    fn a_cancelled_registration_is_warned_of() {
        let row = RegulatorRow {
            entry: "registration".into(),
            registration_status: Some("cancelled".into()),
            effective_from: day(2020, 1, 1),
            ..RegulatorRow::default()
        };
        assert_eq!(
            warnings(&[row], day(2026, 4, 1)),
            ["By the regulator's register it is not registered today (cancelled)."]
        );
    }
}

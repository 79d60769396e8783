//! Searches: homes being looked for tonight, and those of the last months that found one or found nothing.

use jiff::ToSpan;

use super::{Borough, ago};
use crate::child::{Child, years};
use crate::part::Part;
use crate::region::NIGHT;
use crate::sheet::Sheet;

const COLUMNS: &[&str] = &[
    "search_ref",
    "child",
    "opened_on",
    "needed_by",
    "closed_on",
    "outcome",
    "provision_sought",
    "age",
    "sex",
    "ethnicity",
    "sibling_group",
    "sibling_group_size",
    "siblings_may_split",
    "needs_essential",
    "needs_desirable",
    "area_preferred",
    "max_miles",
    "emergency",
    "offers_received",
    "offers_suitable",
    "placed_setting_ref",
    "placed_distance_reason",
    "ideal_provision",
];

pub(super) fn searches(part: &mut Part, borough: &Borough<'_>) -> Vec<u8> {
    let mut sheet = Sheet::headed(COLUMNS);
    let mut number = 0;
    for child in borough.children.iter().filter(|child| child.stays.last().is_some_and(|stay| stay.end.is_none())) {
        if part.percent(18) {
            number += 1;
            sheet.row(&row(part, borough, child, number));
        }
    }
    sheet.finish()
}

fn row(part: &mut Part, borough: &Borough<'_>, child: &Child, number: i32) -> Vec<String> {
    let opened = ago(part.between(1, 70));
    let age = years(child.born, opened).max(0);
    let outcome = part.weighed(&[("", 74), ("placed", 14), ("no_offer", 8), ("withdrawn", 3), ("stayed", 1)]);
    let closed = if outcome.is_empty() { String::new() } else { part.day(opened, NIGHT).to_string() };
    let sought = match age {
        0..=9 => "foster_household",
        10..=15 => {
            part.weighed(&[("foster_household", 46), ("foster_household;childrens_home", 12), ("childrens_home", 42)])
        }
        _ => part.weighed(&[
            ("supported_accommodation", 50),
            ("supported_accommodation;supported_lodgings", 16),
            ("foster_household", 20),
            ("childrens_home", 14),
        ]),
    };
    let essential = needs(part, sought);
    let desirable = if sought.starts_with("foster") { "long_term" } else { "" };
    let needed = opened.checked_add(part.between(0, 28).days()).unwrap_or(opened);
    let offers = part.between(0, 3);
    vec![
        format!("{}-S{number:04}", &borough.member.code.get(6..).unwrap_or_default()),
        child.number.clone(),
        opened.to_string(),
        needed.to_string(),
        closed,
        outcome.to_owned(),
        sought.to_owned(),
        age.to_string(),
        child.sex.to_owned(),
        child.ethnicity.to_owned(),
        String::new(),
        String::new(),
        String::new(),
        essential.to_owned(),
        desirable.to_owned(),
        borough.member.code.to_owned(),
        part.weighed(&[("20.0", 70), ("10.0", 20), ("40.0", 10)]).to_owned(),
        if part.percent(15) { "true" } else { "false" }.to_owned(),
        offers.to_string(),
        "0".to_owned(),
        String::new(),
        String::new(),
        sought.split(';').next().unwrap_or_default().to_owned(),
    ]
}

fn needs(part: &mut Part, sought: &str) -> &'static str {
    if sought.contains("childrens_home") {
        part.weighed(&[
            ("", 18),
            ("complex_behaviour", 30),
            ("therapeutic", 18),
            ("exploitation_risk", 16),
            ("solo;self_harm", 18),
        ])
    } else if sought.starts_with("supported") {
        part.weighed(&[("", 55), ("uasc", 25), ("exploitation_risk", 20)])
    } else {
        part.weighed(&[("", 66), ("emergency_same_day", 10), ("learning_disability", 12), ("long_term", 12)])
    }
}

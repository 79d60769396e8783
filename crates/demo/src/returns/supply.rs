//! Vacancies: what each home could offer tonight, and when somebody last looked.

use super::{Borough, ago};
use crate::home::Home;
use crate::part::Part;
use crate::sheet::Sheet;

const COLUMNS: &[&str] = &[
    "urn",
    "setting_ref",
    "provider_name",
    "provision",
    "sector",
    "host_la",
    "outcode",
    "approved_places",
    "occupied_places",
    "available_places",
    "held_places",
    "closed_places",
    "closed_reason",
    "available_from",
    "age_min",
    "age_max",
    "sex_accepted",
    "sibling_places",
    "needs",
    "languages",
    "faith",
    "ethnicity_match",
    "weekly_fee",
    "route",
    "framework_ref",
    "confirmed_at",
];

pub(super) fn vacancies(part: &mut Part, borough: &Borough<'_>) -> Vec<u8> {
    let mut sheet = Sheet::headed(COLUMNS);
    for home in &borough.homes {
        sheet.row(&row(part, borough, home));
    }
    sheet.finish()
}

fn row(part: &mut Part, borough: &Borough<'_>, home: &Home) -> Vec<String> {
    let own = borough.living_in(&home.setting).min(home.places);
    let others = (own..home.places).filter(|_| part.percent(taken_by_others(home))).count();
    let occupied = own + i32::try_from(others).unwrap_or_default();
    let free = home.places - occupied;
    let closed = if free > 0 && part.percent(42) { part.between(1, free) } else { 0 };
    let held = i32::from(free > closed && part.percent(25));
    let available = free - closed - held;
    let reason =
        part.weighed(&[("staffing", 40), ("matching", 30), ("household_limit", 15), ("leave", 10), ("works", 5)]);
    let looked = part.weighed(&[(1, 67), (2, 12), (4, 9), (9, 7), (23, 4), (61, 1)]);
    let (route, framework) = match home.sector {
        "in_house" => ("in_house", ""),
        _ => part.weighed(&[(("framework", "SEL-FOSTERING-2025"), 58), (("framework", ""), 2), (("spot", ""), 40)]),
    };
    let number = |count: i32| count.to_string();
    vec![
        home.urn.clone(),
        home.setting.clone(),
        home.name.clone(),
        home.provision.to_owned(),
        home.sector.to_owned(),
        home.spot.la.to_string(),
        home.spot.postcode.split(' ').next().unwrap_or_default().to_owned(),
        number(home.places),
        number(occupied),
        number(available),
        number(held),
        number(closed),
        if closed > 0 { reason.to_owned() } else { String::new() },
        if available > 0 { ago(part.between(0, 20)).to_string() } else { String::new() },
        number(home.ages.0),
        number(home.ages.1),
        part.weighed(&[("any", 80), ("F", 9), ("M", 11)]).to_owned(),
        number(home.places.min(3)),
        needs(part, home),
        String::new(),
        String::new(),
        String::new(),
        format!("{}.{:02}", home.fee / 100, home.fee % 100),
        route.to_owned(),
        framework.to_owned(),
        format!("{}T{:02}:{:02}:00Z", ago(looked), part.between(8, 17), part.between(0, 59)),
    ]
}

/// Chance in a hundred that a place no child of the borough lives in is lived in by another authority's.
fn taken_by_others(home: &Home) -> i32 {
    match (home.provision, home.sector) {
        ("foster_household", "in_house") => 38,
        ("foster_household", _) => 62,
        ("childrens_home" | "secure_home", _) => 40,
        _ => 78,
    }
}

/// Needs a home of this kind might meet; empty for about a third.
fn needs(part: &mut Part, home: &Home) -> String {
    let all: &[&str] = match home.provision {
        "foster_household" => {
            &["long_term", "short_term", "emergency_same_day", "respite", "learning_disability", "uasc"]
        }
        "childrens_home" | "secure_home" => &[
            "complex_behaviour",
            "therapeutic",
            "exploitation_risk",
            "self_harm",
            "solo",
            "emergency_same_day",
            "learning_disability",
        ],
        "supported_accommodation" | "supported_lodgings" => {
            &["uasc", "step_down", "emergency_same_day", "exploitation_risk"]
        }
        "parent_and_child" => &["parent_and_child"],
        _ => &["learning_disability", "physical_disability"],
    };
    let likely = if home.provision == "childrens_home" { 27 } else { 36 };
    let chosen: Vec<&str> = all.iter().copied().filter(|_| part.percent(likely)).collect();
    chosen.join(";")
}

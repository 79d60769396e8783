//! What commissioning adds: cost, route, registration.

use super::codes::{K1, K2, K3, P1, PR1, PR4, PR5, R5, is_fostered, is_temporary};
use super::columns::{
    DEPRIVATION_OF_LIBERTY, EDUCATION_SHARE, EMERGENCY, FRAMEWORK_REF, HEALTH_SHARE, PLACEMENT_PROVIDER,
    PLACEMENT_TYPE, PLANNED, PROVISION, REGISTRATION, ROUTE, WEEKLY_COST,
};
use crate::engine::{NONE, Row};
use crate::model::code::Code;
use crate::rules::{broken, listed};

listed! {
    ("cost-shares", shares_over_cost),
    ("cost-missing", shares_without_cost),
    ("cost-high", cost_high),
    ("emergency-planned", emergency_and_planned),
    ("framework", framework_missing),
    ("route-provider", route_and_provider),
    ("provision-place", provision_and_place),
    ("registration-place", registration_and_place),
    ("dol-placement", deprived_of_liberty_there),
}

/// £25,000 a week, in pence: above the highest the boroughs' strategies print.
const HIGH: i64 = 2_500_000;
const IN_HOUSE: Code = Code::of(b"in_house");
const OTHER_LA: Code = Code::of(b"other_la");
const FRAMEWORK: Code = Code::of(b"framework");
const DPS: Code = Code::of(b"dps");
const UNREGISTERED: Code = Code::of(b"unregistered");
const NOT_REQUIRED: Code = Code::of(b"not_required");
const FOSTER_HOUSEHOLD: Code = Code::of(b"foster_household");
const CHILDRENS_HOME: Code = Code::of(b"childrens_home");
const SECURE_HOME: Code = Code::of(b"secure_home");

fn shares(row: &Row<'_>) -> i64 {
    row.number(HEALTH_SHARE).unwrap_or(0) + row.number(EDUCATION_SHARE).unwrap_or(0)
}

fn shares_over_cost(row: &Row<'_>) -> Option<usize> {
    broken(WEEKLY_COST, shares(row) > row.number(WEEKLY_COST)?)
}

fn shares_without_cost(row: &Row<'_>) -> Option<usize> {
    broken(WEEKLY_COST, row.is_blank(WEEKLY_COST) && shares(row) > 0)
}

fn cost_high(row: &Row<'_>) -> Option<usize> {
    broken(WEEKLY_COST, row.number(WEEKLY_COST)? > HIGH)
}

fn emergency_and_planned(row: &Row<'_>) -> Option<usize> {
    broken(EMERGENCY, row.flag(EMERGENCY)? && row.flag(PLANNED)?)
}

fn framework_missing(row: &Row<'_>) -> Option<usize> {
    broken(FRAMEWORK_REF, matches!(row.code(ROUTE), FRAMEWORK | DPS) && row.is_blank(FRAMEWORK_REF))
}

fn route_and_provider(row: &Row<'_>) -> Option<usize> {
    let wrong = match row.code(ROUTE) {
        IN_HOUSE => matches!(row.code(PLACEMENT_PROVIDER), PR4 | PR5),
        OTHER_LA => row.code(PLACEMENT_PROVIDER) == PR1,
        _ => false,
    };
    broken(ROUTE, wrong)
}

fn provision_and_place(row: &Row<'_>) -> Option<usize> {
    let place = row.code(PLACEMENT_TYPE);
    let fits = match row.code(PROVISION) {
        FOSTER_HOUSEHOLD => is_fostered(place),
        CHILDRENS_HOME => place != P1 && !is_fostered(place),
        SECURE_HOME => matches!(place, K1 | R5),
        _ => true,
    };
    broken(PROVISION, !fits && place != NONE && !is_temporary(place))
}

/// A children's home or supported accommodation is registered, or is recorded as another placement.
fn registration_and_place(row: &Row<'_>) -> Option<usize> {
    let must = matches!(row.code(PLACEMENT_TYPE), K1 | K2 | K3);
    broken(REGISTRATION, must && matches!(row.code(REGISTRATION), UNREGISTERED | NOT_REQUIRED))
}

/// Expected in a children's home or an other placement; never where liberty is not the home's to take.
fn deprived_of_liberty_there(row: &Row<'_>) -> Option<usize> {
    let wrong = matches!(row.code(PLACEMENT_TYPE), K1 | P1 | R5 | K3);
    broken(DEPRIVATION_OF_LIBERTY, row.flag(DEPRIVATION_OF_LIBERTY)? && wrong)
}

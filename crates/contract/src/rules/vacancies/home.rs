//! The home itself: whom it takes, who runs it, when somebody last looked.

use hub_domain::Provision;

use super::columns::{AGE_MAX, AGE_MIN, APPROVED_PLACES, CONFIRMED_AT, FRAMEWORK_REF, PROVISION, ROUTE, SECTOR, URN};
use crate::engine::Row;
use crate::model::code::Code;
use crate::rules::{broken, listed};

listed! {
    ("age-range", ages_reversed),
    ("age-provision", younger_than_lawful),
    ("age-adult", no_child_taken),
    ("confirmed-missing", never_confirmed),
    ("confirmed-stale", confirmed_long_ago),
    ("confirmed-future", confirmed_later),
    ("urn-blank", urn_blank),
    ("framework", framework_missing),
    ("route-sector", route_and_sector),
    ("foster-places", foster_over_three),
}

const FOSTER_HOUSEHOLD: Code = Code::of(Provision::FosterHousehold.as_str().as_bytes());
const IN_HOUSE: Code = Code::of(b"in_house");
const PRIVATE: Code = Code::of(b"private");
const VOLUNTARY: Code = Code::of(b"voluntary");
const FRAMEWORK: Code = Code::of(b"framework");
const DPS: Code = Code::of(b"dps");
const SECONDS_A_DAY: i64 = 86_400;
/// Children Act 1989, Schedule 7: the usual fostering limit.
const FOSTERING_LIMIT: i64 = 3;

/// The provision of the row, from its place in the domain's list.
fn provision(row: &Row<'_>) -> Option<Provision> {
    Provision::ALL.get(usize::from(row.place(PROVISION))).copied()
}

fn ages_reversed(row: &Row<'_>) -> Option<usize> {
    broken(AGE_MIN, row.number(AGE_MIN)? > row.number(AGE_MAX)?)
}

fn younger_than_lawful(row: &Row<'_>) -> Option<usize> {
    broken(AGE_MIN, row.number(AGE_MIN)? < provision(row)?.youngest())
}

fn no_child_taken(row: &Row<'_>) -> Option<usize> {
    broken(AGE_MIN, row.number(AGE_MIN)? >= 18)
}

fn never_confirmed(row: &Row<'_>) -> Option<usize> {
    broken(CONFIRMED_AT, row.is_blank(CONFIRMED_AT))
}

/// Whole calendar days from the day somebody looked to the business date (a ruling: never to the wall clock).
fn days_since_confirmed(row: &Row<'_>) -> Option<i64> {
    Some(i64::from(row.context.as_at) - row.number(CONFIRMED_AT)?.div_euclid(SECONDS_A_DAY))
}

fn confirmed_long_ago(row: &Row<'_>) -> Option<usize> {
    broken(CONFIRMED_AT, days_since_confirmed(row)? > i64::from(provision(row)?.fresh_days()))
}

/// A day's grace: the extract of a business date may run after midnight.
fn confirmed_later(row: &Row<'_>) -> Option<usize> {
    broken(CONFIRMED_AT, days_since_confirmed(row)? < -1)
}

fn urn_blank(row: &Row<'_>) -> Option<usize> {
    broken(URN, row.is_blank(URN))
}

fn framework_missing(row: &Row<'_>) -> Option<usize> {
    broken(FRAMEWORK_REF, matches!(row.code(ROUTE), FRAMEWORK | DPS) && row.is_blank(FRAMEWORK_REF))
}

fn route_and_sector(row: &Row<'_>) -> Option<usize> {
    broken(ROUTE, row.code(ROUTE) == IN_HOUSE && matches!(row.code(SECTOR), PRIVATE | VOLUNTARY))
}

fn foster_over_three(row: &Row<'_>) -> Option<usize> {
    broken(APPROVED_PLACES, row.code(PROVISION) == FOSTER_HOUSEHOLD && row.number(APPROVED_PLACES)? > FOSTERING_LIMIT)
}

//! What is sought, and for whom.

use hub_domain::Provision;

use super::columns::{
    AGE, CLOSED_ON, MAX_MILES, NEEDS_DESIRABLE, NEEDS_ESSENTIAL, PROVISION_SOUGHT, SIBLING_GROUP_REF,
    SIBLING_GROUP_SIZE,
};
use crate::engine::Row;
use crate::rules::{broken, listed};

listed! {
    ("age-adult", adult),
    ("age-provision", younger_than_lawful),
    ("needs-twice", essential_and_desirable),
    ("group-size", group_of_one),
    ("group-ref", group_without_ref),
    ("group-unsized", group_without_size),
    ("distance-none", no_distance),
    ("provision-none", nothing_sought),
}

fn adult(row: &Row<'_>) -> Option<usize> {
    broken(AGE, row.number(AGE)? >= 18)
}

/// Only provisions that may not lawfully take the child are sought.
fn younger_than_lawful(row: &Row<'_>) -> Option<usize> {
    let age = row.number(AGE)?;
    let bits = row.codes(PROVISION_SOUGHT);
    let sought = (0..).zip(Provision::ALL).filter(|(place, _)| bits >> place & 1 == 1);
    let youngest = sought.map(|(_, provision): (u32, _)| provision.youngest()).max()?;
    broken(PROVISION_SOUGHT, age < youngest)
}

fn essential_and_desirable(row: &Row<'_>) -> Option<usize> {
    broken(NEEDS_DESIRABLE, row.codes(NEEDS_ESSENTIAL) & row.codes(NEEDS_DESIRABLE) != 0)
}

fn group_of_one(row: &Row<'_>) -> Option<usize> {
    broken(SIBLING_GROUP_SIZE, row.is_filled(SIBLING_GROUP_REF) && row.number(SIBLING_GROUP_SIZE)? < 2)
}

fn group_without_ref(row: &Row<'_>) -> Option<usize> {
    broken(SIBLING_GROUP_REF, row.is_blank(SIBLING_GROUP_REF) && row.number(SIBLING_GROUP_SIZE)? > 1)
}

fn group_without_size(row: &Row<'_>) -> Option<usize> {
    broken(SIBLING_GROUP_SIZE, row.is_filled(SIBLING_GROUP_REF) && row.is_left_blank(SIBLING_GROUP_SIZE))
}

fn no_distance(row: &Row<'_>) -> Option<usize> {
    broken(MAX_MILES, row.number(MAX_MILES)? == 0)
}

/// An open search for nothing can be met by nothing.
fn nothing_sought(row: &Row<'_>) -> Option<usize> {
    broken(PROVISION_SOUGHT, row.is_blank(PROVISION_SOUGHT) && row.is_blank(CLOSED_ON))
}

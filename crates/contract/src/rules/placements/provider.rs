//! Who provides the placement.

use super::codes::{
    K1, K2, K3, P1, P3, PR0, PR1, PR2, PR3, PR4, PR5, R1, R2, R3, R5, S1, Z1, is_adoption, is_fostered,
    is_listed_other, is_short_break, is_temporary,
};
use super::columns::{LEGAL_STATUS, PLACEMENT_LA, PLACEMENT_PROVIDER, PLACEMENT_TYPE, URN};
use crate::engine::{NONE, Row, nation};
use crate::rules::{broken, listed};

listed! {
    ("903-213", provider_where_none),
    ("903-526", provider_missing),
    ("903-527", own_does_not_fit),
    ("903-528", other_authority_does_not_fit),
    ("903-529", public_does_not_fit),
    ("903-530", private_does_not_fit),
    ("903-531", voluntary_does_not_fit),
    ("903-550", parent_does_not_fit),
    ("903-1015", own_provision_elsewhere),
    ("903-1015-foster", own_carers_elsewhere),
    ("903-218", urn_missing),
    ("903-222", urn_where_none),
}

/// Temporary moves and the listed other placements have no provider code.
fn takes_no_provider(row: &Row<'_>) -> bool {
    let place = row.code(PLACEMENT_TYPE);
    is_temporary(place) || is_listed_other(place)
}

fn provider_where_none(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_PROVIDER, row.is_filled(PLACEMENT_PROVIDER) && takes_no_provider(row))
}

fn provider_missing(row: &Row<'_>) -> Option<usize> {
    let place = row.code(PLACEMENT_TYPE);
    let needed = place != NONE && place != Z1 && !takes_no_provider(row);
    broken(PLACEMENT_PROVIDER, row.is_left_blank(PLACEMENT_PROVIDER) && needed)
}

fn own_does_not_fit(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_PROVIDER, row.code(PLACEMENT_PROVIDER) == PR1 && matches!(row.code(PLACEMENT_TYPE), P1 | R2 | R5))
}

fn other_authority_does_not_fit(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_PROVIDER, row.code(PLACEMENT_PROVIDER) == PR2 && matches!(row.code(PLACEMENT_TYPE), P1 | R2 | R5))
}

fn public_does_not_fit(row: &Row<'_>) -> Option<usize> {
    let place = row.code(PLACEMENT_TYPE);
    let wrong = matches!(place, P1 | K1 | K2) || is_adoption(place) || is_fostered(place);
    broken(PLACEMENT_PROVIDER, row.code(PLACEMENT_PROVIDER) == PR3 && wrong)
}

fn private_does_not_fit(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_PROVIDER, row.code(PLACEMENT_PROVIDER) == PR4 && row.code(PLACEMENT_TYPE) == P1)
}

fn voluntary_does_not_fit(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_PROVIDER, row.code(PLACEMENT_PROVIDER) == PR5 && row.code(PLACEMENT_TYPE) == P1)
}

fn parent_does_not_fit(row: &Row<'_>) -> Option<usize> {
    let place = row.code(PLACEMENT_TYPE);
    let elsewhere = place != P1 && place != NONE && !takes_no_provider(row);
    broken(PLACEMENT_PROVIDER, row.code(PLACEMENT_PROVIDER) == PR0 && elsewhere)
}

/// The authority's own provision, outside its own area.
fn is_own_elsewhere(row: &Row<'_>) -> Option<bool> {
    let elsewhere = row.number(PLACEMENT_LA)? != row.context.authority;
    Some(elsewhere && row.code(PLACEMENT_PROVIDER) == PR1)
}

fn own_provision_elsewhere(row: &Row<'_>) -> Option<usize> {
    let place = row.code(PLACEMENT_TYPE);
    // Adopters and carers may live anywhere.
    broken(PLACEMENT_LA, is_own_elsewhere(row)? && !is_fostered(place) && !is_adoption(place))
}

fn own_carers_elsewhere(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_LA, is_own_elsewhere(row)? && is_fostered(row.code(PLACEMENT_TYPE)))
}

/// Registered with Ofsted, so in England, and not a short break.
fn urn_missing(row: &Row<'_>) -> Option<usize> {
    let place = row.code(PLACEMENT_TYPE);
    let registered = matches!(place, K1 | K2 | K3 | R3 | S1) || is_fostered(place);
    let abroad = row.number(PLACEMENT_LA).is_some_and(|host| matches!(nation(host), b'W' | b'S' | b'N'));
    broken(URN, row.is_left_blank(URN) && registered && !abroad && !is_short_break(row.code(LEGAL_STATUS)))
}

fn urn_where_none(row: &Row<'_>) -> Option<usize> {
    let place = row.code(PLACEMENT_TYPE);
    let none = matches!(place, P1 | P3 | R1 | R2 | R5) || is_temporary(place) || is_listed_other(place);
    broken(URN, row.is_filled(URN) && none)
}

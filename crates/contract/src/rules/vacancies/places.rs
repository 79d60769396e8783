//! Places: approved, occupied, available, held, closed.

use super::columns::{
    APPROVED_PLACES, AVAILABLE_FROM, AVAILABLE_PLACES, CLOSED_PLACES, CLOSED_REASON, HELD_PLACES, OCCUPIED_PLACES,
    SIBLING_PLACES,
};
use crate::engine::Row;
use crate::rules::{broken, listed};

listed! {
    ("places-sum", places_do_not_add_up),
    ("places-available", more_available_than_free),
    ("places-overfull", more_occupied_than_approved),
    ("places-none", no_places),
    ("closed-reason", closed_without_reason),
    ("closed-none", reason_without_closed),
    ("available-from", available_later_but_none),
    ("sibling-places", siblings_over_approved),
}

fn number(row: &Row<'_>, column: usize) -> i64 {
    row.number(column).unwrap_or(0)
}

/// Places that are neither available nor used, held or closed are unexplained: the four should make up the approved.
fn places_do_not_add_up(row: &Row<'_>) -> Option<usize> {
    let parts = [OCCUPIED_PLACES, AVAILABLE_PLACES, HELD_PLACES, CLOSED_PLACES];
    let sum: i64 = parts.iter().map(|column| number(row, *column)).sum();
    let approved = row.number(APPROVED_PLACES)?;
    broken(APPROVED_PLACES, sum != approved && number(row, OCCUPIED_PLACES) <= approved)
}

fn more_available_than_free(row: &Row<'_>) -> Option<usize> {
    let free = row.number(APPROVED_PLACES)? - number(row, OCCUPIED_PLACES) - number(row, CLOSED_PLACES);
    broken(AVAILABLE_PLACES, row.number(AVAILABLE_PLACES)? > free.max(0))
}

fn more_occupied_than_approved(row: &Row<'_>) -> Option<usize> {
    broken(OCCUPIED_PLACES, row.number(OCCUPIED_PLACES)? > row.number(APPROVED_PLACES)?)
}

fn no_places(row: &Row<'_>) -> Option<usize> {
    broken(APPROVED_PLACES, row.number(APPROVED_PLACES)? == 0)
}

fn closed_without_reason(row: &Row<'_>) -> Option<usize> {
    broken(CLOSED_REASON, number(row, CLOSED_PLACES) > 0 && row.is_blank(CLOSED_REASON))
}

fn reason_without_closed(row: &Row<'_>) -> Option<usize> {
    broken(CLOSED_REASON, row.number(CLOSED_PLACES)? == 0 && row.is_filled(CLOSED_REASON))
}

fn available_later_but_none(row: &Row<'_>) -> Option<usize> {
    broken(AVAILABLE_FROM, row.number(AVAILABLE_PLACES)? == 0 && row.is_filled(AVAILABLE_FROM))
}

fn siblings_over_approved(row: &Row<'_>) -> Option<usize> {
    broken(SIBLING_PLACES, row.number(SIBLING_PLACES)? > row.number(APPROVED_PLACES)?)
}

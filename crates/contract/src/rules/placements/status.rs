//! Legal status, placement type and reasons that do not go together.

use super::codes::{
    A3, A5, A6, E1, E11, E12, E45, E46, P1, S, T, T1, T3, T4, U, U1, U4, V2, X1, is_adoption, is_fostered,
    is_short_break, is_temporary,
};
use super::columns::{
    EPISODE_END, EPISODE_START, LEGAL_STATUS, PLACEMENT_TYPE, REASON_CEASED, REASON_NEW_EPISODE, REASON_PLACE_CHANGE,
};
use crate::engine::{NONE, Row};
use crate::rules::{broken, listed};

listed! {
    ("903-378", parents_and_accommodated),
    ("903-382", break_is_temporary),
    ("903-384", break_is_long_term),
    ("903-217", adoption_by_wrong_reason),
    ("903-380", care_starts_temporarily),
    ("903-381", care_ends_temporarily),
    ("903-390", adopted_from_elsewhere),
    ("903-408", adoption_without_order),
    ("903-516", guardianship_without_fostering),
    ("903-233", reason_while_open),
    ("903-226", reason_for_temporary),
    ("903-375", hospital_over_six_weeks),
    ("903-376", holiday_over_three_weeks),
    ("903-379", other_over_seven_days),
}

fn parents_and_accommodated(row: &Row<'_>) -> Option<usize> {
    broken(LEGAL_STATUS, row.code(PLACEMENT_TYPE) == P1 && row.code(LEGAL_STATUS) == V2)
}

fn break_is_temporary(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_TYPE, is_short_break(row.code(LEGAL_STATUS)) && is_temporary(row.code(PLACEMENT_TYPE)))
}

fn break_is_long_term(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_TYPE, is_short_break(row.code(LEGAL_STATUS)) && matches!(row.code(PLACEMENT_TYPE), U1 | U4))
}

/// Adoption by the carer who fosters already is not a change of carer.
fn adoption_by_wrong_reason(row: &Row<'_>) -> Option<usize> {
    let reason = row.code(REASON_NEW_EPISODE);
    let fits = matches!(reason, S | T | U) || reason == NONE;
    broken(REASON_NEW_EPISODE, matches!(row.code(PLACEMENT_TYPE), A3 | A5) && !fits)
}

fn care_starts_temporarily(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_TYPE, row.code(REASON_NEW_EPISODE) == S && is_temporary(row.code(PLACEMENT_TYPE)))
}

fn care_ends_temporarily(row: &Row<'_>) -> Option<usize> {
    let ceased = row.code(REASON_CEASED);
    broken(PLACEMENT_TYPE, ceased != X1 && ceased != NONE && is_temporary(row.code(PLACEMENT_TYPE)))
}

fn adopted_from_elsewhere(row: &Row<'_>) -> Option<usize> {
    let place = row.code(PLACEMENT_TYPE);
    broken(PLACEMENT_TYPE, matches!(row.code(REASON_CEASED), E11 | E12) && place != NONE && !is_adoption(place))
}

fn adoption_without_order(row: &Row<'_>) -> Option<usize> {
    let status = row.code(LEGAL_STATUS);
    broken(LEGAL_STATUS, matches!(row.code(PLACEMENT_TYPE), A5 | A6) && status != E1 && status != NONE)
}

fn guardianship_without_fostering(row: &Row<'_>) -> Option<usize> {
    let place = row.code(PLACEMENT_TYPE);
    broken(REASON_CEASED, matches!(row.code(REASON_CEASED), E45 | E46) && place != NONE && !is_fostered(place))
}

fn reason_while_open(row: &Row<'_>) -> Option<usize> {
    broken(REASON_PLACE_CHANGE, row.is_filled(REASON_PLACE_CHANGE) && row.is_blank(EPISODE_END))
}

fn reason_for_temporary(row: &Row<'_>) -> Option<usize> {
    broken(REASON_PLACE_CHANGE, row.is_filled(REASON_PLACE_CHANGE) && is_temporary(row.code(PLACEMENT_TYPE)))
}

fn lasts_over(row: &Row<'_>, days: i32) -> Option<bool> {
    Some(row.day(EPISODE_END).unwrap_or(row.context.as_at) - row.day(EPISODE_START)? > days)
}

fn hospital_over_six_weeks(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_TYPE, row.code(PLACEMENT_TYPE) == T1 && lasts_over(row, 42)?)
}

fn holiday_over_three_weeks(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_TYPE, row.code(PLACEMENT_TYPE) == T3 && lasts_over(row, 21)?)
}

fn other_over_seven_days(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_TYPE, row.code(PLACEMENT_TYPE) == T4 && lasts_over(row, 7)?)
}

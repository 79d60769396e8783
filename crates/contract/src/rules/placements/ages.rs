//! What a child may be too young or too old for.

use super::codes::{CUSTOD, E5, E6, E7, E11, E12, E17, E45, E46, E47, E48, H5, J1, J2, J3, K3, P3, R5, S1};
use super::columns::{
    BIRTH_MONTH, EPISODE_END, EPISODE_START, LEGAL_STATUS, PLACEMENT_TYPE, REASON_CEASED, REASON_PLACE_CHANGE,
};
use crate::engine::Row;
use crate::rules::{broken, listed};

listed! {
    ("903-358", remanded_under_10),
    ("903-371", supported_under_16),
    ("903-372", custody_under_10),
    ("903-373", school_under_4),
    ("903-374", employed_under_14),
    ("903-234", to_custody_under_10),
    ("903-386", adopted_at_18),
    ("903-407", guardianship_at_18),
    ("903-387", independent_under_14),
    ("903-389", adult_care_under_16),
    ("903-460", staying_put_under_18),
}

fn age_at_start(row: &Row<'_>) -> Option<i32> {
    row.age(BIRTH_MONTH, row.day(EPISODE_START)?)
}

fn age_at_end(row: &Row<'_>) -> Option<i32> {
    row.age(BIRTH_MONTH, row.day(EPISODE_END)?)
}

fn remanded_under_10(row: &Row<'_>) -> Option<usize> {
    broken(LEGAL_STATUS, matches!(row.code(LEGAL_STATUS), J1 | J2 | J3) && age_at_start(row)? < 10)
}

/// Registered supported accommodation is for 16 and over; to 2023/24 the code was H5.
fn supported_under_16(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_TYPE, matches!(row.code(PLACEMENT_TYPE), K3 | H5) && age_at_start(row)? < 16)
}

fn custody_under_10(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_TYPE, row.code(PLACEMENT_TYPE) == R5 && age_at_start(row)? < 10)
}

fn school_under_4(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_TYPE, row.code(PLACEMENT_TYPE) == S1 && age_at_start(row)? < 4)
}

fn employed_under_14(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_TYPE, row.code(PLACEMENT_TYPE) == P3 && age_at_start(row)? < 14)
}

fn to_custody_under_10(row: &Row<'_>) -> Option<usize> {
    broken(REASON_PLACE_CHANGE, row.code(REASON_PLACE_CHANGE) == CUSTOD && age_at_end(row)? < 10)
}

fn adopted_at_18(row: &Row<'_>) -> Option<usize> {
    broken(REASON_CEASED, matches!(row.code(REASON_CEASED), E11 | E12) && age_at_end(row)? >= 18)
}

fn guardianship_at_18(row: &Row<'_>) -> Option<usize> {
    broken(REASON_CEASED, matches!(row.code(REASON_CEASED), E45 | E46 | E47 | E48) && age_at_end(row)? >= 18)
}

fn independent_under_14(row: &Row<'_>) -> Option<usize> {
    broken(REASON_CEASED, matches!(row.code(REASON_CEASED), E5 | E6) && age_at_end(row)? < 14)
}

fn adult_care_under_16(row: &Row<'_>) -> Option<usize> {
    broken(REASON_CEASED, row.code(REASON_CEASED) == E7 && age_at_end(row)? < 16)
}

fn staying_put_under_18(row: &Row<'_>) -> Option<usize> {
    broken(REASON_CEASED, row.code(REASON_CEASED) == E17 && age_at_end(row)? < 18)
}

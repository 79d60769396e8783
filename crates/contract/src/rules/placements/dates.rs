//! Dates of an episode.

use super::codes::{FEMALE, MALE, N2, S, V3, Z1, is_short_break};
use super::columns::{
    BIRTH_MONTH, CARE_START, CATEGORY_OF_NEED, EPISODE_END, EPISODE_START, LEGAL_STATUS, PLACEMENT_TYPE, REASON_CEASED,
    REASON_NEW_EPISODE, SEX,
};
use crate::cell::date::{day_of, first_of};
use crate::engine::Row;
use crate::rules::{broken, listed};

listed! {
    ("903-148", ended_with_reason),
    ("903-356", ends_before_start),
    ("903-355", ends_on_start),
    ("903-353", starts_before_1991),
    ("903-301", born_after),
    ("903-302", starts_before_birth),
    ("903-354", starts_after),
    ("903-385", ends_after),
    ("903-351", over_25),
    ("903-352", starts_as_adult),
    ("903-359", still_open_as_adult),
    ("903-365", break_over_17_days),
    ("care-start-late", care_starts_later),
    ("care-start-first", care_starts_otherwise),
    ("outside-window", ended_before_window),
    ("903-101-old", old_sex_code),
    ("903-146-z1", z1_in_2025),
}

/// 14 October 1991, when the Children Act 1989 came into force.
const CHILDREN_ACT: i32 = day_of(1991, 10, 14);
/// First day of collection year 2024/25: sex is M, F or U from here.
const NEW_SEX_CODES: i32 = day_of(2024, 4, 1);
/// First day of collection year 2025/26: Z1 is split into Z11 to Z14.
const Z1_SPLIT: i32 = day_of(2025, 4, 1);

fn ended_with_reason(row: &Row<'_>) -> Option<usize> {
    match (row.is_filled(EPISODE_END), row.is_filled(REASON_CEASED)) {
        (true, false) => Some(REASON_CEASED),
        (false, true) => Some(EPISODE_END),
        _ => None,
    }
}

fn ends_before_start(row: &Row<'_>) -> Option<usize> {
    broken(EPISODE_END, row.day(EPISODE_END)? < row.day(EPISODE_START)?)
}

fn ends_on_start(row: &Row<'_>) -> Option<usize> {
    broken(EPISODE_END, row.day(EPISODE_END)? == row.day(EPISODE_START)?)
}

fn starts_before_1991(row: &Row<'_>) -> Option<usize> {
    broken(EPISODE_START, row.day(EPISODE_START)? < CHILDREN_ACT)
}

fn born_after(row: &Row<'_>) -> Option<usize> {
    broken(BIRTH_MONTH, first_of(row.month(BIRTH_MONTH)?) > row.context.as_at)
}

fn starts_before_birth(row: &Row<'_>) -> Option<usize> {
    broken(EPISODE_START, row.day(EPISODE_START)? < first_of(row.month(BIRTH_MONTH)?))
}

fn starts_after(row: &Row<'_>) -> Option<usize> {
    broken(EPISODE_START, row.day(EPISODE_START)? > row.context.as_at)
}

fn ends_after(row: &Row<'_>) -> Option<usize> {
    broken(EPISODE_END, row.day(EPISODE_END)? > row.context.as_at)
}

fn over_25(row: &Row<'_>) -> Option<usize> {
    broken(BIRTH_MONTH, row.age(BIRTH_MONTH, row.day(EPISODE_START)?)? > 25)
}

/// Care that starts at 18 or over; over 25 is another rule's.
fn starts_as_adult(row: &Row<'_>) -> Option<usize> {
    let starts = (row.code(REASON_NEW_EPISODE) == S).then(|| row.day(EPISODE_START)).flatten();
    let age = row.age(BIRTH_MONTH, row.day(CARE_START).or(starts)?)?;
    broken(BIRTH_MONTH, (18..=25).contains(&age))
}

/// Open past the eighteenth birthday; short breaks of a disabled young person apart.
fn still_open_as_adult(row: &Row<'_>) -> Option<usize> {
    let lawful = is_short_break(row.code(LEGAL_STATUS)) && row.code(CATEGORY_OF_NEED) == N2;
    let open = row.is_blank(EPISODE_END) && row.is_blank(REASON_CEASED);
    broken(EPISODE_END, open && !lawful && row.age(BIRTH_MONTH, row.context.as_at)? >= 18)
}

fn break_over_17_days(row: &Row<'_>) -> Option<usize> {
    let days = row.day(EPISODE_END).unwrap_or(row.context.as_at) - row.day(EPISODE_START)?;
    broken(EPISODE_END, row.code(LEGAL_STATUS) == V3 && days > 17)
}

fn care_starts_later(row: &Row<'_>) -> Option<usize> {
    broken(CARE_START, row.day(CARE_START)? > row.day(EPISODE_START)?)
}

fn care_starts_otherwise(row: &Row<'_>) -> Option<usize> {
    let first = row.code(REASON_NEW_EPISODE) == S;
    broken(CARE_START, first && row.day(CARE_START)? < row.day(EPISODE_START)?)
}

fn ended_before_window(row: &Row<'_>) -> Option<usize> {
    broken(EPISODE_END, row.day(EPISODE_END)? < row.context.covers_from?)
}

fn old_sex_code(row: &Row<'_>) -> Option<usize> {
    broken(SEX, matches!(row.code(SEX), MALE | FEMALE) && row.day(EPISODE_START)? >= NEW_SEX_CODES)
}

fn z1_in_2025(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_TYPE, row.code(PLACEMENT_TYPE) == Z1 && row.day(EPISODE_START)? >= Z1_SPLIT)
}

//! Row rules of admissions.

pub(crate) mod columns;

use self::columns::{ADMITTED_ON, BIRTH_MONTH, DISCHARGED_ON, HOST_LA, NOTIFIED_ON, NOTIFIED_UNDER, PLACING_LA};
use super::{broken, listed};
use crate::engine::Row;
use crate::model::code::Code;

listed! {
    ("admitted-future", admitted_later),
    ("discharged-reversed", discharged_before_admitted),
    ("discharged-future", discharged_later),
    ("notified-future", notified_later),
    ("notified-late", notified_late),
    ("admitted-before-birth", admitted_before_birth),
    ("admitted-adult", admitted_adult),
    ("admitted-young", too_young_for_supported_accommodation),
    ("host-otherwise", host_is_another),
    ("placing-own", placed_by_the_host),
    ("placing-unknown", placing_unnamed),
    ("outside-window", discharged_before_window),
}

const SUPPORTED: Code = Code::of(b"reg_28");
/// Days from an admission to notice of it that no weekend and bank holidays explain.
const LATE: i32 = 5;

fn admitted_later(row: &Row<'_>) -> Option<usize> {
    broken(ADMITTED_ON, row.day(ADMITTED_ON)? > row.context.as_at)
}

fn discharged_before_admitted(row: &Row<'_>) -> Option<usize> {
    broken(DISCHARGED_ON, row.day(DISCHARGED_ON)? < row.day(ADMITTED_ON)?)
}

fn discharged_later(row: &Row<'_>) -> Option<usize> {
    broken(DISCHARGED_ON, row.day(DISCHARGED_ON)? > row.context.as_at)
}

fn notified_later(row: &Row<'_>) -> Option<usize> {
    broken(NOTIFIED_ON, row.day(NOTIFIED_ON)? > row.context.as_at)
}

fn notified_late(row: &Row<'_>) -> Option<usize> {
    broken(NOTIFIED_ON, row.day(NOTIFIED_ON)? - row.day(ADMITTED_ON)? > LATE)
}

fn admitted_before_birth(row: &Row<'_>) -> Option<usize> {
    broken(BIRTH_MONTH, row.age(BIRTH_MONTH, row.day(ADMITTED_ON)?)? < 0)
}

fn admitted_adult(row: &Row<'_>) -> Option<usize> {
    broken(BIRTH_MONTH, row.age(BIRTH_MONTH, row.day(ADMITTED_ON)?)? >= 18)
}

/// Supported accommodation is for looked-after children of 16 and 17 alone.
fn too_young_for_supported_accommodation(row: &Row<'_>) -> Option<usize> {
    let age = row.age(BIRTH_MONTH, row.day(ADMITTED_ON)?)?;
    broken(BIRTH_MONTH, row.code(NOTIFIED_UNDER) == SUPPORTED && (0..16).contains(&age))
}

fn host_is_another(row: &Row<'_>) -> Option<usize> {
    broken(HOST_LA, row.number(HOST_LA)? != row.context.authority)
}

fn placed_by_the_host(row: &Row<'_>) -> Option<usize> {
    broken(PLACING_LA, row.number(PLACING_LA)? == row.context.authority)
}

fn placing_unnamed(row: &Row<'_>) -> Option<usize> {
    broken(PLACING_LA, row.is_blank(PLACING_LA))
}

fn discharged_before_window(row: &Row<'_>) -> Option<usize> {
    broken(DISCHARGED_ON, row.day(DISCHARGED_ON)? < row.context.covers_from?)
}

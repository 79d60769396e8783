//! Row rules of care leavers.

pub(crate) mod columns;

use self::columns::{ACCOMMODATION, ACTIVITY, AGE, BIRTH_MONTH, IN_TOUCH, LEFT_FOSTERING, STAYING_PUT};
use super::{broken, listed};
use crate::engine::{NONE, Row};
use crate::model::code::Code;

listed! {
    ("birthday-future", birthday_later),
    ("in-touch-silent", in_touch_and_silent),
    ("gone-housed", gone_and_housed),
    ("suitable-never", never_suitable),
    ("staying-put-home", staying_put_elsewhere),
    ("staying-put-age", staying_put_at_another_age),
    ("staying-put-unfostered", staying_put_unfostered),
}

const YES: Code = Code::of(b"YES");
const DIED: Code = Code::of(b"DIED");
const RHOM: Code = Code::of(b"RHOM");
const UNKNOWN: Code = Code::of(b"0");
/// Homeless or in custody, and called suitable.
const NEVER: [Code; 2] = [Code::of(b"S1"), Code::of(b"X1")];
const FORMER_CARER: [Code; 2] = [Code::of(b"Z1"), Code::of(b"Z2")];

fn birthday_later(row: &Row<'_>) -> Option<usize> {
    broken(AGE, i64::from(row.age(BIRTH_MONTH, row.context.as_at)?) < row.number(AGE)?)
}

fn in_touch_and_silent(row: &Row<'_>) -> Option<usize> {
    let silent = [ACCOMMODATION, ACTIVITY].into_iter().find(|at| row.is_blank(*at) || row.code(*at) == UNKNOWN)?;
    broken(silent, row.code(IN_TOUCH) == YES)
}

fn gone_and_housed(row: &Row<'_>) -> Option<usize> {
    let housed = !matches!(row.code(ACCOMMODATION), NONE | UNKNOWN);
    broken(ACCOMMODATION, housed && matches!(row.code(IN_TOUCH), DIED | RHOM))
}

fn never_suitable(row: &Row<'_>) -> Option<usize> {
    broken(ACCOMMODATION, NEVER.contains(&row.code(ACCOMMODATION)))
}

fn staying_put_elsewhere(row: &Row<'_>) -> Option<usize> {
    broken(ACCOMMODATION, stays(row)? && !FORMER_CARER.contains(&row.code(ACCOMMODATION)))
}

fn staying_put_at_another_age(row: &Row<'_>) -> Option<usize> {
    broken(AGE, stays(row)? && !(18..=21).contains(&row.number(AGE)?))
}

fn staying_put_unfostered(row: &Row<'_>) -> Option<usize> {
    broken(LEFT_FOSTERING, stays(row)? && row.flag(LEFT_FOSTERING) == Some(false))
}

fn stays(row: &Row<'_>) -> Option<bool> {
    row.flag(STAYING_PUT)
}

//! The course of a search: opened, offers, closed.

use super::columns::{
    CLOSED_ON, EMERGENCY, NEEDED_BY, OFFERS_RECEIVED, OFFERS_SUITABLE, OPENED_ON, OUTCOME, PLACED_DISTANCE_REASON,
    PLACED_SETTING_REF,
};
use crate::engine::{NONE, Row};
use crate::model::code::Code;
use crate::rules::{broken, listed};

listed! {
    ("opened-future", opened_later),
    ("closed-before-opened", closed_before_opened),
    ("closed-future", closed_later),
    ("needed-before-opened", needed_before_opened),
    ("outcome", outcome_and_close),
    ("open-long", open_over_a_year),
    ("outside-window", closed_before_window),
    ("offers", more_suitable_than_received),
    ("offer-refused", no_offer_though_suitable),
    ("placed-where", placed_nowhere),
    ("placed-otherwise", setting_though_not_placed),
    ("emergency-later", emergency_needed_later),
}

const PLACED: Code = Code::of(b"placed");
const NO_OFFER: Code = Code::of(b"no_offer");

fn opened_later(row: &Row<'_>) -> Option<usize> {
    broken(OPENED_ON, row.day(OPENED_ON)? > row.context.as_at)
}

fn closed_before_opened(row: &Row<'_>) -> Option<usize> {
    broken(CLOSED_ON, row.day(CLOSED_ON)? < row.day(OPENED_ON)?)
}

fn closed_later(row: &Row<'_>) -> Option<usize> {
    broken(CLOSED_ON, row.day(CLOSED_ON)? > row.context.as_at)
}

fn needed_before_opened(row: &Row<'_>) -> Option<usize> {
    broken(NEEDED_BY, row.day(NEEDED_BY)? < row.day(OPENED_ON)?)
}

fn outcome_and_close(row: &Row<'_>) -> Option<usize> {
    match (row.is_filled(CLOSED_ON), row.is_filled(OUTCOME)) {
        (true, false) => Some(OUTCOME),
        (false, true) => Some(CLOSED_ON),
        _ => None,
    }
}

fn open_over_a_year(row: &Row<'_>) -> Option<usize> {
    broken(OPENED_ON, row.is_blank(CLOSED_ON) && row.context.as_at - row.day(OPENED_ON)? > 365)
}

fn closed_before_window(row: &Row<'_>) -> Option<usize> {
    broken(CLOSED_ON, row.day(CLOSED_ON)? < row.context.covers_from?)
}

fn more_suitable_than_received(row: &Row<'_>) -> Option<usize> {
    broken(OFFERS_SUITABLE, row.number(OFFERS_SUITABLE)? > row.number(OFFERS_RECEIVED)?)
}

fn no_offer_though_suitable(row: &Row<'_>) -> Option<usize> {
    broken(OUTCOME, row.code(OUTCOME) == NO_OFFER && row.number(OFFERS_SUITABLE)? > 0)
}

fn placed_nowhere(row: &Row<'_>) -> Option<usize> {
    broken(PLACED_SETTING_REF, row.code(OUTCOME) == PLACED && row.is_blank(PLACED_SETTING_REF))
}

fn setting_though_not_placed(row: &Row<'_>) -> Option<usize> {
    let column = [PLACED_SETTING_REF, PLACED_DISTANCE_REASON].into_iter().find(|column| row.is_filled(*column))?;
    let outcome = row.code(OUTCOME);
    broken(column, outcome != PLACED && (outcome != NONE || row.is_blank(OUTCOME)))
}

fn emergency_needed_later(row: &Row<'_>) -> Option<usize> {
    broken(NEEDED_BY, row.flag(EMERGENCY)? && row.day(NEEDED_BY)? > row.day(OPENED_ON)? + 1)
}

//! Where the placement is, and who approved that it is there.

use super::codes::{P1, PR1, Z1, is_fostered, is_kinship, is_listed_other, is_short_break, is_temporary};
use super::columns::{
    APPROVED_ON, APPROVER_ROLE, BOUNDARY_MILES, DISTANCE_MILES, DISTANCE_REASON, EMERGENCY, EPISODE_END, EPISODE_START,
    LEGAL_STATUS, PLACEMENT_LA, PLACEMENT_PROVIDER, PLACEMENT_SECTOR, PLACEMENT_TYPE, UASC, URN,
};
use crate::engine::{NONE, Row};
use crate::model::code::Code;
use crate::rules::{broken, listed};

listed! {
    ("host-unknown", host_unknown),
    ("host-required", host_required),
    ("host-not-in-being", host_not_in_being),
    ("903-214", location_of_break),
    ("903-392d", at_home_elsewhere),
    ("903-406", distance_of_uasc),
    ("903-454", distance_over_350),
    ("boundary-inside", boundary_though_inside),
    ("distance-reason", distance_reason_missing),
    ("approver", approver_missing),
    ("approver-rank", approver_rank),
    ("approved-on", approval_undated),
    ("approved-late", approved_late),
}

const NOMINATED_OFFICER: Code = Code::of(b"nominated_officer");
const DIRECTOR: Code = Code::of(b"director");
const DELEGATED: Code = Code::of(b"delegated");
/// 350 miles, in tenths.
const FAR: i64 = 3_500;

fn is_unregistered_kind(row: &Row<'_>) -> bool {
    let place = row.code(PLACEMENT_TYPE);
    place == Z1 || is_listed_other(place)
}

/// Temporary moves and short breaks need no location.
fn needs_location(row: &Row<'_>) -> bool {
    !is_temporary(row.code(PLACEMENT_TYPE)) && !is_short_break(row.code(LEGAL_STATUS))
}

fn host_unknown(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_LA, row.is_blank(PLACEMENT_LA) && needs_location(row) && !is_unregistered_kind(row))
}

/// A host must hear of an unregistered placement.
fn host_required(row: &Row<'_>) -> Option<usize> {
    broken(PLACEMENT_LA, row.is_blank(PLACEMENT_LA) && is_unregistered_kind(row))
}

/// The host began after the episode ended, or ended before it began; of an open episode, before the day that the feed
/// describes: somebody else has the area now.
fn host_not_in_being(row: &Row<'_>) -> Option<usize> {
    let host = row.number(PLACEMENT_LA)?;
    let start = row.day(EPISODE_START)?;
    let end = row.day(EPISODE_END);
    let last = end.map_or(row.context.as_at, |end| end - 1).max(start);
    let begun = if end.is_none() { last } else { start };
    let away = |(code, first, until): &(i64, i32, i32)| *code == host && (*first > last || *until < begun);
    broken(PLACEMENT_LA, row.context.passing.iter().any(away))
}

fn location_of_break(row: &Row<'_>) -> Option<usize> {
    let located = [PLACEMENT_SECTOR, URN, PLACEMENT_LA].into_iter().find(|column| row.is_filled(*column))?;
    broken(located, is_short_break(row.code(LEGAL_STATUS)))
}

fn at_home_elsewhere(row: &Row<'_>) -> Option<usize> {
    let place = row.code(PLACEMENT_TYPE);
    let home = place == P1 || place == NONE || is_temporary(place);
    broken(DISTANCE_MILES, row.number(DISTANCE_MILES)? == 0 && !home)
}

fn distance_of_uasc(row: &Row<'_>) -> Option<usize> {
    broken(DISTANCE_MILES, row.flag(UASC)? && row.is_filled(DISTANCE_MILES))
}

fn distance_over_350(row: &Row<'_>) -> Option<usize> {
    broken(DISTANCE_MILES, row.number(DISTANCE_MILES)? > FAR)
}

fn boundary_though_inside(row: &Row<'_>) -> Option<usize> {
    broken(BOUNDARY_MILES, row.number(BOUNDARY_MILES)? > 0 && row.number(PLACEMENT_LA)? == row.context.authority)
}

/// Placed outside the authority's own area, in a place that the regulations reach.
fn is_out_of_area(row: &Row<'_>) -> bool {
    row.number(PLACEMENT_LA).is_some_and(|host| host != row.context.authority) && needs_location(row)
}

fn distance_reason_missing(row: &Row<'_>) -> Option<usize> {
    broken(DISTANCE_REASON, row.is_left_blank(DISTANCE_REASON) && is_out_of_area(row))
}

/// Care Planning Regulations 2010, reg 11(4): connected persons and the authority's own carers need no approval.
fn needs_approval(row: &Row<'_>) -> bool {
    let place = row.code(PLACEMENT_TYPE);
    let own = is_fostered(place) && row.code(PLACEMENT_PROVIDER) == PR1;
    is_out_of_area(row) && place != P1 && !is_kinship(place) && !own
}

fn approver_missing(row: &Row<'_>) -> Option<usize> {
    broken(APPROVER_ROLE, row.is_left_blank(APPROVER_ROLE) && needs_approval(row))
}

/// Reg 11(1) and (5): outside the area and not in an adjoining one, the Director decides.
fn approver_rank(row: &Row<'_>) -> Option<usize> {
    let host = row.number(PLACEMENT_LA)?;
    let distant = !row.context.adjoining.is_empty() && !row.context.adjoining.contains(&host);
    broken(APPROVER_ROLE, row.code(APPROVER_ROLE) == NOMINATED_OFFICER && distant && needs_approval(row))
}

fn approval_undated(row: &Row<'_>) -> Option<usize> {
    let approved = matches!(row.code(APPROVER_ROLE), NOMINATED_OFFICER | DIRECTOR | DELEGATED);
    broken(APPROVED_ON, approved && row.is_blank(APPROVED_ON))
}

/// Approval comes first, save in an emergency (reg 11(3)).
fn approved_late(row: &Row<'_>) -> Option<usize> {
    let late = row.day(APPROVED_ON)? > row.day(EPISODE_START)?;
    broken(APPROVED_ON, late && row.flag(EMERGENCY) != Some(true))
}

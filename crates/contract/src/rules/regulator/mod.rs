//! Row rules of the regulator's register.

pub(crate) mod columns;

use self::columns::{
    ASPECT, CATEGORIES, EFFECTIVE_FROM, EFFECTIVE_TO, ENTRY, GRADE, LA, PROVIDER_TYPE, PUBLISHED_ON, REGISTERED_PLACES,
    REGISTRATION_STATUS, SCALE,
};
use super::{broken, listed};
use crate::engine::{NONE, Row};
use crate::model::code::Code;

listed! {
    ("registration-says", registration_incomplete),
    ("judgement-says", judgement_incomplete),
    ("restriction-says", restriction_unnamed),
    ("aspect-otherwise", aspect_of_another_entry),
    ("grade-scale", grade_of_another_scale),
    ("scale-type", scale_of_another_provider),
    ("effective-reversed", ends_before),
    ("effective-future", begins_later),
    ("published-early", published_before),
    ("categories-type", categories_of_another_provider),
    ("categories-missing", category_missing),
    ("places-missing", places_missing),
    ("la-missing", authority_missing),
    ("columns-otherwise", columns_of_a_registration),
}

pub(crate) const REGISTRATION: Code = Code::of(b"registration");
const JUDGEMENT: Code = Code::of(b"judgement");
const RESTRICTION: Code = Code::of(b"restriction");
const SUPPORTED: Code = Code::of(b"supported_accommodation");
const AGENCY: Code = Code::of(b"fostering_agency");
const REGISTERED: Code = Code::of(b"registered");
/// Aspects of a judgement and of a restriction.
const JUDGED: [Code; 4] =
    [Code::of(b"overall"), Code::of(b"experiences"), Code::of(b"protection"), Code::of(b"leadership")];
const RESTRICTED: [Code; 4] =
    [Code::of(b"suspension"), Code::of(b"accommodation"), Code::of(b"conditions"), Code::of(b"compliance")];
/// The three scales, and the grades of each.
const FOUR_POINT: [Code; 4] =
    [Code::of(b"outstanding"), Code::of(b"good"), Code::of(b"requires_improvement"), Code::of(b"inadequate")];
const OUTCOMES: [Code; 3] =
    [Code::of(b"consistently_strong"), Code::of(b"inconsistent"), Code::of(b"serious_weaknesses")];
const EFFECTIVENESS: [Code; 3] = [Code::of(b"improved"), Code::of(b"sustained"), Code::of(b"declined")];
const ON_FOUR_POINTS: Code = Code::of(b"four_point");
const ON_EFFECTIVENESS: Code = Code::of(b"effectiveness");

fn is_registration(row: &Row<'_>) -> bool {
    row.code(ENTRY) == REGISTRATION
}

fn registration_incomplete(row: &Row<'_>) -> Option<usize> {
    let column = [PROVIDER_TYPE, REGISTRATION_STATUS].into_iter().find(|column| row.is_blank(*column))?;
    broken(column, is_registration(row))
}

fn judgement_incomplete(row: &Row<'_>) -> Option<usize> {
    let column = [ASPECT, SCALE, GRADE].into_iter().find(|column| row.is_blank(*column))?;
    broken(column, row.code(ENTRY) == JUDGEMENT)
}

fn restriction_unnamed(row: &Row<'_>) -> Option<usize> {
    broken(ASPECT, row.code(ENTRY) == RESTRICTION && row.is_blank(ASPECT))
}

fn aspect_of_another_entry(row: &Row<'_>) -> Option<usize> {
    let aspect = row.code(ASPECT);
    let fits = match row.code(ENTRY) {
        JUDGEMENT => JUDGED.contains(&aspect),
        RESTRICTION => RESTRICTED.contains(&aspect),
        _ => false,
    };
    broken(ASPECT, aspect != NONE && !fits)
}

fn grade_of_another_scale(row: &Row<'_>) -> Option<usize> {
    let (scale, grade) = (row.code(SCALE), row.code(GRADE));
    let fits = match scale {
        ON_FOUR_POINTS => FOUR_POINT.contains(&grade),
        SUPPORTED => OUTCOMES.contains(&grade),
        ON_EFFECTIVENESS => EFFECTIVENESS.contains(&grade),
        _ => true,
    };
    broken(GRADE, grade != NONE && !fits)
}

fn scale_of_another_provider(row: &Row<'_>) -> Option<usize> {
    let (scale, kind) = (row.code(SCALE), row.code(PROVIDER_TYPE));
    broken(SCALE, scale != NONE && kind != NONE && (scale == SUPPORTED) != (kind == SUPPORTED))
}

fn ends_before(row: &Row<'_>) -> Option<usize> {
    broken(EFFECTIVE_TO, row.day(EFFECTIVE_TO)? < row.day(EFFECTIVE_FROM)?)
}

fn begins_later(row: &Row<'_>) -> Option<usize> {
    broken(EFFECTIVE_FROM, row.day(EFFECTIVE_FROM)? > row.context.as_at)
}

fn published_before(row: &Row<'_>) -> Option<usize> {
    broken(PUBLISHED_ON, row.day(PUBLISHED_ON)? < row.day(EFFECTIVE_FROM)?)
}

fn categories_of_another_provider(row: &Row<'_>) -> Option<usize> {
    let kind = row.code(PROVIDER_TYPE);
    broken(CATEGORIES, is_registration(row) && row.codes(CATEGORIES) != 0 && kind != SUPPORTED && kind != NONE)
}

fn category_missing(row: &Row<'_>) -> Option<usize> {
    broken(CATEGORIES, is_registered(row) && row.code(PROVIDER_TYPE) == SUPPORTED && row.is_blank(CATEGORIES))
}

fn places_missing(row: &Row<'_>) -> Option<usize> {
    broken(REGISTERED_PLACES, is_registered_home(row) && row.is_blank(REGISTERED_PLACES))
}

fn authority_missing(row: &Row<'_>) -> Option<usize> {
    broken(LA, is_registered_home(row) && row.is_blank(LA))
}

fn is_registered(row: &Row<'_>) -> bool {
    is_registration(row) && row.code(REGISTRATION_STATUS) == REGISTERED
}

/// Registered, and somewhere children live rather than an agency.
fn is_registered_home(row: &Row<'_>) -> bool {
    is_registered(row) && row.code(PROVIDER_TYPE) != AGENCY
}

fn columns_of_a_registration(row: &Row<'_>) -> Option<usize> {
    let columns = [REGISTRATION_STATUS, REGISTERED_PLACES, CATEGORIES];
    let filled = columns.into_iter().find(|column| row.is_filled(*column))?;
    broken(filled, matches!(row.code(ENTRY), JUDGEMENT | RESTRICTION))
}

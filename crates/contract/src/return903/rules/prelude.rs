//! What every list of rules uses.

use hub_domain::codes::{CodeList, valid_on};

pub(super) use super::super::child::{Child, NOTHING};
pub(super) use super::super::frame::{birthday, has_reached};
pub(super) use super::super::rule::ReturnRule as Rule;
pub(super) use super::super::rule::Say;
pub(super) use super::super::table::TableName::{
    Ad1, Episodes, Header, Liberty, Missing, Oc2, Oc3, PreviousPermanence, Reviews, ShouldBePlaced, SocialWorkers, Uasc,
};
pub(super) use super::super::table::{Row, Table, TableName, ad, dl, ep, hd, mi, o2, o3, pp, re, sb, sw, ua};
pub(super) use crate::cell::date::{civil_of, day_of};
pub(super) use crate::model::code::Code;
pub(super) use crate::rules::placements::codes::*;

/// Whether a filled code is on none of DfE's lists for the years from the first to the last.
pub(super) fn is_unlisted(row: Row<'_>, column: usize, list: CodeList, (first, last): (i32, i32)) -> bool {
    if row.is_blank(column) {
        return false;
    }
    let packed = row.code(column).0.to_be_bytes();
    let from = packed.iter().position(|byte| *byte != 0).unwrap_or(packed.len());
    let text = packed.get(from..).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("");
    let is_listed = |year: i32| i16::try_from(year).is_ok_and(|year| valid_on(list, text, year));
    !(first..=last.max(first)).any(is_listed)
}

/// The collection year of a day, by the year it ends in.
pub(super) const fn year_of(day: i32) -> i32 {
    let (year, month, _) = civil_of(day);
    if month >= 4 { year + 1 } else { year }
}

/// Whether it is one of them, or blank.
pub(super) fn is_one_of(code: Code, codes: &[Code]) -> bool {
    code == NOTHING || codes.contains(&code)
}

/// The two columns say the same.
pub(super) fn is_same(one: Row<'_>, other: Row<'_>, column: usize) -> bool {
    one.cell(column) == other.cell(column)
}

/// Any of DfE's three placement columns, or the postcode, differs.
pub(super) fn has_moved(one: Row<'_>, other: Row<'_>) -> bool {
    ![ep::PLACE, ep::PL_POST, ep::URN, ep::PLACE_PROVIDER].iter().all(|column| is_same(one, other, *column))
}

/// Reasons that end care: every one but "a new episode begins".
pub(super) fn ends_care(ceased: Code) -> bool {
    ceased != NOTHING && ceased != X1
}

/// Adopted.
pub(super) fn is_adopted(ceased: Code) -> bool {
    matches!(ceased, E11 | E12)
}

//! Where the placement is, as far as the return itself says. Distance and host authority are the placements feed's.

use super::prelude::*;

/// Registered with nobody: with parents, in employment, in care or health homes of other regulators, in custody, temporary, other.
fn has_no_urn(place: Code) -> bool {
    matches!(place, P1 | P3 | R1 | R2 | R5) || is_temporary(place) || is_listed_other(place)
}

pub(super) static RULES: &[Rule] = &[
    Rule::each("214", Episodes, ep::PL_POST, |row, _| {
        is_short_break(row.code(ep::LS)) && row.has_any(&[ep::PL_POST, ep::URN])
    })
    .says("A short break has a placement postcode or a URN", "Blank both.")
    .samples("ep LS=V3", "ep LS=V3 HOME_POST= PL_POST= URN="),
    Rule::each("398", Episodes, ep::HOME_POST, |row, _| {
        is_short_break(row.code(ep::LS)) && row.has_any(&[ep::HOME_POST, ep::PL_POST])
    })
    .says("A short break has a postcode, so it would have a distance", "Blank both postcodes.")
    .samples("ep LS=V4 PL_POST= URN=", "ep LS=V4 HOME_POST= PL_POST= URN="),
    Rule::each("218", Episodes, ep::URN, |row, child| {
        let over = row.day(ep::DEC).is_some_and(|end| end < child.frame.starts);
        let free = has_no_urn(row.code(ep::PLACE)) || is_short_break(row.code(ep::LS));
        row.is_blank(ep::URN) && !free && !over
    })
    .says(
        "The URN is blank",
        "Look it up in Ofsted's list; a placement outside England has none, which the hub sees by the host authority.",
    )
    .samples("ep URN=", "ep URN= PLACE=P1 PLACE_PROVIDER=PR0"),
    Rule::each("222", Episodes, ep::URN, |row, _| {
        row.is_filled(ep::URN) && row.code(ep::URN) != XXXXXXX && has_no_urn(row.code(ep::PLACE))
    })
    .says("A URN for a placement that is registered with nobody", "Blank URN, or correct PLACE.")
    .samples("ep PLACE=P1 PLACE_PROVIDER=PR0", "ep"),
    Rule::each("242", Episodes, ep::URN, |row, _| {
        let place = row.code(ep::PLACE);
        row.code(ep::URN) == XXXXXXX && !is_fostered(place) && !is_adoption(place)
    })
    .says("The placeholder for regional adoption agencies, and the child is in no family", "Look up the URN.")
    .samples("ep PLACE=K2 URN=XXXXXXX", "ep PLACE=A4 URN=XXXXXXX"),
    Rule::each("392b", Episodes, ep::PL_POST, |row, child| {
        let blank = row.is_blank(ep::HOME_POST) || row.is_blank(ep::PL_POST);
        let unaccompanied = !child.rows(Uasc).is_empty() || !child.last(Uasc).is_empty();
        blank && !unaccompanied && !is_short_break(row.code(ep::LS))
    })
    .says("A postcode is blank", "Fill in both; a child who was ever unaccompanied has no home postcode.")
    .samples("ep HOME_POST=", "ep HOME_POST=; ua"),
    Rule::each("392d", Episodes, ep::PL_POST, |row, _| {
        row.is_filled(ep::HOME_POST) && row.cell(ep::HOME_POST) == row.cell(ep::PL_POST) && row.code(ep::PLACE) != P1
    })
    .says("Home and placement have one postcode, and the child is not with parents", "Correct the one that is wrong.")
    .samples("ep PL_POST=SE136LT", "ep PL_POST=SE136LT PLACE=P1 PLACE_PROVIDER=PR0"),
];

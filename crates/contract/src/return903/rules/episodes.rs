//! An episode by itself.

use hub_domain::codes::CodeList;

use super::prelude::*;

/// 14 October 1991, when the Children Act 1989 came into force.
const CHILDREN_ACT: i32 = day_of(1991, 10, 14);
/// 1 December 2005, when placement orders began.
const PLACEMENT_ORDERS: i32 = day_of(2005, 12, 1);

/// The collection years that an episode touches, up to the one at hand.
fn years(row: Row<'_>, child: &Child<'_>) -> (i32, i32) {
    let year = child.frame.year;
    let last = row.day(ep::DEC).map_or(year, |end| year_of(end - 1).min(year));
    (row.day(ep::DECOM).map_or(year, |start| year_of(start).min(year)), last)
}

const fn unlisted(
    id: &'static str,
    column: usize,
    test: fn(Row<'_>, &Child<'_>) -> bool,
    words: (&'static str, &'static str),
) -> Rule {
    Rule::each(id, Episodes, column, test).says(words.0, words.1).error()
}

pub(super) static RULES: &[Rule] = &[
    Rule::each("141", Episodes, ep::DECOM, |row, _| row.is_bad(ep::DECOM))
        .says("The start of the episode is not a date", "Write DECOM as dd/mm/yyyy.")
        .error()
        .samples("ep DECOM=31/02/2025", "ep"),
    unlisted(
        "143",
        ep::RNE,
        |row, child| is_unlisted(row, ep::RNE, CodeList::Rne, years(row, child)),
        ("The reason for new episode is not on the list", "Use S, L, P, T, B or U."),
    )
    .samples("ep RNE=X", "ep RNE=S"),
    unlisted(
        "144",
        ep::LS,
        |row, child| is_unlisted(row, ep::LS, CodeList::Ls, years(row, child)),
        ("The legal status is not on the list", "Use a code such as C2 or V2."),
    )
    .samples("ep LS=C9", "ep LS=C1"),
    unlisted(
        "145",
        ep::CIN,
        |row, child| is_unlisted(row, ep::CIN, CodeList::Cin, years(row, child)),
        ("The category of need is not on the list", "Use N1 to N8."),
    )
    .samples("ep CIN=N9", "ep CIN=N8"),
    unlisted(
        "146",
        ep::PLACE,
        |row, child| is_unlisted(row, ep::PLACE, CodeList::Place, years(row, child)),
        (
            "The placement type is on no list of the years that the episode touches",
            "Use a code of the year: H5 and P2 to 2023/24, K3 from 2024/25, Z11 to Z14 from 2025/26.",
        ),
    )
    .samples("ep PLACE=H5", "ep PLACE=H5 DECOM=1/5/2023"),
    Rule::each("147", Episodes, ep::DEC, |row, _| row.is_bad(ep::DEC))
        .says(
            "The end of the episode is not a date",
            "Write DEC as dd/mm/yyyy, or leave it blank while the episode is open.",
        )
        .error()
        .samples("ep DEC=31/02/2026 REC=X1", "ep"),
    Rule::each("148", Episodes, ep::DEC, |row, _| row.is_blank(ep::DEC) != row.is_blank(ep::REC))
        .says("DEC and REC are not both filled or both blank", "Fill in the other, or blank the one.")
        .error()
        .samples("ep DEC=1/6/2025", "ep DEC=1/6/2025 REC=E4A"),
    unlisted(
        "149",
        ep::REC,
        |row, child| is_unlisted(row, ep::REC, CodeList::Rec, years(row, child)),
        ("The reason the episode ceased is not on the list", "Use X1 or an E code that held when it ended."),
    )
    .samples("ep DEC=1/6/2025 REC=E99", "ep DEC=1/6/2025 REC=E8"),
    unlisted(
        "178",
        ep::PLACE_PROVIDER,
        |row, child| {
            let none = matches!(row.code(ep::PLACE), T0 | T1 | T2 | T3) || is_listed_other(row.code(ep::PLACE));
            let filled = row.is_filled(ep::PLACE_PROVIDER);
            (none && filled) || is_unlisted(row, ep::PLACE_PROVIDER, CodeList::PlaceProvider, years(row, child))
        },
        (
            "The provider code is not on the list, or the placement has none",
            "Use PR0 to PR5, or blank it for T0 to T3 and Z11 to Z14.",
        ),
    )
    .samples("ep PLACE_PROVIDER=PR9", "ep PLACE_PROVIDER=PR2"),
    unlisted(
        "1009",
        ep::REASON_PLACE_CHANGE,
        |row, child| is_unlisted(row, ep::REASON_PLACE_CHANGE, CodeList::ReasonPlaceChange, years(row, child)),
        ("The reason for the change of placement is not on the list", "Use a code such as CARPL."),
    )
    .samples("ep REASON_PLACE_CHANGE=MOVED", "ep REASON_PLACE_CHANGE=CARPL"),
    Rule::each("353", Episodes, ep::DECOM, |row, _| row.day(ep::DECOM).is_some_and(|start| start < CHILDREN_ACT))
        .says("The episode starts before 14 October 1991", "Correct DECOM.")
        .error()
        .samples("ep DECOM=13/10/1991", "ep DECOM=14/10/1991"),
    Rule::each("354", Episodes, ep::DECOM, |row, child| {
        row.day(ep::DECOM).is_some_and(|start| start > child.frame.until)
    })
    .says("The episode starts after the return ends", "Correct DECOM, or leave the row out until it has begun.")
    .nightly("Judged on the day the feed describes.")
    .error()
    .samples("ep DECOM=1/4/2026", "ep DECOM=31/3/2026"),
    Rule::each("385", Episodes, ep::DEC, |row, child| row.day(ep::DEC).is_some_and(|end| end > child.frame.until))
        .says("The episode ends after the return does", "Correct DEC, or leave it blank until the day has come.")
        .nightly("Judged on the day the feed describes.")
        .error()
        .samples("ep DEC=1/4/2026 REC=X1", "ep DEC=31/3/2026 REC=E4A"),
    Rule::each("355", Episodes, ep::DEC, |row, _| row.is_filled(ep::DEC) && is_same_day(row))
        .says("The episode ends on the day it starts", "Leave it out: an episode lasts a night.")
        .error()
        .samples("ep DEC=01/05/2025 REC=X1", "ep DEC=02/05/2025 REC=E4A"),
    Rule::each("356", Episodes, ep::DEC, |row, _| {
        row.day(ep::DEC).zip(row.day(ep::DECOM)).is_some_and(|(end, start)| end < start)
    })
    .says("The episode ends before it starts", "Correct DEC or DECOM.")
    .error()
    .samples("ep DEC=30/04/2025 REC=X1", "ep DEC=02/05/2025 REC=E4A"),
    Rule::each("446", Episodes, ep::LS, |row, _| {
        row.code(ep::LS) == E1 && row.day(ep::DECOM).is_some_and(|start| start < PLACEMENT_ORDERS)
    })
    .says("A placement order before there were any (December 2005)", "Correct LS or DECOM.")
    .samples("ep LS=E1 DECOM=30/11/2005", "ep LS=E1"),
];

fn is_same_day(row: Row<'_>) -> bool {
    row.day(ep::DEC).is_some() && row.day(ep::DEC) == row.day(ep::DECOM)
}

//! How an episode ends, and what may follow.

use super::prelude::*;

pub(super) static RULES: &[Rule] = &[
    Rule::of_child("388", Episodes, ep::REC, |child, say| {
        let all = child.episodes();
        for (row, after) in all.clone().zip(all.skip(1).map(Some).chain([None])) {
            let follows = after.is_some_and(|after| after.day(ep::DECOM) == row.day(ep::DEC));
            let starts = after.is_none_or(|after| after.day(ep::DECOM).is_some());
            let wrong = match row.code(ep::REC) {
                X1 => !follows,
                NOTHING => false,
                _ => follows,
            };
            if wrong && starts && row.day(ep::DEC).is_some() {
                say.row(row);
            }
        }
    })
    .says(
        "A new episode is said to begin and none does that day, or one does and is not said to",
        "Use X1 exactly where the next episode starts on the day that this one ends.",
    )
    .samples("ep DEC=1/6/2025 REC=X1", "ep DEC=1/6/2025 REC=X1; ep RNE=P DECOM=1/6/2025"),
    Rule::of_child("437", Episodes, ep::REC, |child, say| {
        for (row, _) in child.rows(Episodes).pairs() {
            if matches!(row.code(ep::REC), E2 | E15) && row.day(ep::DECOM).is_some() {
                say.row(row);
            }
        }
    })
    .says(
        "The child had died or was found to be an adult, and there are later episodes",
        "Correct REC, or take the later ones out.",
    )
    .error()
    .samples("ep DEC=1/6/2025 REC=E2; ep DECOM=1/7/2025", "ep DEC=1/6/2025 REC=E2"),
    Rule::each("390", Episodes, ep::PLACE, |row, _| is_adopted(row.code(ep::REC)) && !is_adoption(row.code(ep::PLACE)))
        .says("Adopted from what was no placement for adoption", "Correct PLACE (A3 to A6) or REC.")
        .samples("ep DEC=1/6/2025 REC=E11", "ep PLACE=A4 DEC=1/6/2025 REC=E11"),
    Rule::each("516", Episodes, ep::REC, |row, _| {
        matches!(row.code(ep::REC), E45 | E46) && !is_fostered(row.code(ep::PLACE))
    })
    .says("Guardianship to former foster carers, and the child was not fostered", "Use E47 or E48, or correct PLACE.")
    .samples("ep PLACE=K2 DEC=1/6/2025 REC=E45", "ep DEC=1/6/2025 REC=E45"),
    Rule::each("381", Episodes, ep::PLACE, |row, _| is_temporary(row.code(ep::PLACE)) && ends_care(row.code(ep::REC)))
        .says("Care ends in a temporary placement", "End it with the placement that the child was placed in.")
        .samples("ep PLACE=T1 DEC=1/6/2025 REC=E4A", "ep DEC=1/6/2025 REC=E4A"),
    Rule::each("380", Episodes, ep::PLACE, |row, _| {
        is_temporary(row.code(ep::PLACE)) && !matches!(row.code(ep::RNE), P | B)
    })
    .says(
        "A temporary placement begins care, or begins for another reason than a move",
        "Use P or B; care begins with a placement.",
    )
    .samples("ep PLACE=T1", "ep PLACE=T1 RNE=P DECOM=1/6/2025"),
    Rule::each("233", Episodes, ep::REASON_PLACE_CHANGE, |row, _| {
        row.is_blank(ep::DEC) && row.is_filled(ep::REASON_PLACE_CHANGE)
    })
    .says("A reason for the change of placement, and the episode is open", "Blank it until the placement ends.")
    .samples("ep REASON_PLACE_CHANGE=CARPL", "ep DEC=1/6/2025 REC=X1 REASON_PLACE_CHANGE=CARPL"),
    Rule::of_child("199", Episodes, ep::CHILD, |child, say| {
        let before = child.last(Episodes).iter().filter(|row| is_adopted(row.code(ep::REC)));
        let before = before.filter_map(|row| row.day(ep::DEC)).min().unwrap_or(i32::MAX);
        let mut adopted = false;
        for row in child.episodes() {
            let Some(start) = row.day(ep::DECOM) else { continue };
            if adopted || start >= before {
                say.row(row);
            }
            adopted |= is_adopted(row.code(ep::REC));
        }
    })
    .says(
        "The child was adopted and is looked after again under the same number",
        "Give an adopted child a new case number.",
    )
    .nightly("Last year's episodes count where they are given.")
    .samples("ep PLACE=A4 DEC=1/6/2025 REC=E11; ep DECOM=1/7/2025", "ep PLACE=A4 DEC=1/6/2025 REC=E11"),
    Rule::each("217", Episodes, ep::RNE, |row, _| {
        let since = row.day(ep::DECOM).is_some_and(|start| start >= day_of(2015, 4, 1));
        matches!(row.code(ep::PLACE), A3 | A5) && since && !matches!(row.code(ep::RNE), S | T | U)
    })
    .says("Placed for adoption with the foster carers at hand, and RNE names another carer", "Use S, T or U.")
    .samples("ep PLACE=A3 RNE=P", "ep PLACE=A3 RNE=T DECOM=1/3/2025"),
    Rule::of_child("336", Episodes, ep::PLACE, |child, say| {
        for (before, row) in child.rows(Episodes).pairs() {
            let from = before.code(ep::PLACE);
            if matches!(row.code(ep::PLACE), A3 | A4) && !is_fostered(from) && !is_adoption(from) {
                say.row(row);
            }
        }
    })
    .says("Placed for adoption from what was no foster placement", "Check PLACE of this episode and the one before.")
    .samples(
        "ep PLACE=K2 DEC=1/6/2025 REC=X1; ep RNE=T DECOM=1/6/2025 PLACE=A3",
        "ep DEC=1/6/2025 REC=X1; ep RNE=T DECOM=1/6/2025 PLACE=A3",
    ),
    Rule::each("408", Episodes, ep::LS, |row, _| matches!(row.code(ep::PLACE), A5 | A6) && row.code(ep::LS) != E1)
        .says("Placed for adoption under a placement order, and there is none", "Use E1, or A3 or A4.")
        .samples("ep PLACE=A5", "ep PLACE=A5 LS=E1"),
];

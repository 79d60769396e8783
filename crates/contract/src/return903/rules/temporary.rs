//! Temporary moves, and how long they may last.

use super::prelude::*;

fn lasts_over(row: Row<'_>, child: &Child<'_>, most: i32) -> bool {
    row.day(ep::DECOM).is_some_and(|start| row.day(ep::DEC).unwrap_or(child.frame.until) - start > most)
}

const SO_FAR: &str = "An open episode is counted to the day the feed describes.";

pub(super) static RULES: &[Rule] = &[
    Rule::each("375", Episodes, ep::DEC, |row, child| row.code(ep::PLACE) == T1 && lasts_over(row, child, 42))
        .says("In hospital as a temporary move for more than six weeks", "Record the hospital as the placement (R2).")
        .nightly(SO_FAR)
        .samples("ep PLACE=T1 DEC=13/6/2025 REC=X1", "ep PLACE=T1 DEC=12/6/2025 REC=X1"),
    Rule::each("376", Episodes, ep::DEC, |row, child| row.code(ep::PLACE) == T3 && lasts_over(row, child, 21))
        .says("A carer's holiday of more than three weeks", "Record where the child then was as the placement.")
        .nightly(SO_FAR)
        .samples("ep PLACE=T3 DEC=23/5/2025 REC=X1", "ep PLACE=T3 DEC=22/5/2025 REC=X1"),
    Rule::each("379", Episodes, ep::DEC, |row, child| row.code(ep::PLACE) == T4 && lasts_over(row, child, 7))
        .says(
            "A temporary move for another reason of more than seven days",
            "Record where the child then was as the placement.",
        )
        .nightly(SO_FAR)
        .samples("ep PLACE=T4 DEC=9/5/2025 REC=X1", "ep PLACE=T4 DEC=8/5/2025 REC=X1"),
    Rule::of_child("377", Episodes, ep::PLACE, |child, say| {
        let holidays = || child.episodes().filter(|row| row.code(ep::PLACE) == T3);
        let begins: Vec<i32> = holidays().filter_map(|row| row.day(ep::DECOM)).collect();
        let close = begins.iter().zip(begins.iter().skip(2)).any(|(first, third)| third - first < 365);
        if close {
            holidays().for_each(|row| say.row(row));
        }
    })
    .says(
        "More than two holidays of the carer within twelve months",
        "Record where the child then was as the placement.",
    )
    .samples(
        "ep PLACE=T3 DECOM=1/5/2025; ep PLACE=T3 DECOM=1/7/2025; ep PLACE=T3 DECOM=1/9/2025",
        "ep PLACE=T3 DECOM=1/5/2024; ep PLACE=T3 DECOM=1/7/2025; ep PLACE=T3 DECOM=1/9/2025",
    ),
];

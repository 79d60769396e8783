//! Strengths and difficulties (oc2).

use super::prelude::*;

fn born(row: Row<'_>, child: &Child<'_>) -> Option<i32> {
    row.day(o2::DOB).or(child.born())
}

/// Whether the child has reached an age on a day.
fn reached(row: Row<'_>, child: &Child<'_>, age: i32, day: i32) -> Option<bool> {
    born(row, child).map(|born| has_reached(born, age, day))
}

/// Four when the year begins, and not yet seventeen when it ends.
fn is_of_age(row: Row<'_>, child: &Child<'_>) -> bool {
    reached(row, child, 4, child.frame.starts) == Some(true) && reached(row, child, 17, child.frame.ends) == Some(false)
}

const TWELVE: &str =
    "The twelve months are those up to the day the feed describes; ages are counted on 31 March to come.";

pub(super) static RULES: &[Rule] = &[
    Rule::each("157", Oc2, o2::SDQ_REASON, |row, child| {
        let old = reached(row, child, 4, child.frame.starts) == Some(true);
        let young = born(row, child).is_some_and(|born| birthday(born, 16) >= child.frame.ends);
        let blank = row.is_blank(o2::SDQ_SCORE) && row.code(o2::SDQ_REASON) == SDQ1;
        child.continuous && old && young && blank
    })
    .says("SDQ1 says that the child is of the wrong age, and the age is right", "Give the score, or another reason.")
    .nightly(TWELVE)
    .with(&[Episodes])
    .samples("o2 SDQ_SCORE= SDQ_REASON=SDQ1; ep DECOM=1/5/2024", "o2; ep DECOM=1/5/2024"),
    Rule::each("180", Oc2, o2::SDQ_SCORE, |row, _| {
        row.is_filled(o2::SDQ_SCORE) && row.number(o2::SDQ_SCORE).is_none_or(|score| score > 40)
    })
    .says("The score is not a number from 0 to 40", "Correct it.")
    .samples("o2 SDQ_SCORE=41", "o2 SDQ_SCORE=40"),
    Rule::each("185", Oc2, o2::SDQ_SCORE, |row, child| row.is_filled(o2::SDQ_SCORE) && !child.continuous)
        .says("A score for a child not looked after for twelve months", "Blank it.")
        .nightly(TWELVE)
        .with(&[Episodes])
        .samples("o2; ep", "o2; ep DECOM=1/4/2025"),
    Rule::each("186", Oc2, o2::SDQ_SCORE, |row, child| {
        let blank = row.is_blank(o2::SDQ_SCORE) && row.is_blank(o2::SDQ_REASON);
        blank && child.continuous && is_of_age(row, child)
    })
    .says("No score and no reason, and the child is of the age for one", "Give the score, or why there is none.")
    .nightly(TWELVE)
    .with(&[Episodes])
    .samples("o2 SDQ_SCORE=; ep DECOM=1/5/2024", "o2; ep DECOM=1/5/2024"),
    Rule::each("188", Oc2, o2::SDQ_SCORE, |row, child| {
        row.has_any(&[o2::SDQ_SCORE, o2::SDQ_REASON]) && reached(row, child, 4, child.frame.ends) == Some(false)
    })
    .says("A score or a reason for a child under four", "Blank both.")
    .nightly("Ages are counted on 31 March to come.")
    .samples("hd DOB=1/4/2022; o2 DOB=1/4/2022", "o2"),
    Rule::each("189", Oc2, o2::SDQ_SCORE, |row, child| {
        let old = born(row, child).is_some_and(|born| birthday(born, 17) < child.frame.starts);
        old && row.has_any(&[o2::SDQ_SCORE, o2::SDQ_REASON])
    })
    .says("A score or a reason for a young person over seventeen when the year began", "Blank both.")
    .samples("hd DOB=1/3/2008; o2 DOB=1/3/2008", "o2"),
    Rule::each("196", Oc2, o2::SDQ_REASON, |row, _| {
        !is_one_of(row.code(o2::SDQ_REASON), &[SDQ1, SDQ2, SDQ3, SDQ4, SDQ5])
    })
    .says("The reason for no score is not on the list", "Use SDQ1 to SDQ5.")
    .samples("o2 SDQ_SCORE= SDQ_REASON=SDQ9", "o2 SDQ_SCORE= SDQ_REASON=SDQ2"),
    Rule::each("197a", Oc2, o2::SDQ_REASON, |row, _| row.has_all(&[o2::SDQ_SCORE, o2::SDQ_REASON]))
        .says("A score, and a reason for none", "Blank the one or the other.")
        .samples("o2 SDQ_REASON=SDQ2", "o2"),
    Rule::each("197B", Oc2, o2::SDQ_REASON, |row, child| {
        let span = child.frame.starts..=child.frame.ends;
        let turns = |age| born(row, child).is_some_and(|born| span.contains(&birthday(born, age)));
        let blank = row.is_blank(o2::SDQ_SCORE) && row.is_blank(o2::SDQ_REASON);
        blank && child.continuous && (turns(4) || turns(17))
    })
    .says(
        "No score and no reason, and the child turns four or seventeen in the year",
        "Give the score, or why there is none.",
    )
    .nightly(TWELVE)
    .with(&[Episodes])
    .samples(
        "hd DOB=1/6/2008; o2 DOB=1/6/2008 SDQ_SCORE=; ep DECOM=1/5/2024",
        "hd DOB=1/6/2008; o2 DOB=1/6/2008 SDQ_SCORE= SDQ_REASON=SDQ1; ep DECOM=1/5/2024",
    ),
    Rule::each("198", Oc2, o2::SDQ_REASON, |row, child| row.is_filled(o2::SDQ_REASON) && !child.continuous)
        .says("A reason for no score, for a child not looked after for twelve months", "Blank it.")
        .nightly(TWELVE)
        .with(&[Episodes])
        .samples("o2 SDQ_SCORE= SDQ_REASON=SDQ2; ep", "o2 SDQ_SCORE= SDQ_REASON=SDQ2; ep DECOM=1/4/2025"),
];

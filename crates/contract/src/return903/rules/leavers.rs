//! Care leavers (oc3).

use hub_domain::codes::CodeList;

use super::prelude::*;

const ALL: [usize; 3] = [o3::IN_TOUCH, o3::ACTIV, o3::ACCOM];
/// Training and employment with apprenticeships and without, told apart from 2021/22 on.
const TO_2021: [Code; 2] = [Code::of(b"F3"), Code::of(b"P3")];
const FROM_2022: [Code; 4] = [Code::of(b"F4"), Code::of(b"P4"), Code::of(b"F5"), Code::of(b"P5")];

fn born(row: Row<'_>, child: &Child<'_>) -> Option<i32> {
    row.day(o3::DOB).or(child.born())
}

/// Whether the column is blank or on none of the year's codes.
fn is_wrong(row: Row<'_>, child: &Child<'_>, column: usize, list: CodeList) -> bool {
    let year = child.frame.year;
    row.is_blank(column) || is_unlisted(row, column, list, (year, year))
}

pub(super) static RULES: &[Rule] = &[
    Rule::each("131", Oc3, o3::IN_TOUCH, |row, child| is_wrong(row, child, o3::IN_TOUCH, CodeList::InTouch))
        .says("Whether the authority is in touch is blank or not on the list", "Use YES, NO, DIED, REFU, NREQ or RHOM.")
        .samples("o3 IN_TOUCH=Y", "o3"),
    Rule::each("132", Oc3, o3::ACTIV, |row, child| {
        let other_years: &[Code] = if child.frame.year >= 2022 { &TO_2021 } else { &FROM_2022 };
        is_wrong(row, child, o3::ACTIV, CodeList::Activ) || other_years.contains(&row.code(o3::ACTIV))
    })
    .says("The activity is blank or not on the list", "Use a code such as F1 or G5; 0 where it is not known.")
    .samples("o3 ACTIV=F3", "o3 ACTIV=F4"),
    Rule::each("133", Oc3, o3::ACCOM, |row, child| {
        // Neither the street nor a cell is suitable.
        matches!(row.code(o3::ACCOM), S1 | X1) || is_wrong(row, child, o3::ACCOM, CodeList::Accom)
    })
    .says(
        "The accommodation is blank or not on the list",
        "Use a letter and 1 or 2, such as U1; 0 where it is not known.",
    )
    .samples("o3 ACCOM=A1", "o3 ACCOM=U1"),
    Rule::each("153", Oc3, o3::IN_TOUCH, |row, _| row.has_any(&ALL) && !row.has_all(&ALL))
        .says("IN_TOUCH, ACTIV and ACCOM are not all filled or all blank", "Fill in the rest.")
        .samples("o3 ACCOM=", "o3"),
    Rule::each("344", Oc3, o3::ACTIV, |row, _| {
        let gone = matches!(row.code(o3::IN_TOUCH), DIED | RHOM);
        gone && (row.code(o3::ACTIV) != NO || row.code(o3::ACCOM) != NO)
    })
    .says("Died or went home, and activity or accommodation is not 0", "Use 0 for both.")
    .samples("o3 IN_TOUCH=DIED", "o3 IN_TOUCH=DIED ACTIV=0 ACCOM=0"),
    Rule::each("345", Oc3, o3::ACTIV, |row, _| {
        row.code(o3::IN_TOUCH) == YES && (row.code(o3::ACTIV) == NO || row.code(o3::ACCOM) == NO)
    })
    .says("In touch, and activity or accommodation is not known", "Ask, and say which.")
    .samples("o3 ACTIV=0", "o3"),
    Rule::each("347", Oc3, o3::ACCOM, |row, child| {
        let young = born(row, child).is_some_and(|born| !has_reached(born, 18, child.frame.starts));
        matches!(row.code(o3::ACCOM), T1 | T2) && young
    })
    .says("In a foyer, and under eighteen when the year began", "Correct ACCOM or DOB.")
    .samples("o3 DOB=1/6/2007 ACCOM=T1", "hd DOB=1/4/2007; o3 DOB=1/4/2007 ACCOM=T1"),
    Rule::each("391", Oc3, o3::IN_TOUCH, |row, child| {
        row.has_any(&ALL) && born(row, child).is_some_and(|born| !has_reached(born, 17, child.frame.ends))
    })
    .says("The person does not reach seventeen in the year", "Take the row out of oc3.")
    .nightly("Ages are counted on 31 March to come.")
    .samples("o3 DOB=1/4/2009", "hd DOB=1/3/2009; o3 DOB=1/3/2009"),
    Rule::each("3001", Oc3, o3::ACCOM, |row, child| {
        let span = child.frame.starts..=child.frame.ends;
        let turns = born(row, child).is_some_and(|born| span.contains(&birthday(born, 17)));
        matches!(row.code(o3::ACCOM), Z1 | Z2) && turns
    })
    .says(
        "With a former foster carer, around the seventeenth birthday",
        "Staying put begins at eighteen: correct ACCOM.",
    )
    .samples("hd DOB=1/6/2008; o3 DOB=1/6/2008 ACCOM=Z1", "hd DOB=1/6/2006; o3 DOB=1/6/2006 ACCOM=Z1"),
    Rule::each("1000", Oc3, o3::IN_TOUCH, |_, child| {
        child.episodes().chain(child.last(Episodes).iter()).any(|row| row.code(ep::REC) == E2)
    })
    .says("The person died in care", "Take the row out of oc3.")
    .nightly("Last year's episodes count where they are given.")
    .with(&[Episodes])
    .samples("o3; ep DEC=1/6/2025 REC=E2", "o3; ep DEC=1/6/2025 REC=E6"),
    Rule::each("1011", Oc3, o3::IN_TOUCH, |row, child| {
        let last = child.episodes().rfind(|row| row.day(ep::DECOM).is_some());
        row.has_any(&ALL) && last.is_some_and(|last| last.code(ep::REC) == E3)
    })
    .says("Another authority took the person over", "Take the row out: they are its care leaver.")
    .with(&[Episodes])
    .samples("o3; ep DEC=1/6/2025 REC=E3", "o3; ep DEC=1/6/2025 REC=E6"),
    Rule::each("1007", Oc3, o3::IN_TOUCH, |row, child| row.has_any(&ALL) && cared_for_on_birthday(row, child, true))
        .says("Still looked after on the seventeenth or eighteenth birthday", "Take the row out of oc3.")
        .with(&[Episodes])
        .samples("hd DOB=1/6/2008; o3 DOB=1/6/2008; ep", "hd DOB=1/6/2008; o3 DOB=1/6/2008; ep DEC=15/5/2025 REC=E6"),
    Rule::each("1016", Oc3, o3::IN_TOUCH, |row, child| row.has_any(&ALL) && cared_for_on_birthday(row, child, false))
        .says("Left care on or after the seventeenth or eighteenth birthday in the year", "Take the row out of oc3.")
        .with(&[Episodes])
        .samples(
            "hd DOB=1/6/2008; o3 DOB=1/6/2008; ep DEC=1/9/2025 REC=E6",
            "hd DOB=1/6/2008; o3 DOB=1/6/2008; ep DEC=15/5/2025 REC=E6",
        ),
    Rule::each("215", Oc3, o3::IN_TOUCH, |row, child| {
        let health: Vec<usize> = (o2::CONVICTED..=o2::INTERVENTION_OFFERED).collect();
        row.has_any(&ALL) && child.rows(Oc2).iter().any(|row| row.has_any(&health))
    })
    .says(
        "A care leaver has health columns in oc2, which are for children in care",
        "Take the row out of the one or the other.",
    )
    .with(&[Oc2])
    .samples("o3; o2", "o3"),
    Rule::each("187", Oc3, o3::IN_TOUCH, |row, child| child.continuous && row.has_any(&ALL))
        .says("Looked after for twelve months, and in oc3", "Take the row out of oc3.")
        .nightly("The twelve months are those up to the day the feed describes.")
        .with(&[Episodes])
        .samples("o3; ep DECOM=1/5/2024", "o3; ep DEC=1/6/2025 REC=E6"),
];

/// In an episode on the birthday of this year that the person turned seventeen or eighteen: open over it, or ended since.
fn cared_for_on_birthday(row: Row<'_>, child: &Child<'_>, goes_on: bool) -> bool {
    let Some(born) = born(row, child) else { return false };
    let frame = child.frame;
    let days =
        [17, 18].map(|age| birthday(born, age)).into_iter().filter(|day| (frame.starts..=frame.until).contains(day));
    let mut on = days.flat_map(|day| child.episodes().map(move |row| (row, day)));
    on.any(|(row, day)| match (row.day(ep::DECOM), row.day(ep::DEC)) {
        (Some(start), None) => goes_on && start <= day,
        (Some(start), Some(end)) if goes_on => start <= day && end > day,
        (Some(_), Some(end)) => end >= day && ends_care(row.code(ep::REC)),
        (None, _) => false,
    })
}

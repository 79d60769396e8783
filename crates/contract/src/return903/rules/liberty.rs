//! Deprivations of liberty, from 2026/27.

use super::prelude::*;

/// Whether any episode that the order overlaps is in a placement that the test names.
fn overlaps(row: Row<'_>, child: &Child<'_>, test: fn(Code) -> bool) -> bool {
    let Some(from) = row.day(dl::DOLO_START) else { return false };
    let to = row.day(dl::DOLO_END).unwrap_or(child.frame.until);
    child.episodes().any(|episode| {
        let begins = episode.day(ep::DECOM).is_some_and(|begins| begins <= to);
        let ends = episode.day(ep::DEC).is_none_or(|ends| ends > from);
        begins && ends && test(episode.code(ep::PLACE))
    })
}

pub(super) static RULES: &[Rule] = &[
    Rule::each("700", Liberty, dl::DOLO_START, |row, _| row.day(dl::DOLO_START).is_none())
        .says("The start of the order is blank or not a date", "Write DOLO_START as dd/mm/yyyy.")
        .samples("dl DOLO_START=", "dl"),
    Rule::each("701", Liberty, dl::DOLO_END, |row, _| row.is_bad(dl::DOLO_END))
        .says(
            "The end of the order is not a date",
            "Write DOLO_END as dd/mm/yyyy, or leave it blank while it is in force.",
        )
        .samples("dl DOLO_END=soon", "dl"),
    Rule::each("702", Liberty, dl::DOLO_END, |row, _| {
        row.day(dl::DOLO_END).zip(row.day(dl::DOLO_START)).is_some_and(|(end, start)| end <= start)
    })
    .says("The order ends before it starts, or on that day", "Correct the dates.")
    .error()
    .samples("dl DOLO_END=1/6/2025", "dl DOLO_END=2/6/2025"),
    Rule::each("703", Liberty, dl::DOLO_START, |row, child| {
        row.day(dl::DOLO_START).is_some_and(|start| start > child.frame.until)
    })
    .says("The order starts after the return ends", "Correct DOLO_START.")
    .nightly("Judged on the day the feed describes.")
    .samples("dl DOLO_START=1/4/2026", "dl"),
    Rule::each("704", Liberty, dl::DOLO_END, |row, child| {
        let span = child.frame.starts..=child.frame.until;
        row.day(dl::DOLO_END).is_some_and(|end| !span.contains(&end))
    })
    .says("The order ends outside the collection year", "Correct DOLO_END, or take the row out.")
    .nightly("Up to the day the feed describes.")
    .samples("dl DOLO_START=1/1/2025 DOLO_END=1/3/2025", "dl DOLO_END=2/6/2025"),
    Rule::of_child("705", Liberty, dl::DOLO_START, |child, say| {
        for (before, row) in child.rows(Liberty).pairs() {
            let over = before.day(dl::DOLO_END);
            if over.is_none_or(|over| row.day(dl::DOLO_START).is_some_and(|start| start < over)) {
                say.row(row);
            }
        }
    })
    .says("The order starts while the one before it is in force", "Correct the dates; one ends before the next begins.")
    .samples("dl; dl DOLO_START=1/7/2025", "dl DOLO_END=1/7/2025; dl DOLO_START=1/7/2025"),
    Rule::each("707", Liberty, dl::DOLO_END, |row, child| {
        let Some(start) = row.day(dl::DOLO_START) else { return false };
        let periods = child.spells();
        let fits = |begins: i32, ends: Option<i32>| match row.day(dl::DOLO_END) {
            Some(end) => end >= begins && ends.is_none_or(|ends| end <= ends),
            None => start >= begins && ends.is_none(),
        };
        !periods.is_empty() && !periods.iter().any(|period| fits(period.begins, period.ends))
    })
    .says("Care has ended, and the order has not, or ends later", "Fill in DOLO_END: it ends with care at the latest.")
    .with(&[Episodes])
    .samples("dl; ep DEC=1/10/2025 REC=E4A", "dl; ep"),
    Rule::each("708", Liberty, dl::DOLO_START, |row, child| {
        let born = row.day(dl::DOB).or(child.born());
        row.day(dl::DOLO_START).zip(born).is_some_and(|(start, born)| start <= born)
    })
    .says("The order starts before the child is born", "Correct DOLO_START or DOB.")
    .samples("dl DOLO_START=1/1/2010", "dl"),
    Rule::each("709", Liberty, dl::DOLO_START, |row, child| {
        overlaps(row, child, |place| !matches!(place, K2 | Z12 | Z13))
    })
    .says(
        "Deprived of liberty elsewhere than in a children's home or a listed other placement",
        "Check PLACE: K2, Z12 or Z13 is expected.",
    )
    .nightly("An order in force is asked too: DfE asks it of those that have ended.")
    .note()
    .with(&[Episodes])
    .samples("dl; ep", "dl; ep PLACE=K2"),
    Rule::each("710", Liberty, dl::DOLO_START, |row, child| {
        overlaps(row, child, |place| matches!(place, K1 | P1 | R5 | K3))
    })
    .says(
        "Deprived of liberty where no such order can be",
        "Correct PLACE: not a secure home, parents, custody or supported accommodation.",
    )
    .nightly("An order in force is asked too: DfE asks it of those that have ended.")
    .with(&[Episodes])
    .samples("dl; ep PLACE=K1", "dl; ep PLACE=K2"),
];

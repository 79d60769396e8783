//! Times missing, by themselves.

use super::prelude::*;

pub(super) static RULES: &[Rule] = &[
    Rule::each("1004", Missing, mi::MIS_START, |row, _| row.day(mi::MIS_START).is_none())
        .says("The start is blank or not a date", "Write MIS_START as dd/mm/yyyy.")
        .samples("mi MIS_START=soon", "mi"),
    Rule::each("1005", Missing, mi::MIS_END, |row, _| row.is_bad(mi::MIS_END))
        .says("The end is not a date", "Write MIS_END as dd/mm/yyyy, or leave it blank while the child is missing.")
        .samples("mi MIS_END=soon", "mi MIS_END="),
    Rule::each("1006", Missing, mi::MISSING, |row, _| !is_one_of(row.code(mi::MISSING), &[M, A]))
        .says("The kind is neither M nor A", "Use M for missing, A for away without authorisation.")
        .samples("mi MISSING=X", "mi"),
    Rule::each("564", Missing, mi::MIS_START, |row, _| {
        matches!(row.code(mi::MISSING), M | A) && row.is_blank(mi::MIS_START)
    })
    .says("The start is blank", "Fill in MIS_START.")
    .samples("mi MIS_START=", "mi"),
    Rule::each("565", Missing, mi::MISSING, |row, _| row.is_filled(mi::MIS_START) && row.is_blank(mi::MISSING))
        .says("A start, and not whether missing or away", "Use M or A.")
        .samples("mi MISSING=", "mi"),
    Rule::each("566", Missing, mi::MISSING, |row, _| row.is_filled(mi::MIS_END) && row.is_blank(mi::MISSING))
        .says("An end, and not whether missing or away", "Use M or A.")
        .samples("mi MISSING=", "mi"),
    Rule::each("567", Missing, mi::MIS_END, |row, _| {
        row.day(mi::MIS_END).zip(row.day(mi::MIS_START)).is_some_and(|(end, start)| end < start)
    })
    .says("It ends before it starts", "Correct MIS_START or MIS_END.")
    .error()
    .samples("mi MIS_END=1/8/2025", "mi"),
    Rule::each("570", Missing, mi::MIS_START, |row, child| {
        row.day(mi::MIS_START).is_some_and(|start| start > child.frame.until)
    })
    .says("It starts after the return ends", "Correct MIS_START.")
    .nightly("Judged on the day the feed describes.")
    .samples("mi MIS_START=1/4/2026 MIS_END=", "mi"),
    Rule::each("571", Missing, mi::MIS_END, |row, child| {
        let span = child.frame.starts..=child.frame.until;
        row.day(mi::MIS_END).is_some_and(|end| !span.contains(&end))
    })
    .says("It ends outside the collection year", "Correct MIS_END, or take the row out.")
    .nightly("The collection year up to the day the feed describes.")
    .samples("mi MIS_START=1/3/2025 MIS_END=2/3/2025", "mi"),
    Rule::of_child("574", Missing, mi::MIS_START, |child, say| {
        for (before, row) in child.rows(Missing).pairs() {
            let over = before.day(mi::MIS_END);
            if over.is_none_or(|over| row.day(mi::MIS_START).is_some_and(|start| start < over)) {
                say.row(row);
            }
        }
    })
    .says(
        "It starts while the one before is still open, or before that ends",
        "Correct the dates; one ends before the next begins.",
    )
    .samples("mi; mi MIS_START=01/09/2025 MIS_END=3/9/2025", "mi; mi MIS_START=5/9/2025 MIS_END=6/9/2025"),
    Rule::each("586", Missing, mi::MIS_START, |row, child| {
        let born = row.day(mi::DOB).or(child.born());
        row.day(mi::MIS_START).zip(born).is_some_and(|(start, born)| start <= born)
    })
    .says("It starts before the child is born", "Correct MIS_START or DOB.")
    .samples("mi MIS_START=1/1/2010", "mi"),
];

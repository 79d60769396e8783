//! How a child was once to stay for good.

use super::prelude::*;

const REST: [usize; 2] = [pp::LA_PERM, pp::DATE_PERM];

pub(super) static RULES: &[Rule] = &[
    Rule::of_child("630", Episodes, ep::RNE, |child, say| {
        let rows = child.rows(PreviousPermanence);
        let told = |row: Row<'_>| row.code(pp::PREV_PERM) == Z1 || (row.is_filled(pp::PREV_PERM) && row.has_all(&REST));
        if !rows.is_empty() && rows.iter().all(told) {
            return;
        }
        let starts = child.frame.starts;
        let began = |row: &Row<'_>| row.code(ep::RNE) == S && row.day(ep::DECOM).is_some_and(|day| day >= starts);
        child.episodes().filter(began).for_each(|row| say.row(row));
    })
    .says(
        "Care began in the year, and whether the child had a permanent home before is not told",
        "Add the child to previous permanence; Z1 where there was none.",
    )
    .with(&[PreviousPermanence])
    .samples("ep; pp PREV_PERM=P1", "ep; pp"),
    Rule::each("631", PreviousPermanence, pp::PREV_PERM, |row, _| {
        !is_one_of(row.code(pp::PREV_PERM), &[P1, P2, P3, P4, Z1])
    })
    .says("The previous permanence is not on the list", "Use P1 to P4, or Z1 for none.")
    .samples("pp PREV_PERM=P9", "pp"),
    Rule::each("632", PreviousPermanence, pp::DATE_PERM, |row, child| {
        let began = child.episodes().find_map(|row| row.day(ep::DECOM));
        row.is_bad(pp::DATE_PERM) || row.day(pp::DATE_PERM).zip(began).is_some_and(|(day, began)| day >= began)
    })
    .says(
        "The date of the order is not a date, or is not before care began",
        "Write zz for a day or month that is not known; the order came first.",
    )
    .with(&[Episodes])
    .samples(
        "pp PREV_PERM=P1 LA_PERM=209 DATE_PERM=1/6/2025; ep",
        "pp PREV_PERM=P1 LA_PERM=209 DATE_PERM=zz/zz/2019; ep",
    ),
    Rule::each("634", PreviousPermanence, pp::PREV_PERM, |row, child| {
        let began = child.episodes().filter_map(|row| row.day(ep::DECOM)).max();
        row.has_any(&[pp::PREV_PERM, pp::LA_PERM, pp::DATE_PERM])
            && began.is_some_and(|began| began < day_of(2016, 4, 1))
    })
    .says("Previous permanence is for children whose care began on or after 1 April 2016", "Take the row out.")
    .with(&[Episodes])
    .samples("pp; ep DECOM=31/3/2016", "pp; ep DECOM=1/4/2016"),
    Rule::each("635", PreviousPermanence, pp::PREV_PERM, |row, _| {
        row.has_any(&REST) && is_one_of(row.code(pp::PREV_PERM), &[Z1])
    })
    .says("Date or authority of an order, and PREV_PERM says that there was none", "Use P1 to P4, or blank the two.")
    .samples("pp LA_PERM=209", "pp PREV_PERM=P1 LA_PERM=209 DATE_PERM=1/6/2015"),
];

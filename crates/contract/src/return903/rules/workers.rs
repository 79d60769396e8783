//! Social workers, from 2023/24.

use super::prelude::*;

const REASONS: [Code; 10] = [MANAGE, FCONTA, LEFTRL, ORGRST, TSPROC, ABSENC, CHCHAN, PCCHAN, SWDIED, OTHERS];

pub(super) static RULES: &[Rule] = &[
    Rule::each("SW02STG1", SocialWorkers, sw::SW_ID, |row, _| row.is_bad(sw::SW_ID) || row.is_blank(sw::SW_ID))
        .says(
            "The social worker's number is not of its form",
            "Use Social Work England's number with SW before it; XX and more where there is none.",
        )
        .samples("sw SW_ID=12345", "sw"),
    Rule::each("SW04STG1", SocialWorkers, sw::SW_DECOM, |row, _| row.is_bad(sw::SW_DECOM))
        .says("The start is not a date", "Write SW_DECOM as dd/mm/yyyy.")
        .samples("sw SW_DECOM=soon", "sw"),
    Rule::each("SW05STG1", SocialWorkers, sw::SW_DEC, |row, _| row.is_bad(sw::SW_DEC))
        .says("The end is not a date", "Write SW_DEC as dd/mm/yyyy, or leave it blank while the worker is allocated.")
        .samples("sw SW_DEC=soon", "sw"),
    Rule::each("SW06STG2", SocialWorkers, sw::SW_DECOM, |row, child| {
        row.day(sw::SW_DECOM).is_some_and(|start| start > child.frame.until)
    })
    .says("The allocation starts after the return ends", "Correct SW_DECOM.")
    .nightly("Judged on the day the feed describes.")
    .samples("sw SW_DECOM=1/4/2026", "sw"),
    Rule::each("SW07STG2", SocialWorkers, sw::SW_DEC, |row, child| {
        let earliest = birthday(child.frame.starts, -1);
        row.day(sw::SW_DEC).is_some_and(|end| end < earliest || end > child.frame.until)
    })
    .says("The allocation ends outside this collection year and the one before", "Correct SW_DEC, or take the row out.")
    .nightly("Up to the day the feed describes.")
    .samples("sw SW_DECOM=1/1/2020 SW_DEC=1/1/2024", "sw SW_DECOM=1/5/2024 SW_DEC=1/6/2024"),
    Rule::of_child("SW08STG2", SocialWorkers, sw::SW_DEC, |child, say| {
        for (before, row) in child.rows(SocialWorkers).pairs() {
            if before.is_blank(sw::SW_DEC) && row.day(sw::SW_DECOM).is_some() {
                say.row(before);
            }
        }
    })
    .says("A later worker is allocated, and this allocation has no end", "Fill in SW_DEC.")
    .samples("sw; sw SW_DECOM=1/6/2025", "sw SW_DEC=1/6/2025; sw SW_DECOM=1/6/2025"),
    Rule::each("SW09STG2", SocialWorkers, sw::SW_DEC, |row, _| {
        row.day(sw::SW_DEC).zip(row.day(sw::SW_DECOM)).is_some_and(|(end, start)| end == start)
    })
    .says("The allocation lasted less than a day", "Leave it out.")
    .samples("sw SW_DEC=1/5/2025", "sw SW_DEC=2/5/2025"),
    Rule::of_child("SW10aSTG2", SocialWorkers, sw::SW_DECOM, |child, say| {
        for (before, row) in child.rows(SocialWorkers).pairs() {
            let apart = before.day(sw::SW_DEC).zip(row.day(sw::SW_DECOM)).map(|(end, start)| (start - end).abs());
            if row.code(sw::SW_REASON) != FCONTA && apart.is_some_and(|days| days > 7) {
                say.row(row);
            }
        }
    })
    .says("More than seven days lie between two workers", "Correct the dates, or add the worker between.")
    .samples("sw SW_DEC=1/6/2025; sw SW_DECOM=9/6/2025", "sw SW_DEC=1/6/2025; sw SW_DECOM=8/6/2025"),
    Rule::of_child("SW10bSTG2", SocialWorkers, sw::SW_DECOM, |child, say| {
        for (before, row) in child.rows(SocialWorkers).pairs() {
            let overlap = before.day(sw::SW_DEC).zip(row.day(sw::SW_DECOM)).is_some_and(|(end, start)| start <= end);
            if row.code(sw::SW_REASON) == FCONTA && overlap {
                say.row(row);
            }
        }
    })
    .says("A first contact while another worker is allocated", "Use the reason that fits, or correct the dates.")
    .samples(
        "sw SW_DEC=1/6/2025; sw SW_DECOM=1/6/2025 SW_REASON=FCONTA",
        "sw SW_DEC=1/6/2025; sw SW_DECOM=2/6/2025 SW_REASON=FCONTA",
    ),
    Rule::each("SW12STG2", Episodes, ep::CHILD, |row, child| {
        let open = row.is_blank(ep::DEC) && !is_short_break(row.code(ep::LS));
        open && child.rows(SocialWorkers).is_empty()
    })
    .says("Looked after, and no social worker is recorded", "Add the child's workers.")
    .nightly("For children whose episode is open on the day the feed describes.")
    .with(&[SocialWorkers])
    .samples("ep; sw CHILD=2", "ep; sw"),
    Rule::each("SW13STG1", SocialWorkers, sw::SW_REASON, |row, _| {
        let since = row.day(sw::SW_DECOM).is_some_and(|start| start >= day_of(2023, 4, 1));
        let reason = row.code(sw::SW_REASON);
        if reason == NOTHING { since } else { !REASONS.contains(&reason) }
    })
    .says("The reason for the worker is blank or not on the list", "Use a reason such as FCONTA or MANAGE.")
    .samples("sw SW_REASON=SWLAZY", "sw"),
    Rule::of_child("SW17STG2", SocialWorkers, sw::SW_DEC, |child, say| {
        let last = child.rows(SocialWorkers).iter().rfind(|row| row.day(sw::SW_DECOM).is_some());
        if let Some(last) = last.filter(|last| last.is_filled(sw::SW_DEC) && child.is_open()) {
            say.row(last);
        }
    })
    .says(
        "The last worker's allocation has ended, and the child is looked after still",
        "Add the worker since, or blank SW_DEC.",
    )
    .nightly("DfE asks it of 31 March; here of the day the feed describes.")
    .with(&[Episodes])
    .samples("sw SW_DEC=1/6/2025; ep", "sw; ep"),
    Rule::each("SW18STG2", SocialWorkers, sw::SW_DEC, |row, _| {
        row.day(sw::SW_DEC).zip(row.day(sw::SW_DECOM)).is_some_and(|(end, start)| end < start)
    })
    .says("The allocation ends before it starts", "Correct the dates.")
    .error()
    .samples("sw SW_DEC=1/4/2025", "sw SW_DEC=2/5/2025"),
    Rule::of_child("SW19STG2", SocialWorkers, sw::SW_DECOM, |child, say| {
        for (before, row) in child.rows(SocialWorkers).pairs() {
            if row.day(sw::SW_DECOM).is_some() && before.day(sw::SW_DECOM) == row.day(sw::SW_DECOM) {
                say.row(row);
            }
        }
    })
    .says("Two workers are allocated from the same day", "Keep the one that is right.")
    .samples("sw SW_DEC=1/6/2025; sw", "sw SW_DEC=1/6/2025; sw SW_DECOM=1/6/2025"),
];

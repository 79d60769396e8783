//! Times missing beside the episodes they fall in.

use super::prelude::*;

pub(super) static RULES: &[Rule] = &[
    Rule::each("575", Missing, mi::MIS_END, |row, child| {
        let start = row.day(mi::MIS_START);
        let within = |episode: Row<'_>| match (start, episode.day(ep::DECOM), episode.day(ep::DEC)) {
            (Some(start), Some(begins), Some(ends)) => (begins..=ends).contains(&start),
            _ => false,
        };
        row.is_blank(mi::MIS_END) && child.episodes().any(within)
    })
    .says("The placement that the child went missing from has ended, and the time missing has not", "Fill in MIS_END.")
    .with(&[Episodes])
    .samples("mi MIS_END=; ep DEC=1/10/2025 REC=E4A", "mi MIS_END=; ep"),
    Rule::each("577", Missing, mi::MIS_END, |row, child| {
        let Some(start) = row.day(mi::MIS_START) else { return false };
        let periods = child.spells();
        let fits = |begins: i32, ends: Option<i32>| match row.day(mi::MIS_END) {
            Some(end) => end >= begins && ends.is_none_or(|ends| end <= ends),
            None => start >= begins && ends.is_none(),
        };
        !periods.is_empty() && !periods.iter().any(|period| fits(period.begins, period.ends))
    })
    .says(
        "Care has ended, and the time missing has not, or ends later",
        "Fill in MIS_END: it ends with care at the latest.",
    )
    .with(&[Episodes])
    .samples("mi MIS_END=; ep DEC=1/10/2025 REC=E4A", "mi; ep"),
    Rule::each("578", Missing, mi::MIS_START, |row, child| {
        let Some(start) = row.day(mi::MIS_START) else { return false };
        let periods = child.spells();
        let within = |begins: i32, ends: Option<i32>| start >= begins && ends.is_none_or(|ends| start <= ends);
        !periods.is_empty() && !periods.iter().any(|period| within(period.begins, period.ends))
    })
    .says("It starts when the child was not looked after", "Correct MIS_START, or the episodes.")
    .with(&[Episodes])
    .samples("mi; ep DEC=1/8/2025 REC=E4A", "mi; ep"),
    Rule::each("580", Episodes, ep::REC, |row, child| {
        let eighteenth = child.born().map(|born| birthday(born, 18));
        let over = row.day(ep::DEC);
        let mut away = child.rows(Missing).iter().map(|row| row.day(mi::MIS_END));
        over.is_some() && over == eighteenth && row.code(ep::REC) != E8 && away.any(|end| end == over)
    })
    .says("Missing until care ended on the eighteenth birthday, and REC is not E8", "Use E8.")
    .with(&[Missing, Header])
    .samples("hd DOB=2/9/2007; mi; ep DEC=2/9/2025 REC=E6", "hd DOB=2/9/2007; mi; ep DEC=2/9/2025 REC=E8"),
    Rule::each("581", Missing, mi::MIS_START, |row, child| {
        let first = child.episodes().find_map(|episode| episode.day(ep::DECOM));
        row.day(mi::MIS_START).zip(first).is_some_and(|(start, first)| start < first)
    })
    .says("Missing before care began", "Correct MIS_START, or add the episodes before it.")
    .with(&[Episodes])
    .samples("mi; ep DECOM=2/9/2025", "mi; ep"),
];

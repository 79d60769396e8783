//! Children who are mothers.

use super::prelude::*;

/// Girls: F, and to 2023/24 2.
fn is_girl(sex: Code) -> bool {
    matches!(sex, F | FEMALE)
}

fn is_boy(sex: Code) -> bool {
    matches!(sex, M | MALE)
}

/// Whether any of the child's episodes is more than an agreed short break.
fn is_looked_after(child: &Child<'_>) -> bool {
    child.episodes().any(|episode| !is_short_break(episode.code(ep::LS)))
}

/// Whether any day of the year so far was spent in care, short breaks apart.
fn has_days_in_year(child: &Child<'_>) -> bool {
    child.episodes().filter(|row| !is_short_break(row.code(ep::LS))).any(|row| {
        let begins = row.day(ep::DECOM).is_some_and(|day| day <= child.frame.until);
        begins && row.day(ep::DEC).is_none_or(|day| day >= child.frame.starts)
    })
}

pub(super) static RULES: &[Rule] = &[
    Rule::each("165", Header, hd::MOTHER, |row, child| {
        let filled = row.is_filled(hd::MOTHER);
        let leaves = child.rows(Oc3).iter().any(|row| row.has_any(&[o3::IN_TOUCH, o3::ACTIV, o3::ACCOM]));
        let here = has_days_in_year(child);
        let girl = is_girl(row.code(hd::SEX)) && (filled != here) && (!filled || leaves);
        !is_one_of(row.code(hd::MOTHER), &[NO, ONE]) || (filled && is_boy(row.code(hd::SEX))) || girl
    })
    .says(
        "MOTHER is neither 0 nor 1, is filled for a boy or a care leaver, or is blank for a girl in care",
        "Use 1 for a mother, 0 for a girl who is none, nothing for a boy or a care leaver.",
    )
    .with(&[Episodes, Oc3])
    .samples("hd SEX=M MOTHER=0", "hd SEX=M MOTHER="),
    Rule::each("171", Header, hd::MC_DOB, |row, _| row.is_bad(hd::MC_DOB))
        .says("The birth date of her child is not a date", "Write it as dd/mm/yyyy.")
        .samples("hd MOTHER=1 MC_DOB=soon", "hd MOTHER=1 MC_DOB=1/1/2026"),
    Rule::each("174", Header, hd::MC_DOB, |row, _| row.is_filled(hd::MC_DOB) && is_boy(row.code(hd::SEX)))
        .says("A boy has the birth date of a child in MC_DOB", "Correct SEX, or blank MC_DOB: it is for mothers.")
        .samples("hd SEX=M MOTHER= MC_DOB=1/1/2026", "hd MOTHER=1 MC_DOB=1/1/2026"),
    Rule::each("393", Header, hd::MOTHER, |row, child| {
        row.is_blank(hd::MOTHER) && is_girl(row.code(hd::SEX)) && is_looked_after(child)
    })
    .says("MOTHER is blank for a girl who is looked after", "Say 1 or 0.")
    .with(&[Episodes])
    .samples("hd MOTHER=; ep", "hd MOTHER=; ep LS=V3"),
    Rule::each("607", Header, hd::MOTHER, |row, child| {
        let (starts, until) = (child.frame.starts, child.frame.until);
        let mut left = child.episodes().filter(|episode| {
            let day = episode.day(ep::DEC).is_some_and(|day| (starts..=until).contains(&day));
            day && ends_care(episode.code(ep::REC)) && !is_short_break(episode.code(ep::LS))
        });
        row.is_blank(hd::MOTHER) && is_girl(row.code(hd::SEX)) && left.next().is_some()
    })
    .says("A girl left care in the year and MOTHER is blank", "Say 1 or 0.")
    .with(&[Episodes])
    .samples("hd MOTHER=; ep DEC=1/9/2025 REC=E4A", "hd MOTHER=; ep DEC=1/9/2025 REC=X1"),
    Rule::each("611", Header, hd::MC_DOB, |row, _| row.code(hd::MOTHER) == ONE && row.is_blank(hd::MC_DOB))
        .says("She is a mother, and the birth date of her child is blank", "Fill in MC_DOB.")
        .samples("hd MOTHER=1", "hd MOTHER=1 MC_DOB=1/1/2026"),
    Rule::each("612", Header, hd::MC_DOB, |row, _| {
        row.is_filled(hd::MC_DOB) && is_one_of(row.code(hd::MOTHER), &[NO]) && is_girl(row.code(hd::SEX))
    })
    .says(
        "Her child's birth date is there, and MOTHER does not say that she is one",
        "Set MOTHER to 1, or blank MC_DOB.",
    )
    .samples("hd MOTHER=0 MC_DOB=1/1/2026", "hd MOTHER=1 MC_DOB=1/1/2026"),
    Rule::each("620", Header, hd::MOTHER, |row, child| {
        let young = row.day(hd::DOB).is_some_and(|born| birthday(born, 11) > child.frame.starts);
        row.code(hd::MOTHER) == ONE && young
    })
    .says("A mother under eleven when the year began", "Correct DOB or MOTHER.")
    .samples("hd DOB=1/6/2014 MOTHER=1", "hd DOB=1/3/2014 MOTHER=1"),
    Rule::each("621", Header, hd::MC_DOB, |row, _| {
        row.day(hd::MC_DOB).zip(row.day(hd::DOB)).is_some_and(|(hers, own)| hers <= own)
    })
    .says("The mother is younger than her child", "Correct the one date or the other.")
    .error()
    .samples("hd MOTHER=1 MC_DOB=1/1/2010", "hd MOTHER=1 MC_DOB=1/1/2026"),
    Rule::each("625", Header, hd::MC_DOB, |row, child| {
        let left = child.episodes().filter_map(|episode| episode.day(ep::DEC)).max();
        let Some(day) = row.day(hd::MC_DOB) else { return false };
        day > child.frame.until || left.is_some_and(|left| day > left && !child.episodes().any(|e| e.is_blank(ep::DEC)))
    })
    .says("Her child is born after the return ends, or after she left care", "Correct MC_DOB, or report it next year.")
    .nightly("Judged on the day the feed describes.")
    .with(&[Episodes])
    .samples("hd MOTHER=1 MC_DOB=1/2/2026; ep DEC=1/1/2026 REC=E4A", "hd MOTHER=1 MC_DOB=1/2/2026; ep"),
    Rule::each("628", Header, hd::MOTHER, |row, child| {
        let leaves = child.rows(Oc3).iter().any(|row| row.has_any(&[o3::IN_TOUCH, o3::ACTIV, o3::ACCOM]));
        row.is_filled(hd::MOTHER) && child.rows(Episodes).is_empty() && leaves
    })
    .says("MOTHER is filled for a care leaver who was not looked after in the year", "Blank MOTHER.")
    .with(&[Episodes, Oc3])
    .samples("o3", "o3; ep"),
];

//! The header: who the child is.

use std::collections::HashMap;

use hub_domain::codes::CodeList;

use super::prelude::*;

pub(super) static RULES: &[Rule] = &[
    Rule::each("101", Header, hd::SEX, |row, child| {
        let year = child.frame.year;
        row.is_blank(hd::SEX) || is_unlisted(row, hd::SEX, CodeList::Sex, (year, year))
    })
    .says("The code for sex is blank or not on the list", "Use M, F or U; to 2023/24, 1 or 2.")
    .error()
    .samples("hd SEX=1", "hd SEX=M"),
    Rule::each("102", Header, hd::DOB, |row, _| row.day(hd::DOB).is_none())
        .says("The date of birth is blank or not a date", "Write it as dd/mm/yyyy.")
        .error()
        .samples("hd DOB=31/02/2012", "hd"),
    Rule::each("103", Header, hd::ETHNIC, |row, child| {
        let year = child.frame.year;
        row.is_blank(hd::ETHNIC) || is_unlisted(row, hd::ETHNIC, CodeList::Ethnic, (year, year))
    })
    .says("The ethnicity is blank or not on the list", "Use a four-letter code; NOBT while it is not known.")
    .error()
    .samples("hd ETHNIC=WHITE", "hd ETHNIC=NOBT"),
    Rule::each("168", Header, hd::UPN, |row, _| row.is_bad(hd::UPN))
        .says("The UPN is not of its form", "A letter and twelve characters, or UN1 to UN5 where there is none.")
        .samples("hd UPN=12345", "hd UPN=UN3"),
    Rule::each("209", Header, hd::UPN, |row, child| {
        let at_school = day_of(child.frame.year - 2, 8, 31);
        row.code(hd::UPN) == UN1 && row.day(hd::DOB).is_some_and(|born| has_reached(born, 4, at_school))
    })
    .says("The child was of school age, yet the UPN says not of school age", "Find the UPN, or use UN2 to UN5.")
    .samples("hd UPN=UN1", "hd UPN=UN1 DOB=10/05/2023"),
    Rule::each("210", Header, hd::UPN, |row, child| {
        let until = child.frame.until;
        let long = || child.periods().iter().any(|at| at.begins < until - 7 && at.ends.is_none_or(|end| end > until));
        row.code(hd::UPN) == UN4 && long()
    })
    .says("UN4 is for the first week in care, and that has passed", "Find the UPN, or use another UN code.")
    .nightly("The week is counted back from the day the feed describes.")
    .with(&[Episodes])
    .samples("hd UPN=UN4; ep", "hd UPN=UN4; ep DECOM=28/03/2026"),
    Rule::each("232", Header, hd::SEX, |row, _| row.code(hd::SEX) == U)
        .says("The sex is recorded as unknown", "Record it if it is known; otherwise nothing.")
        .note()
        .samples("hd SEX=U", "hd SEX=F"),
    Rule::each("301", Header, hd::DOB, |row, child| row.day(hd::DOB).is_some_and(|born| born > child.frame.until))
        .says("The child is born after the return ends", "Correct DOB.")
        .nightly("Judged on the day the feed describes.")
        .error()
        .samples("hd DOB=01/04/2026", "hd DOB=31/03/2026"),
    Rule::each("351", Header, hd::DOB, |row, child| {
        row.day(hd::DOB).is_some_and(|born| birthday(born, 25) < child.frame.starts)
    })
    .says("The person was over 25 when the collection year began", "Correct DOB, or take the row out.")
    .samples("hd DOB=01/01/2000", "hd DOB=01/05/2000"),
    Rule::each("442", Header, hd::UPN, |row, child| {
        let mut counted = child.episodes().filter(|episode| !is_short_break(episode.code(ep::LS)));
        row.is_blank(hd::UPN) && counted.next().is_some()
    })
    .says("The UPN is blank", "Find the UPN, or say with UN1 to UN5 why there is none.")
    .with(&[Episodes])
    .samples("hd UPN=; ep", "hd UPN=; ep LS=V3"),
    Rule::of_all("444", Header, hd::UPN, same_upn)
        .says("Two children have the same UPN", "Find out whose it is.")
        .samples("hd; hd CHILD=2", "hd; hd CHILD=2 UPN=B123456789012; hd CHILD=3 UPN=UN1; hd CHILD=4 UPN=UN1"),
];

fn same_upn(table: &Table, say: &mut Say<'_>) {
    let rows = || (0..table.len()).filter_map(|row| u32::try_from(row).ok()).map(|row| table.row(row));
    let counts = |row: &Row<'_>| {
        let upn = row.code(hd::UPN);
        !matches!(upn, NOTHING | UN1 | UN2 | UN3 | UN4 | UN5)
    };
    let mut seen: HashMap<Code, usize> = HashMap::new();
    for row in rows().filter(counts) {
        *seen.entry(row.code(hd::UPN)).or_default() += 1;
    }
    for row in rows().filter(counts) {
        if seen.get(&row.code(hd::UPN)).is_some_and(|times| *times > 1) {
            say.row(row);
        }
    }
}

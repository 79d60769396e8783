//! An adoption (ad1) beside the episodes.

use super::prelude::*;

const ALL: [usize; 6] = [ad::DATE_INT, ad::DATE_MATCH, ad::FOSTER_CARE, ad::NB_ADOPTR, ad::SEX_ADOPTR, ad::LS_ADOPTR];

/// The episodes that ended in adoption within the year so far.
fn adopted<'a>(child: &Child<'a>) -> impl Iterator<Item = Row<'a>> {
    let span = child.frame.starts..=child.frame.until;
    child
        .episodes()
        .filter(move |row| is_adopted(row.code(ep::REC)) && row.day(ep::DEC).is_some_and(|day| span.contains(&day)))
}

pub(super) static RULES: &[Rule] = &[
    Rule::each("331", Ad1, ad::DATE_MATCH, |row, child| {
        let mut ended = child.episodes().filter(|episode| is_adopted(episode.code(ep::REC)));
        let late = |episode: Row<'_>| {
            row.day(ad::DATE_MATCH).zip(episode.day(ep::DECOM)).is_some_and(|(matched, placed)| matched > placed)
        };
        ended.any(late)
    })
    .says("The child was matched after being placed for adoption", "Correct DATE_MATCH, or DECOM of the placement.")
    .with(&[Episodes])
    .samples("ad DATE_MATCH=1/6/2025; ep PLACE=A4 DEC=1/12/2025 REC=E11", "ad; ep PLACE=A4 DEC=1/12/2025 REC=E11"),
    Rule::each("334", Ad1, ad::DATE_INT, |row, child| {
        let began = child.episodes().rfind(|episode| episode.code(ep::RNE) == S && episode.day(ep::DECOM).is_some());
        let began = began.and_then(|episode| episode.day(ep::DECOM));
        row.day(ad::DATE_INT).zip(began).is_some_and(|(decided, began)| decided < began)
    })
    .says("Adoption was decided before the child was looked after", "Correct DATE_INT, or DECOM of the first episode.")
    .with(&[Episodes])
    .samples("ad; ep", "ad; ep DECOM=1/2/2025"),
    Rule::each("335", Ad1, ad::FOSTER_CARE, |row, child| {
        child.episodes().filter(|episode| is_adopted(episode.code(ep::REC))).any(|episode| {
            match row.code(ad::FOSTER_CARE) {
                NO => matches!(episode.code(ep::PLACE), A3 | A5),
                ONE => matches!(episode.code(ep::PLACE), A4 | A6),
                _ => false,
            }
        })
    })
    .says(
        "Whether the adopters fostered the child is not what the last placement says",
        "Correct FOSTER_CARE or PLACE.",
    )
    .with(&[Episodes])
    .samples("ad; ep PLACE=A3 DEC=1/12/2025 REC=E11", "ad; ep PLACE=A4 DEC=1/12/2025 REC=E11"),
    Rule::each("521", Ad1, ad::DATE_INT, |row, child| {
        let mut placed = child.episodes().filter(|episode| is_adoption(episode.code(ep::PLACE)));
        placed.any(|episode| {
            row.day(ad::DATE_INT).zip(episode.day(ep::DECOM)).is_some_and(|(decided, placed)| decided > placed)
        })
    })
    .says("Adoption was decided after the child was placed for it", "Correct DATE_INT or DECOM.")
    .with(&[Episodes])
    .samples("ad DATE_INT=1/6/2025 DATE_MATCH=1/7/2025; ep PLACE=A4", "ad; ep PLACE=A4"),
    Rule::each("523", Ad1, ad::DATE_INT, |row, child| {
        let decided = row.day(ad::DATE_INT);
        let mut decisions = child.rows(ShouldBePlaced).iter().filter_map(|row| row.day(sb::DATE_PLACED));
        decided.is_some_and(|decided| decisions.any(|day| day != decided))
    })
    .says("The decision in ad1 and the decision that the child be placed are of different days", "Give both one date.")
    .with(&[ShouldBePlaced])
    .samples("ad; sb DATE_PLACED=1/2/2025", "ad; sb DATE_PLACED=1/3/2025"),
    Rule::each("525", Ad1, ad::DATE_INT, |row, child| {
        let reversed = child.rows(ShouldBePlaced).iter().any(|row| row.is_filled(sb::DATE_PLACED_CEASED));
        row.has_any(&ALL) && reversed
    })
    .says(
        "The decision was reversed, and the child is in ad1",
        "Take the row out of ad1, or the end out of the decision.",
    )
    .with(&[ShouldBePlaced])
    .samples("ad; sb DATE_PLACED_CEASED=1/6/2025 REASON_PLACED_CEASED=RD1", "ad; sb"),
    Rule::each("582", Ad1, ad::DATE_MATCH, |row, child| {
        let matched = row.day(ad::DATE_MATCH);
        let mut ended = child.episodes().filter(|episode| is_adopted(episode.code(ep::REC)));
        matched.is_some() && ended.any(|episode| episode.day(ep::DEC) == matched)
    })
    .says("Matched on the day of the adoption", "Usually the match comes first: check DATE_MATCH.")
    .note()
    .with(&[Episodes])
    .samples("ad DATE_MATCH=1/12/2025; ep PLACE=A4 DEC=1/12/2025 REC=E11", "ad; ep PLACE=A4 DEC=1/12/2025 REC=E11"),
    Rule::each("601", Ad1, ad::DATE_INT, |row, child| adopted(child).next().is_some() && !row.has_all(&ALL))
        .says("Adopted in the year, and a column of ad1 is blank", "Fill in all six.")
        .nightly("Once the adoption is in the episodes.")
        .with(&[Episodes])
        .samples("ad NB_ADOPTR=; ep PLACE=A4 DEC=1/12/2025 REC=E11", "ad; ep PLACE=A4 DEC=1/12/2025 REC=E11"),
    Rule::each("602", Ad1, ad::CHILD, |row, child| row.has_any(&ALL) && adopted(child).next().is_none())
        .says(
            "The child is in ad1, and no episode says that they were adopted in the year",
            "End the episode with E11 or E12, or take the row out.",
        )
        .nightly("Fills once the episode has ended; until then a row in ad1 is early.")
        .with(&[Episodes])
        .samples("ad; ep PLACE=A4", "ad; ep PLACE=A4 DEC=1/12/2025 REC=E11"),
];

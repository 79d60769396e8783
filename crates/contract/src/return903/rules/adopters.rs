//! Who adopts (ad1).

use super::prelude::*;

const ALL: [usize; 6] = [ad::DATE_INT, ad::DATE_MATCH, ad::FOSTER_CARE, ad::NB_ADOPTR, ad::SEX_ADOPTR, ad::LS_ADOPTR];

/// One code for the adopters' legal status, and the sexes that go with it.
const fn couple(
    id: &'static str,
    test: fn(Row<'_>, &Child<'_>) -> bool,
    title: &'static str,
    samples: (&'static str, &'static str),
) -> Rule {
    Rule::each(id, Ad1, ad::SEX_ADOPTR, test)
        .says(title, "Correct SEX_ADOPTR or LS_ADOPTR.")
        .samples(samples.0, samples.1)
}

fn sexes(row: Row<'_>, allowed: &[Code]) -> bool {
    allowed.contains(&row.code(ad::SEX_ADOPTR))
}

pub(super) static RULES: &[Rule] = &[
    Rule::each("112", Ad1, ad::DATE_INT, |row, _| row.is_bad(ad::DATE_INT))
        .says("The date on which adoption was decided is not a date", "Write it as dd/mm/yyyy.")
        .samples("ad DATE_INT=soon", "ad"),
    Rule::each("113", Ad1, ad::DATE_MATCH, |row, _| row.is_bad(ad::DATE_MATCH))
        .says("The date of the match is not a date", "Write it as dd/mm/yyyy.")
        .samples("ad DATE_MATCH=soon", "ad"),
    Rule::each("114", Ad1, ad::FOSTER_CARE, |row, _| !is_one_of(row.code(ad::FOSTER_CARE), &[NO, ONE]))
        .says("Whether the adopters fostered the child is neither 0 nor 1", "Use 0 or 1.")
        .samples("ad FOSTER_CARE=Y", "ad"),
    Rule::each("151", Ad1, ad::DATE_INT, |row, _| row.has_any(&ALL) && !row.has_all(&ALL))
        .says("Some of the six columns of the adoption are filled and some are not", "Fill in the rest.")
        .samples("ad NB_ADOPTR=", "ad"),
    Rule::each("175", Ad1, ad::NB_ADOPTR, |row, _| !is_one_of(row.code(ad::NB_ADOPTR), &[ONE, TWO]))
        .says("The number of adopters is neither 1 nor 2", "Use 1 or 2.")
        .samples("ad NB_ADOPTR=3", "ad"),
    Rule::each("176", Ad1, ad::SEX_ADOPTR, |row, _| !is_one_of(row.code(ad::SEX_ADOPTR), &[M1, F1, MM, FF, MF]))
        .says("The sex of the adopters is not on the list", "Use M1, F1, MM, FF or MF.")
        .samples("ad SEX_ADOPTR=FM", "ad"),
    Rule::each("177", Ad1, ad::LS_ADOPTR, |row, _| !is_one_of(row.code(ad::LS_ADOPTR), &[L0, L11, L12, L2, L3, L4]))
        .says("The legal status of the adopters is not on the list", "Use L0, L11, L12, L2, L3 or L4.")
        .samples("ad LS_ADOPTR=L1", "ad"),
    Rule::each("333", Ad1, ad::DATE_INT, |row, _| match (row.day(ad::DATE_INT), row.day(ad::DATE_MATCH)) {
        (Some(decided), Some(matched)) => decided > matched,
        (None, Some(_)) => true,
        _ => false,
    })
    .says("The child was matched before adoption was decided", "Correct DATE_INT or DATE_MATCH.")
    .samples("ad DATE_MATCH=1/2/2025", "ad"),
    couple(
        "511",
        |row, _| row.code(ad::NB_ADOPTR) == TWO && sexes(row, &[M1, F1]),
        "Two adopters, and the sex of one",
        ("ad SEX_ADOPTR=F1 LS_ADOPTR=L0", "ad"),
    ),
    couple(
        "514",
        |row, _| row.code(ad::LS_ADOPTR) == L0 && !sexes(row, &[M1, F1]),
        "A single adopter, and the sexes of two",
        ("ad LS_ADOPTR=L0", "ad NB_ADOPTR=1 LS_ADOPTR=L0 SEX_ADOPTR=F1"),
    ),
    couple(
        "517",
        |row, _| row.code(ad::LS_ADOPTR) == L3 && !sexes(row, &[MF]),
        "Unmarried and of different sexes, and the sexes say otherwise",
        ("ad LS_ADOPTR=L3 SEX_ADOPTR=FF", "ad LS_ADOPTR=L3"),
    ),
    couple(
        "518",
        |row, _| row.code(ad::LS_ADOPTR) == L4 && !sexes(row, &[MM, FF]),
        "Unmarried and of one sex, and the sexes say otherwise",
        ("ad LS_ADOPTR=L4", "ad LS_ADOPTR=L4 SEX_ADOPTR=FF"),
    ),
    couple(
        "519",
        |row, _| row.code(ad::LS_ADOPTR) == L2 && !sexes(row, &[MM, FF, MF]),
        "Civil partners, and the sexes are of no couple",
        ("ad LS_ADOPTR=L2 SEX_ADOPTR=F1", "ad LS_ADOPTR=L2"),
    ),
    couple(
        "520",
        |row, _| row.code(ad::LS_ADOPTR) == L11 && !sexes(row, &[MF]),
        "Married and of different sexes, and the sexes say otherwise",
        ("ad SEX_ADOPTR=FF", "ad"),
    ),
    couple(
        "524",
        |row, _| row.code(ad::LS_ADOPTR) == L12 && !sexes(row, &[MM, FF]),
        "Married and of one sex, and the sexes say otherwise",
        ("ad LS_ADOPTR=L12", "ad LS_ADOPTR=L12 SEX_ADOPTR=MM"),
    ),
    Rule::each("134", Ad1, ad::DATE_INT, |row, child| {
        let leaves = child.rows(Oc3).iter().any(|row| row.has_any(&[o3::IN_TOUCH, o3::ACTIV, o3::ACCOM]));
        row.has_any(&ALL) && leaves
    })
    .says("An adoption of a care leaver", "Take the row out of ad1 or oc3.")
    .with(&[Oc3])
    .samples("ad; o3", "ad"),
];

//! Reviews and how the child took part.

use super::prelude::*;

const LIST: [Code; 8] = [PN0, PN1, PN2, PN3, PN4, PN5, PN6, PN7];

/// The fourth birthday of whom the review is about.
fn fourth(row: Row<'_>, child: &Child<'_>) -> Option<i32> {
    Some(birthday(row.day(re::DOB).or(child.born())?, 4))
}

pub(super) static RULES: &[Rule] = &[
    Rule::each("166", Reviews, re::REVIEW, |row, _| row.day(re::REVIEW).is_none())
        .says("The date of the review is blank or not a date", "Write it as dd/mm/yyyy.")
        .samples("re REVIEW=", "re"),
    Rule::each("167", Reviews, re::REVIEW_CODE, |row, _| {
        let listed = LIST.contains(&row.code(re::REVIEW_CODE));
        listed != row.is_filled(re::REVIEW) || (row.is_filled(re::REVIEW_CODE) && !listed)
    })
    .says("How the child took part is blank or not on the list", "Use PN0 to PN7.")
    .samples("re REVIEW_CODE=PN9", "re"),
    Rule::each("440", Reviews, re::REVIEW_CODE, |row, child| {
        let reached = row.day(re::REVIEW).zip(fourth(row, child)).is_some_and(|(day, fourth)| day >= fourth);
        row.code(re::REVIEW_CODE) == PN0 && reached
    })
    .says("PN0 says under four, and the child was four or over", "Use PN1 to PN7.")
    .samples("re REVIEW_CODE=PN0", "hd DOB=2/9/2021; re REVIEW_CODE=PN0 DOB=2/9/2021"),
    Rule::each("441", Reviews, re::REVIEW_CODE, |row, child| {
        let under = row.day(re::REVIEW).zip(fourth(row, child)).is_some_and(|(day, fourth)| day < fourth);
        let listed = row.is_filled(re::REVIEW_CODE) && LIST.contains(&row.code(re::REVIEW_CODE));
        listed && row.code(re::REVIEW_CODE) != PN0 && under
    })
    .says("The code is for children of four and over, and the child was younger", "Use PN0.")
    .samples("hd DOB=2/9/2021; re DOB=2/9/2021", "re"),
];

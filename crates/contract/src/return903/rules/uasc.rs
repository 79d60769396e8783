//! Unaccompanied asylum-seeking children.

use super::prelude::*;

pub(super) static RULES: &[Rule] = &[
    Rule::each("104", Uasc, ua::DUC, |row, child| {
        row.is_bad(ua::DUC) || row.day(ua::DUC).is_some_and(|ceased| ceased < child.frame.starts)
    })
    .says(
        "The date the status ceased is not a date, or lies before the collection year",
        "Write it as dd/mm/yyyy; a child whose status ceased in an earlier year has no row.",
    )
    .samples("ua DUC=1/1/2020", "ua DUC=1/1/2026"),
    Rule::each("231", Uasc, ua::DOB, |row, child| {
        let born = row.day(ua::DOB).or(child.born());
        born.is_some_and(|born| !has_reached(born, 11, child.frame.ends))
    })
    .says("An unaccompanied child under eleven is rare", "Check DOB; if it is right, tell DfE so.")
    .note()
    .samples("hd DOB=1/6/2015; ua DOB=1/6/2015", "ua"),
    Rule::each("304", Uasc, ua::DUC, |row, child| {
        let born = row.day(ua::DOB).or(child.born());
        row.day(ua::DUC).zip(born).is_some_and(|(ceased, born)| ceased > birthday(born, 18))
    })
    .says("The status ceased after the eighteenth birthday", "The status ceases on the birthday at the latest.")
    .samples("ua DUC=11/05/2030", "ua DUC=10/05/2030"),
    Rule::each("1014", Oc3, o3::IN_TOUCH, |row, child| {
        let seen = child.episodes().any(|episode| episode.day(ep::DECOM).is_some_and(|day| day <= child.frame.until));
        row.has_any(&[o3::IN_TOUCH, o3::ACTIV, o3::ACCOM]) && !child.rows(Uasc).is_empty() && !seen
    })
    .says("A care leaver who was not looked after in the year is in uasc", "Take the row out of uasc.")
    .with(&[Uasc, Episodes])
    .samples("o3; ua", "o3; ua; ep"),
];

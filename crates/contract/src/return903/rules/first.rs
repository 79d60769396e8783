//! How care begins, and how old the child then is.

use super::prelude::*;

fn age_below(row: Row<'_>, child: &Child<'_>, column: usize, age: i32) -> bool {
    row.day(column).zip(child.born()).is_some_and(|(day, born)| !has_reached(born, age, day))
}

fn age_from(row: Row<'_>, child: &Child<'_>, column: usize, age: i32) -> bool {
    row.day(column).zip(child.born()).is_some_and(|(day, born)| has_reached(born, age, day))
}

pub(super) static RULES: &[Rule] = &[
    Rule::of_child("302", Episodes, ep::DECOM, |child, say| {
        let first = child.episodes().next();
        if let (Some(first), Some(born)) = (first, child.born())
            && first.day(ep::DECOM).is_some_and(|start| start < born)
        {
            say.row(first);
        }
    })
    .says("The first episode starts before the child is born", "Correct DECOM, or DOB in the header.")
    .with(&[Header])
    .error()
    .samples("ep DECOM=9/5/2012", "ep DECOM=10/5/2012"),
    Rule::each("352", Episodes, ep::DECOM, |row, child| row.code(ep::RNE) == S && age_from(row, child, ep::DECOM, 18))
        .says("The child started to be looked after at eighteen or over", "Correct DECOM, or DOB in the header.")
        .with(&[Header])
        .samples("hd DOB=1/5/2007; ep", "ep"),
    Rule::of_child("357", Episodes, ep::RNE, |child, say| {
        let starts = child.frame.starts;
        if let Some(first) = child.episodes().next()
            && first.day(ep::DECOM).is_some_and(|day| day >= starts)
            && first.code(ep::RNE) != S
        {
            say.row(first);
        }
    })
    .says(
        "The child's first episode began in the year and does not say that care began",
        "Use S, or add the episode before it.",
    )
    .samples("ep RNE=P", "ep RNE=P DECOM=1/3/2025"),
    Rule::each("358", Episodes, ep::LS, |row, child| {
        matches!(row.code(ep::LS), J1 | J2 | J3) && age_below(row, child, ep::DECOM, 10)
    })
    .says("A child under ten has a status of youth justice", "Correct LS, or DOB in the header.")
    .with(&[Header])
    .samples("hd DOB=2/5/2015; ep LS=J1", "hd DOB=1/5/2015; ep LS=J1"),
    Rule::each("371", Episodes, ep::PLACE, |row, child| {
        matches!(row.code(ep::PLACE), K3 | H5) && age_below(row, child, ep::DECOM, 16)
    })
    .says(
        "A child under sixteen is in supported accommodation",
        "Correct PLACE: nobody under sixteen may be placed there.",
    )
    .with(&[Header])
    .samples("ep PLACE=K3", "hd DOB=1/5/2009; ep PLACE=K3"),
    Rule::each("372", Episodes, ep::PLACE, |row, child| {
        row.code(ep::PLACE) == R5 && age_below(row, child, ep::DECOM, 10)
    })
    .says("A child under ten is in custody", "Correct PLACE, or DOB in the header.")
    .with(&[Header])
    .samples("hd DOB=2/5/2015; ep PLACE=R5", "ep PLACE=R5"),
    Rule::each("373", Episodes, ep::PLACE, |row, child| {
        row.code(ep::PLACE) == S1 && age_below(row, child, ep::DECOM, 4)
    })
    .says("A child under four is in a residential school", "Correct PLACE, or DOB in the header.")
    .with(&[Header])
    .samples("hd DOB=2/5/2021; ep PLACE=S1", "ep PLACE=S1"),
    Rule::each("374", Episodes, ep::PLACE, |row, child| {
        row.code(ep::PLACE) == P3 && age_below(row, child, ep::DECOM, 14)
    })
    .says("A child under fourteen is in residential employment", "Correct PLACE, or DOB in the header.")
    .with(&[Header])
    .samples("ep PLACE=P3", "hd DOB=1/5/2011; ep PLACE=P3"),
    Rule::each("234", Episodes, ep::REASON_PLACE_CHANGE, |row, child| {
        let day = if row.is_filled(ep::DEC) { ep::DEC } else { ep::DECOM };
        row.code(ep::REASON_PLACE_CHANGE) == CUSTOD && age_below(row, child, day, 10)
    })
    .says("A child under ten changed placement for custody", "Correct the reason, or DOB in the header.")
    .with(&[Header])
    .samples(
        "hd DOB=2/6/2015; ep DEC=1/6/2025 REC=X1 REASON_PLACE_CHANGE=CUSTOD",
        "ep DEC=1/6/2025 REC=X1 REASON_PLACE_CHANGE=CUSTOD",
    ),
    Rule::each("386", Episodes, ep::REC, |row, child| {
        is_adopted(row.code(ep::REC)) && age_from(row, child, ep::DEC, 18)
    })
    .says("Adopted at eighteen or over", "Correct REC or DEC.")
    .with(&[Header])
    .samples("hd DOB=1/6/2007; ep DEC=1/6/2025 REC=E11", "ep DEC=1/6/2025 REC=E11"),
    Rule::each("407", Episodes, ep::REC, |row, child| {
        matches!(row.code(ep::REC), E45 | E46 | E47 | E48) && age_from(row, child, ep::DEC, 18)
    })
    .says("Special guardianship at eighteen or over", "Correct REC or DEC.")
    .with(&[Header])
    .samples("hd DOB=1/6/2007; ep DEC=1/6/2025 REC=E45", "ep DEC=1/6/2025 REC=E45"),
    Rule::each("387", Episodes, ep::REC, |row, child| {
        matches!(row.code(ep::REC), E5 | E6) && age_below(row, child, ep::DEC, 14)
    })
    .says("Moved into independent living under fourteen", "Correct REC or DEC.")
    .with(&[Header])
    .samples("ep DEC=1/6/2025 REC=E5", "hd DOB=1/6/2011; ep DEC=1/6/2025 REC=E5"),
    Rule::each("389", Episodes, ep::REC, |row, child| row.code(ep::REC) == E7 && age_below(row, child, ep::DEC, 16))
        .says("Passed to adult social care under sixteen", "Correct REC or DEC.")
        .with(&[Header])
        .samples("ep DEC=1/6/2025 REC=E7", "hd DOB=1/6/2009; ep DEC=1/6/2025 REC=E7"),
    Rule::each("460", Episodes, ep::REC, |row, child| row.code(ep::REC) == E17 && age_below(row, child, ep::DEC, 18))
        .says("Stayed put under eighteen", "Correct REC or DEC: staying put begins on the eighteenth birthday.")
        .with(&[Header])
        .samples("ep DEC=1/6/2025 REC=E17", "hd DOB=1/6/2007; ep DEC=1/6/2025 REC=E17"),
    Rule::each("359", Episodes, ep::DEC, |row, child| {
        let adult = child.born().is_some_and(|born| birthday(born, 18) < child.frame.until);
        let lawful = row.code(ep::LS) == V2 && row.code(ep::PLACE) == K2;
        row.is_blank(ep::DEC) && adult && !lawful
    })
    .says(
        "The episode is still open past the eighteenth birthday",
        "End it; only accommodation under section 20(5) in a children's home (V2 and K2) may go on.",
    )
    .nightly("Judged on the day the feed describes.")
    .with(&[Header])
    .samples("hd DOB=1/5/2007; ep DECOM=1/5/2024", "hd DOB=1/5/2007; ep DECOM=1/5/2024 LS=V2 PLACE=K2"),
];

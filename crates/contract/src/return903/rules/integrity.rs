//! The files of one return are about the same children, and agree on who they are.

use super::prelude::*;

const GIVE: &str = "Add the child to the header, or take the row out.";
const AGREE: &str = "Make the two files agree.";
const ONCE: &str = "Keep the row that is right.";

/// The table names a child that the header does not.
const fn unknown(
    id: &'static str,
    table: TableName,
    title: &'static str,
    samples: (&'static str, &'static str),
) -> Rule {
    Rule::each(id, table, 0, |_, child| child.header().is_none())
        .says(title, GIVE)
        .with(&[Header])
        .samples(samples.0, samples.1)
}

/// The table's own day of birth is not the header's.
const fn born_otherwise(
    id: &'static str,
    table: TableName,
    column: usize,
    title: &'static str,
    samples: (&'static str, &'static str),
) -> Rule {
    // In every table but uasc DOB is the second column.
    let test: fn(Row<'_>, &Child<'_>) -> bool = if column == ua::DOB {
        |row, child| row.day(ua::DOB).zip(child.born()).is_some_and(|(here, there)| here != there)
    } else {
        |row, child| row.day(1).zip(child.born()).is_some_and(|(here, there)| here != there)
    };
    Rule::each(id, table, column, test).says(title, AGREE).with(&[Header]).samples(samples.0, samples.1)
}

/// The table has a child more than once.
const fn twice(id: &'static str, table: TableName, title: &'static str, samples: (&'static str, &'static str)) -> Rule {
    let test: fn(&Child<'_>, &mut Say<'_>) = |child, say| {
        let rows = child.rows(say.rule.table);
        if rows.order.len() > 1 {
            rows.iter().for_each(|row| say.row(row));
        }
    };
    Rule::of_child(id, table, 0, test).says(title, ONCE).samples(samples.0, samples.1)
}

pub(super) static RULES: &[Rule] = &[
    unknown("INT01", Ad1, "ad1 has a child that the header has not", ("!hd; ad", "ad")),
    unknown("INT02", ShouldBePlaced, "The decisions file has a child that the header has not", ("!hd; sb", "sb")),
    unknown("INT03", Episodes, "The episodes file has a child that the header has not", ("!hd; ep", "ep")).error(),
    unknown("INT04", Missing, "The missing file has a child that the header has not", ("!hd; mi", "mi")),
    unknown("INT05", Oc2, "oc2 has a child that the header has not", ("!hd; o2", "o2")),
    unknown("INT06", Oc3, "oc3 has a person that the header has not", ("!hd; o3", "o3")),
    unknown("INT07", PreviousPermanence, "Previous permanence has a child that the header has not", ("!hd; pp", "pp")),
    unknown("INT08", Reviews, "The reviews file has a child that the header has not", ("!hd; re", "re")),
    unknown("INT09", Uasc, "uasc has a child that the header has not", ("!hd; ua", "ua")),
    born_otherwise("INT11", Ad1, ad::DOB, "DOB in ad1 is not the header's", ("ad DOB=1/1/2011", "ad")),
    born_otherwise(
        "INT12",
        ShouldBePlaced,
        sb::DOB,
        "DOB in the decisions file is not the header's",
        ("sb DOB=1/1/2011", "sb"),
    ),
    born_otherwise("INT13", Missing, mi::DOB, "DOB in the missing file is not the header's", ("mi DOB=1/1/2011", "mi")),
    born_otherwise("INT14", Oc2, o2::DOB, "DOB in oc2 is not the header's", ("o2 DOB=1/1/2011", "o2")),
    born_otherwise("INT15", Oc3, o3::DOB, "DOB in oc3 is not the header's", ("o3 DOB=1/1/2011", "o3 DOB=10/05/2012")),
    born_otherwise(
        "INT16",
        PreviousPermanence,
        pp::DOB,
        "DOB in previous permanence is not the header's",
        ("pp DOB=1/1/2011", "pp"),
    ),
    born_otherwise("INT17", Reviews, re::DOB, "DOB in the reviews file is not the header's", ("re DOB=1/1/2011", "re")),
    born_otherwise("INT18", Uasc, ua::DOB, "DOB in uasc is not the header's", ("ua DOB=1/1/2011", "ua")),
    Rule::each("INT21", Uasc, ua::SEX, |row, child| {
        row.is_filled(ua::SEX) && child.sex() != NOTHING && row.code(ua::SEX) != child.sex()
    })
    .says("SEX in uasc is not the header's", AGREE)
    .with(&[Header])
    .samples("ua SEX=M", "ua SEX=F"),
    twice("INT31", Ad1, "The child is in ad1 more than once", ("ad; ad", "ad")),
    twice("INT32", Header, "The child is in the header more than once", ("hd; hd", "hd")).error(),
    twice("INT33", Oc2, "The child is in oc2 more than once", ("o2; o2", "o2")),
    twice("INT34", Oc3, "The person is in oc3 more than once", ("o3; o3", "o3")),
    twice("INT35", PreviousPermanence, "The child is in previous permanence more than once", ("pp; pp", "pp")),
    twice("INT36", Uasc, "The child is in uasc more than once", ("ua; ua", "ua")),
    Rule::each("EPI", Header, hd::CHILD, |_, child| child.rows(Episodes).is_empty() && child.rows(Oc3).is_empty())
        .says(
            "The header has a child with no episode",
            "Export the episodes again if the child was looked after; a care leaver's row belongs in oc3.",
        )
        .with(&[Episodes])
        .samples("hd", "ep"),
];

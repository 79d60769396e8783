//! How long a legal status may last, and what goes with it.

use super::prelude::*;

/// Says of every episode of a run of one status, without a day between, that lasts longer than `most` days.
fn runs(child: &Child<'_>, say: &mut Say<'_>, status: Code, most: i32) {
    let mut run: Vec<Row<'_>> = Vec::new();
    let mut ended = None;
    let until = child.frame.until;
    let mut close = |run: &mut Vec<Row<'_>>| {
        let begins = run.first().and_then(|row| row.day(ep::DECOM));
        let ends = run.iter().map(|row| row.day(ep::DEC).unwrap_or(until)).max();
        if begins.zip(ends).is_some_and(|(begins, ends)| ends - begins > most) {
            for row in run.iter() {
                say.row(*row);
            }
        }
        run.clear();
    };
    for row in child.episodes().filter(|row| row.day(ep::DECOM).is_some()) {
        if row.code(ep::LS) != status || ended != row.day(ep::DECOM) {
            close(&mut run);
        }
        if row.code(ep::LS) == status {
            run.push(row);
        }
        ended = row.day(ep::DEC);
    }
    close(&mut run);
}

/// The days from start to end; to the last day known while it is open.
fn days(row: Row<'_>, child: &Child<'_>) -> Option<i32> {
    Some(row.day(ep::DEC).unwrap_or(child.frame.until) - row.day(ep::DECOM)?)
}

const SO_FAR: &str = "An open episode is counted to the day the feed describes.";

pub(super) static RULES: &[Rule] = &[
    Rule::of_child("361", Episodes, ep::LS, |child, say| runs(child, say, L1, 3))
        .says("Police protection lasted longer than 72 hours", "Record the status that followed it.")
        .nightly(SO_FAR)
        .samples("ep LS=L1 DEC=5/5/2025 REC=E4A", "ep LS=L1 DEC=4/5/2025 REC=E4A"),
    Rule::of_child("362", Episodes, ep::LS, |child, say| runs(child, say, L2, 21))
        .says("An emergency protection order lasted longer than 21 days", "Record the status that followed it.")
        .nightly(SO_FAR)
        .samples("ep LS=L2", "ep LS=L2 DEC=22/5/2025 REC=E4A"),
    Rule::of_child("363", Episodes, ep::LS, |child, say| runs(child, say, L3, 7))
        .says("A child assessment order lasted longer than seven days", "Record the status that followed it.")
        .nightly(SO_FAR)
        .samples(
            "ep LS=L3 DEC=5/5/2025 REC=X1; ep LS=L3 RNE=P DECOM=5/5/2025 DEC=9/5/2025 REC=E4A",
            "ep LS=L3 DEC=8/5/2025 REC=E4A",
        ),
    Rule::of_child("364", Episodes, ep::LS, |child, say| runs(child, say, J2, 21))
        .says("Detention under PACE lasted longer than 21 days", "Record the status that followed it.")
        .nightly(SO_FAR)
        .samples("ep LS=J2", "ep LS=J2 DEC=3/5/2025 REC=E4A"),
    Rule::each("365", Episodes, ep::DEC, |row, child| {
        row.code(ep::LS) == V3 && days(row, child).is_some_and(|days| days > 17)
    })
    .says("A short break lasted longer than 17 days", "Record what it became from the 18th day.")
    .nightly(SO_FAR)
    .samples("ep LS=V3 DEC=19/5/2025 REC=E4A", "ep LS=V3 DEC=18/5/2025 REC=E4A"),
    Rule::each("366", Episodes, ep::RNE, |row, _| row.code(ep::LS) == V3 && row.code(ep::RNE) != S)
        .says(
            "The placement changed during a short break",
            "Each short break is an episode of its own that starts with S.",
        )
        .samples("ep LS=V3 RNE=P", "ep LS=V3"),
    Rule::of_child("367", Episodes, ep::DEC, |child, say| {
        let frame = child.frame;
        let counted = |row: &Row<'_>| {
            let begins = row.day(ep::DECOM)?.max(frame.starts);
            let days = row.day(ep::DEC).unwrap_or(frame.until).min(frame.until) - begins;
            (row.code(ep::LS) == V3 && days > 0).then_some(days)
        };
        if child.episodes().filter_map(|row| counted(&row)).sum::<i32>() > 75 {
            child.episodes().filter(|row| counted(row).is_some()).for_each(|row| say.row(row));
        }
    })
    .says("Short breaks of more than 75 days in the year", "Record the child as looked after, not on short breaks.")
    .nightly("The collection year so far.")
    .samples("ep LS=V3 DEC=1/8/2025 REC=E4A", "ep LS=V3 DEC=15/5/2025 REC=E4A"),
    Rule::of_child("426", Episodes, ep::LS, |child, say| {
        let has = |status: Code| child.episodes().any(|row| row.code(ep::LS) == status);
        if has(V3) && has(V4) {
            child.episodes().filter(|row| is_short_break(row.code(ep::LS))).for_each(|row| say.row(row));
        }
    })
    .says(
        "Short breaks both as episodes (V3) and as an agreement (V4) in one year",
        "Record them the one way or the other.",
    )
    .samples("ep LS=V3 DEC=3/5/2025 REC=E4A; ep LS=V4 DECOM=1/6/2025", "ep LS=V3 DEC=3/5/2025 REC=E4A"),
    Rule::each("378", Episodes, ep::LS, |row, _| row.code(ep::PLACE) == P1 && row.code(ep::LS) == V2)
        .says("Placed with parents, and accommodated under section 20", "Correct LS or PLACE.")
        .samples("ep PLACE=P1 LS=V2", "ep PLACE=P1"),
    Rule::each("382", Episodes, ep::PLACE, |row, _| {
        is_short_break(row.code(ep::LS)) && is_temporary(row.code(ep::PLACE))
    })
    .says("A temporary placement on a short break", "Correct PLACE or LS.")
    .samples("ep LS=V3 PLACE=T1", "ep LS=V3"),
    Rule::each("384", Episodes, ep::PLACE, |row, _| {
        is_short_break(row.code(ep::LS)) && matches!(row.code(ep::PLACE), U1 | U4)
    })
    .says("Long-term fostering on a short break", "Correct PLACE or LS.")
    .samples("ep LS=V3 PLACE=U4", "ep LS=V3"),
    Rule::of_child("399", Header, hd::MOTHER, |child, say| {
        if !is_short_only(child) {
            return;
        }
        child.rows(Header).iter().filter(|row| row.is_filled(hd::MOTHER)).for_each(|row| say.row(row));
        let told = |row: &Row<'_>| row.has_any(&[re::REVIEW, re::REVIEW_CODE]);
        child.rows(Reviews).iter().filter(told).for_each(|row| say.other(row, Reviews, re::REVIEW));
    })
    .says(
        "MOTHER or a review is filled in for a child who was only on short breaks",
        "Blank MOTHER, and take the reviews out.",
    )
    .with(&[Episodes])
    .samples("ep LS=V4", "ep"),
];

fn is_short_only(child: &Child<'_>) -> bool {
    !child.rows(Episodes).is_empty() && child.episodes().all(|row| is_short_break(row.code(ep::LS)))
}

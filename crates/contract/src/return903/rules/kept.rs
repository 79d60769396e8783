//! What last year's return left open goes on in this one's.

use super::prelude::*;

/// The last episode of last year's return, if it was open, and the first of this year's.
fn joint<'a>(child: &Child<'a>) -> Option<(Row<'a>, Row<'a>)> {
    let was = child.last(Episodes).iter().rfind(|row| row.day(ep::DECOM).is_some())?;
    let first = child.episodes().next().filter(|row| row.day(ep::DECOM).is_some())?;
    was.is_blank(ep::DEC).then_some((was, first))
}

/// Says of the first episode where the test finds it to differ from the one left open.
fn first(child: &Child<'_>, say: &mut Say<'_>, test: fn(Row<'_>, Row<'_>) -> bool) {
    if let Some((_, row)) = joint(child).filter(|(was, row)| test(*was, *row)) {
        say.row(row);
    }
}

const fn differs(
    id: &'static str,
    column: usize,
    test: fn(&Child<'_>, &mut Say<'_>),
    words: (&'static str, (&'static str, &'static str)),
) -> Rule {
    Rule::of_child(id, Episodes, column, test)
        .says(words.0, "An episode goes on as it began: correct it, or end it and begin another.")
        .against(&[Episodes])
        .samples(words.1.0, words.1.1)
}

/// Codes that DfE renamed while placements under them went on.
fn is_renamed(was: Code, now: Code) -> bool {
    (was == H5 && now == K3) || (was == Z1 && is_listed_other(now))
}

pub(super) static RULES: &[Rule] = &[
    Rule::of_child("502", Episodes, ep::DECOM, |child, say| {
        first(child, say, |was, row| !is_same(was, row, ep::DECOM));
    })
    .says(
        "Last year's open episode is not the first of this year's",
        "Begin with the episode that was open, under its own start.",
    )
    .against(&[Episodes])
    .samples("ep DECOM=2/5/2024; -ep DECOM=1/5/2024", "ep DECOM=1/5/2024; -ep DECOM=1/5/2024"),
    differs(
        "503A",
        ep::RNE,
        |child, say| first(child, say, |was, row| !is_same(was, row, ep::RNE)),
        ("The reason for new episode is not that of last year's open episode", ("ep RNE=P; -ep", "ep; -ep")),
    ),
    differs(
        "503B",
        ep::LS,
        |child, say| first(child, say, |was, row| !is_same(was, row, ep::LS)),
        ("The legal status is not that of last year's open episode", ("ep LS=C1; -ep", "ep; -ep")),
    ),
    differs(
        "503C",
        ep::CIN,
        |child, say| first(child, say, |was, row| !is_same(was, row, ep::CIN)),
        ("The category of need is not that of last year's open episode", ("ep CIN=N2; -ep", "ep; -ep")),
    ),
    differs(
        "503D",
        ep::PLACE,
        |child, say| {
            first(child, say, |was, row| {
                !is_same(was, row, ep::PLACE) && !is_renamed(was.code(ep::PLACE), row.code(ep::PLACE))
            });
        },
        (
            "The placement type is not that of last year's open episode",
            ("ep PLACE=K2; -ep", "ep PLACE=K3; -ep PLACE=H5"),
        ),
    ),
    differs(
        "503E",
        ep::PLACE_PROVIDER,
        |child, say| {
            first(child, say, |was, row| {
                !is_same(was, row, ep::PLACE_PROVIDER) && !is_renamed(was.code(ep::PLACE), row.code(ep::PLACE))
            });
        },
        ("The provider is not that of last year's open episode", ("ep PLACE_PROVIDER=PR5; -ep", "ep; -ep")),
    ),
    differs(
        "503F",
        ep::URN,
        |child, say| first(child, say, |was, row| was.is_filled(ep::URN) && !is_same(was, row, ep::URN)),
        ("The URN is not that of last year's open episode", ("ep URN=SC999999; -ep", "ep; -ep URN=")),
    ),
    Rule::of_child("562", Episodes, ep::DECOM, |child, say| {
        let Some(row) = child.episodes().next() else { return };
        let early = row.day(ep::DECOM).is_some_and(|start| start < child.frame.starts);
        if early && !child.last(Episodes).iter().any(|was| is_same(was, row, ep::DECOM)) {
            say.row(row);
        }
    })
    .says(
        "An episode began before this year and was not in last year's return",
        "Correct DECOM, or tell DfE that last year's was incomplete.",
    )
    .against(&[Episodes])
    .nightly(
        "Asked of two years' returns only; between two nights it would name every move entered late (decision 30).",
    )
    .samples("ep DECOM=1/3/2025; -ep DECOM=1/5/2024", "ep DECOM=1/5/2024; -ep DECOM=1/5/2024"),
    Rule::each("NoE", Episodes, ep::DECOM, |row, child| {
        row.day(ep::DECOM).is_some_and(|start| start < child.frame.starts) && child.last(Episodes).is_empty()
    })
    .says("Care began before this year, and the child is not in last year's return", "Check DECOM, or the case number.")
    .against(&[Episodes])
    .nightly("Asked of two years' returns only.")
    .samples("ep DECOM=1/5/2024", "ep DECOM=1/5/2024; -ep DECOM=1/5/2024"),
    Rule::of_child("576", Missing, mi::MIS_START, |child, say| {
        let was = child.last(Missing).iter().find(|row| row.is_blank(mi::MIS_END) && row.day(mi::MIS_START).is_some());
        if let (Some(was), Some(row)) = (was, child.rows(Missing).first())
            && !is_same(was, row, mi::MIS_START)
        {
            say.row(row);
        }
    })
    .says(
        "Missing when last year ended, and this year's first time missing is another",
        "Begin with the one that was open.",
    )
    .against(&[Missing])
    .samples(
        "mi; -mi MIS_START=1/3/2025 MIS_END=",
        "mi MIS_START=1/3/2025 MIS_END=2/4/2025; -mi MIS_START=1/3/2025 MIS_END=",
    ),
    Rule::of_child("706", Liberty, dl::DOLO_START, |child, say| {
        let was =
            child.last(Liberty).iter().find(|row| row.is_blank(dl::DOLO_END) && row.day(dl::DOLO_START).is_some());
        let Some(was) = was else { return };
        let kept = child.rows(Liberty).iter().any(|row| is_same(was, row, dl::DOLO_START));
        if let Some(row) = child.rows(Liberty).first().filter(|_| !kept) {
            say.row(row);
        }
    })
    .says(
        "An order was in force when last year ended, and is not in this year's",
        "Add it, with its end if it has one.",
    )
    .against(&[Liberty])
    .samples("dl; -dl DOLO_START=1/3/2025", "dl DOLO_START=1/3/2025; -dl DOLO_START=1/3/2025"),
    Rule::each("559", ShouldBePlaced, sb::DATE_PLACED, |row, child| {
        let early = row.day(sb::DATE_PLACED).is_some_and(|day| day < child.frame.starts);
        early && !child.last(ShouldBePlaced).iter().any(|was| was.is_filled(sb::DATE_PLACED))
    })
    .says(
        "Decided before this year, and not in last year's return",
        "Correct DATE_PLACED, or tell DfE that last year's was incomplete.",
    )
    .against(&[ShouldBePlaced])
    .samples("sb", "sb; -sb"),
    Rule::of_child("560", ShouldBePlaced, sb::DATE_PLACED, |child, say| {
        let was = child.last(ShouldBePlaced).last().filter(|was| was.is_blank(sb::DATE_PLACED_CEASED));
        if let (Some(was), Some(row)) = (was, child.rows(ShouldBePlaced).first())
            && was.is_filled(sb::DATE_PLACED)
            && !is_same(was, row, sb::DATE_PLACED)
        {
            say.row(row);
        }
    })
    .says(
        "The decision stood when last year ended, and is of another day now",
        "Give it the day of last year's return.",
    )
    .against(&[ShouldBePlaced])
    .samples("sb; -sb DATE_PLACED=1/2/2025", "sb; -sb"),
    Rule::each("561", ShouldBePlaced, sb::DATE_PLACED, |row, child| {
        let ended = [sb::DATE_PLACED_CEASED, sb::REASON_PLACED_CEASED];
        row.day(sb::DATE_PLACED).is_some()
            && child.last(ShouldBePlaced).iter().any(|was| is_same(was, row, sb::DATE_PLACED) && was.has_any(&ended))
    })
    .says("The decision was reversed in last year's return", "Take the row out, or give the new decision its own day.")
    .against(&[ShouldBePlaced])
    .samples("sb; -sb DATE_PLACED_CEASED=20/3/2025 REASON_PLACED_CEASED=RD1", "sb; -sb"),
    Rule::of_child("584", ShouldBePlaced, sb::DATE_PLACED, |child, say| {
        let ended = [sb::DATE_PLACED_CEASED, sb::REASON_PLACED_CEASED];
        let was = child.last(ShouldBePlaced).last().filter(|was| was.has_any(&ended));
        for row in child.rows(ShouldBePlaced).iter() {
            let earlier = was.is_some_and(|was| {
                row.day(sb::DATE_PLACED).unwrap_or(i32::MIN) <= was.day(sb::DATE_PLACED).unwrap_or(i32::MIN)
            });
            if earlier {
                say.row(row);
            }
        }
    })
    .says("Last year's decision was reversed, and this one is not later", "A new decision has a later day.")
    .against(&[ShouldBePlaced])
    .samples(
        "sb DATE_PLACED=1/2/2025; -sb DATE_PLACED_CEASED=20/3/2025 REASON_PLACED_CEASED=RD1",
        "sb DATE_PLACED=1/6/2025; -sb DATE_PLACED_CEASED=20/3/2025 REASON_PLACED_CEASED=RD1",
    ),
];

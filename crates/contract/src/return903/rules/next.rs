//! An episode and the one before it.

use super::prelude::*;

/// Says of the later of each two that the test names.
fn later(child: &Child<'_>, say: &mut Say<'_>, test: fn(Row<'_>, Row<'_>) -> bool) {
    for (before, row) in child.rows(Episodes).pairs() {
        if row.day(ep::DECOM).is_some() && test(before, row) {
            say.row(row);
        }
    }
}

/// Says of the earlier of each two that the test names.
fn earlier(child: &Child<'_>, say: &mut Say<'_>, test: fn(Row<'_>, Row<'_>) -> bool) {
    for (row, after) in child.rows(Episodes).pairs() {
        if test(row, after) {
            say.row(row);
        }
    }
}

/// The one begins on the day that the other ends.
fn follows(before: Row<'_>, row: Row<'_>) -> bool {
    row.day(ep::DECOM).is_some() && before.day(ep::DEC) == row.day(ep::DECOM)
}

pub(super) static RULES: &[Rule] = &[
    Rule::of_child("142", Episodes, ep::DEC, |child, say| {
        earlier(child, say, |row, after| {
            let known = row.day(ep::DECOM).is_some() && after.day(ep::DECOM).is_some();
            known && (row.is_blank(ep::DEC) || row.is_blank(ep::REC))
        });
    })
    .says("An episode that is not the child's last has no end", "Fill in DEC and REC.")
    .error()
    .samples("ep; ep RNE=P DECOM=1/6/2025", "ep DEC=1/6/2025 REC=X1; ep RNE=P DECOM=1/6/2025"),
    Rule::of_child("431", Episodes, ep::RNE, |child, say| {
        later(child, say, |before, row| {
            row.code(ep::RNE) == S && before.day(ep::DEC).zip(row.day(ep::DECOM)).is_some_and(|(end, start)| start <= end)
        });
    })
    .says("Care is said to begin, and the episode before ended that day or later", "Use the reason that fits, or correct the dates.")
    .samples("ep DEC=1/6/2025 REC=E4A; ep DECOM=1/6/2025", "ep DEC=1/6/2025 REC=E4A; ep DECOM=2/6/2025"),
    Rule::of_child("432", Episodes, ep::RNE, |child, say| {
        later(child, say, |before, row| ends_care(before.code(ep::REC)) && row.code(ep::RNE) != S);
    })
    .says("Care had ended, and the next episode does not say that it began again", "Use S, or X1 before it.")
    .samples("ep DEC=1/6/2025 REC=E4A; ep RNE=P DECOM=1/6/2025", "ep DEC=1/6/2025 REC=E4A; ep DECOM=2/6/2025"),
    Rule::of_child("433", Episodes, ep::DECOM, |child, say| {
        later(child, say, |before, row| {
            matches!(row.code(ep::RNE), P | L | T | U | B) && before.day(ep::DEC) != row.day(ep::DECOM)
        });
    })
    .says("The episode goes on from another, and does not start on the day that one ended", "Correct the dates, or use S.")
    .samples("ep DEC=1/6/2025 REC=X1; ep RNE=P DECOM=3/6/2025", "ep DEC=1/6/2025 REC=X1; ep RNE=P DECOM=1/6/2025"),
    Rule::of_child("434", Episodes, ep::RNE, |child, say| {
        later(child, say, |before, row| row.code(ep::RNE) == L && (is_same(before, row, ep::LS) || has_moved(before, row)));
    })
    .says("Only the legal status changed, says RNE; but the placement did, or the status did not", "Use the reason that says what changed.")
    .samples(
        "ep DEC=1/6/2025 REC=X1; ep RNE=L DECOM=1/6/2025",
        "ep DEC=1/6/2025 REC=X1; ep RNE=L LS=C1 DECOM=1/6/2025",
    ),
    Rule::of_child("435", Episodes, ep::RNE, |child, say| {
        later(child, say, |before, row| {
            matches!(row.code(ep::RNE), P | T) && (!is_same(before, row, ep::LS) || !has_moved(before, row))
        });
    })
    .says("Only the placement changed, says RNE; but the legal status did, or nothing did", "Use the reason that says what changed.")
    .samples(
        "ep DEC=1/6/2025 REC=X1; ep RNE=P DECOM=1/6/2025",
        "ep DEC=1/6/2025 REC=X1; ep RNE=P DECOM=1/6/2025 PLACE=K2",
    ),
    Rule::of_child("436", Episodes, ep::RNE, |child, say| {
        later(child, say, |before, row| {
            matches!(row.code(ep::RNE), B | U) && (is_same(before, row, ep::LS) || !has_moved(before, row))
        });
    })
    .says("Legal status and placement changed, says RNE; but one of them did not", "Use the reason that says what changed.")
    .samples(
        "ep DEC=1/6/2025 REC=X1; ep RNE=B DECOM=1/6/2025 PLACE=K2",
        "ep DEC=1/6/2025 REC=X1; ep RNE=B DECOM=1/6/2025 PLACE=K2 LS=C1",
    ),
    Rule::of_child("501", Episodes, ep::DECOM, |child, say| {
        later(child, say, |before, row| {
            before.day(ep::DEC).zip(row.day(ep::DECOM)).is_some_and(|(end, start)| start < end)
        });
    })
    .says("The episode starts before the one before it ends", "Correct the dates; a child has one episode at a time.")
    .error()
    .samples("ep DEC=1/6/2025 REC=X1; ep RNE=P DECOM=30/5/2025", "ep DEC=1/6/2025 REC=X1; ep RNE=P DECOM=1/6/2025"),
    Rule::of_child("504", Episodes, ep::CIN, |child, say| {
        later(child, say, |before, row| {
            before.code(ep::REC) == X1 && follows(before, row) && !is_same(before, row, ep::CIN)
        });
    })
    .says("The category of need changed inside one period of care", "Keep the category that the period began with.")
    .samples(
        "ep DEC=1/6/2025 REC=X1; ep RNE=P DECOM=1/6/2025 CIN=N2",
        "ep DEC=1/6/2025 REC=E4A; ep DECOM=1/7/2025 CIN=N2",
    ),
    Rule::of_child("225", Episodes, ep::REASON_PLACE_CHANGE, |child, say| {
        earlier(child, say, |row, after| {
            let changes = row.code(ep::REC) == X1 && matches!(after.code(ep::RNE), P | B | T | U);
            let lasting = !is_temporary(row.code(ep::PLACE)) && !is_temporary(after.code(ep::PLACE));
            changes && lasting && row.is_blank(ep::REASON_PLACE_CHANGE)
        });
    })
    .says("The placement changes next, and the reason is blank", "Say in REASON_PLACE_CHANGE why it ended.")
    .samples(
        "ep DEC=1/6/2025 REC=X1; ep RNE=P DECOM=1/6/2025 PLACE=K2",
        "ep DEC=1/6/2025 REC=X1 REASON_PLACE_CHANGE=CARPL; ep RNE=P DECOM=1/6/2025 PLACE=K2",
    ),
    Rule::of_child("226", Episodes, ep::REASON_PLACE_CHANGE, |child, say| {
        let mut before: Option<Row<'_>> = None;
        for row in child.episodes() {
            let told = before.is_some_and(|before| before.is_filled(ep::REASON_PLACE_CHANGE));
            if is_temporary(row.code(ep::PLACE)) && (told || row.is_filled(ep::REASON_PLACE_CHANGE)) {
                say.row(row);
            }
            before = Some(row);
        }
    })
    .says("A reason is given for the move into or out of a temporary placement", "Blank REASON_PLACE_CHANGE: a temporary move has none.")
    .samples("ep PLACE=T1 PLACE_PROVIDER= REASON_PLACE_CHANGE=CARPL", "ep PLACE=T1 PLACE_PROVIDER="),
    Rule::of_child("383", Episodes, ep::PLACE, |child, say| {
        let all = child.episodes();
        for ((before, away), row) in all.clone().zip(all.clone().skip(1)).zip(all.skip(2)) {
            let same = is_same(before, row, ep::PLACE) && is_same(before, row, ep::PL_POST);
            if is_temporary(away.code(ep::PLACE)) && (row.code(ep::RNE) != P || !same) {
                say.row(row);
            }
        }
    })
    .says("A temporary move does not end where it began", "After it, return to the same placement and postcode with RNE P.")
    .samples(
        "ep DEC=1/6/2025 REC=X1; ep RNE=P DECOM=1/6/2025 PLACE=T1 DEC=3/6/2025 REC=X1; ep RNE=P DECOM=3/6/2025 PLACE=K2",
        "ep DEC=1/6/2025 REC=X1; ep RNE=P DECOM=1/6/2025 PLACE=T1 DEC=3/6/2025 REC=X1; ep RNE=P DECOM=3/6/2025",
    ),
];

//! Decisions that a child should be placed for adoption.

use super::prelude::*;

/// Placed for adoption, or under a placement order.
fn is_for_adoption(row: Row<'_>) -> bool {
    is_adoption(row.code(ep::PLACE)) || row.code(ep::LS) == E1
}

/// The first episode of the child that the test names, if its start can be read.
fn first_day(child: &Child<'_>, test: fn(Row<'_>) -> bool) -> Option<i32> {
    child.episodes().filter(|row| test(*row)).find_map(|row| row.day(ep::DECOM))
}

pub(super) static RULES: &[Rule] = &[
    Rule::each("115", ShouldBePlaced, sb::DATE_PLACED, |row, _| row.is_bad(sb::DATE_PLACED))
        .says("The date of the decision is not a date", "Write it as dd/mm/yyyy.")
        .samples("sb DATE_PLACED=soon", "sb"),
    Rule::each("116", ShouldBePlaced, sb::DATE_PLACED_CEASED, |row, _| row.is_bad(sb::DATE_PLACED_CEASED))
        .says("The date of its reversal is not a date", "Write it as dd/mm/yyyy.")
        .samples("sb DATE_PLACED_CEASED=soon REASON_PLACED_CEASED=RD1", "sb"),
    Rule::each("117", ShouldBePlaced, sb::DATE_PLACED, |row, child| {
        let last = child.episodes().rfind(|row| row.day(ep::DECOM).is_some() && row.code(ep::REC) != X1);
        let left = last.and_then(|last| last.day(ep::DEC)).unwrap_or(i32::MAX);
        let late = |column| row.day(column).is_some_and(|day| day > child.frame.until || day > left);
        late(sb::DATE_PLACED) || late(sb::DATE_PLACED_CEASED)
    })
    .says("The decision or its reversal is after the return ends, or after the child left care", "Correct the date.")
    .nightly("Judged on the day the feed describes.")
    .with(&[Episodes])
    .samples("sb DATE_PLACED=1/4/2026; ep", "sb; ep"),
    Rule::each("118", ShouldBePlaced, sb::DATE_PLACED_CEASED, |row, child| {
        let began = child.episodes().filter(|row| !is_short_break(row.code(ep::LS))).find_map(|row| row.day(ep::DECOM));
        let early = began.unwrap_or(i32::MIN).max(child.frame.starts);
        row.day(sb::DATE_PLACED_CEASED).is_some_and(|day| day < early)
    })
    .says(
        "The reversal is before the collection year, or before the child was looked after",
        "Correct the date, or take the row out.",
    )
    .with(&[Episodes])
    .samples(
        "sb DATE_PLACED_CEASED=1/3/2025 REASON_PLACED_CEASED=RD1; ep DECOM=1/5/2024",
        "sb DATE_PLACED_CEASED=1/6/2025 REASON_PLACED_CEASED=RD1; ep DECOM=1/5/2024",
    ),
    Rule::each("119", ShouldBePlaced, sb::DATE_PLACED_CEASED, |row, _| {
        row.is_blank(sb::DATE_PLACED_CEASED) != row.is_blank(sb::REASON_PLACED_CEASED)
    })
    .says(
        "The date and the reason of the reversal are not both filled or both blank",
        "Fill in the other, or blank the one.",
    )
    .samples("sb DATE_PLACED_CEASED=1/6/2025", "sb"),
    Rule::each("120", ShouldBePlaced, sb::REASON_PLACED_CEASED, |row, _| {
        !is_one_of(row.code(sb::REASON_PLACED_CEASED), &[RD1, RD2, RD3, RD4])
    })
    .says("The reason of the reversal is not on the list", "Use RD1 to RD4.")
    .samples("sb DATE_PLACED_CEASED=1/6/2025 REASON_PLACED_CEASED=RD9", "sb"),
    Rule::each("184", ShouldBePlaced, sb::DATE_PLACED, |row, child| {
        row.day(sb::DATE_PLACED).zip(child.born()).is_some_and(|(day, born)| day < born)
    })
    .says("The decision is before the child was born", "Correct the date, or DOB in the header.")
    .with(&[Header])
    .samples("sb DATE_PLACED=1/1/2012", "sb"),
    Rule::each("522", ShouldBePlaced, sb::DATE_PLACED_CEASED, |row, _| {
        row.day(sb::DATE_PLACED_CEASED).zip(row.day(sb::DATE_PLACED)).is_some_and(|(end, start)| end < start)
    })
    .says("Reversed before it was made", "Correct one of the dates.")
    .samples("sb DATE_PLACED_CEASED=1/1/2025 REASON_PLACED_CEASED=RD1", "sb"),
    Rule::each("563", ShouldBePlaced, sb::DATE_PLACED, |row, _| {
        row.is_blank(sb::DATE_PLACED) && row.has_all(&[sb::DATE_PLACED_CEASED, sb::REASON_PLACED_CEASED])
    })
    .says("Reversed, and the date of the decision is blank", "Fill it in.")
    .samples("sb DATE_PLACED= DATE_PLACED_CEASED=1/6/2025 REASON_PLACED_CEASED=RD1", "sb"),
    Rule::of_child("579", ShouldBePlaced, sb::DATE_PLACED, |child, say| {
        for (before, row) in child.rows(ShouldBePlaced).pairs() {
            let over = before.day(sb::DATE_PLACED_CEASED);
            if over.is_none_or(|over| row.day(sb::DATE_PLACED).is_some_and(|day| day < over)) {
                say.row(row);
            }
        }
    })
    .says("A new decision while the one before it stands", "End the earlier one first.")
    .samples(
        "sb; sb DATE_PLACED=1/6/2025",
        "sb DATE_PLACED_CEASED=1/5/2025 REASON_PLACED_CEASED=RD1; sb DATE_PLACED=1/6/2025",
    ),
    Rule::of_child("583", ShouldBePlaced, sb::DATE_PLACED_CEASED, |child, say| {
        for (before, _) in child.rows(ShouldBePlaced).pairs() {
            if before.is_blank(sb::DATE_PLACED_CEASED) {
                say.row(before);
            }
        }
    })
    .says(
        "There is a later decision, and this one was not reversed",
        "Fill in when it was, or take one of the two out.",
    )
    .samples(
        "sb; sb DATE_PLACED=1/6/2025",
        "sb DATE_PLACED_CEASED=1/5/2025 REASON_PLACED_CEASED=RD1; sb DATE_PLACED=1/6/2025",
    ),
    Rule::each("1003", ShouldBePlaced, sb::DATE_PLACED, |row, child| {
        let began = first_day(child, |row| row.code(ep::RNE) == S);
        row.day(sb::DATE_PLACED).zip(began).is_some_and(|(day, began)| day < began)
    })
    .says("The decision is before the child was looked after", "Correct the date, or add the episodes before it.")
    .with(&[Episodes])
    .samples("sb; ep", "sb; ep DECOM=1/2/2025"),
    Rule::each("551", Episodes, ep::PLACE, |row, child| {
        let decided = child.rows(ShouldBePlaced).iter().any(|row| row.is_filled(sb::DATE_PLACED));
        is_adoption(row.code(ep::PLACE)) && !decided
    })
    .says("Placed for adoption without a decision", "Add the decision to its file.")
    .with(&[ShouldBePlaced])
    .samples("ep PLACE=A4", "ep PLACE=A4; sb"),
    Rule::of_child("552", ShouldBePlaced, sb::DATE_PLACED, |child, say| {
        let placed = first_day(child, |row| is_adoption(row.code(ep::PLACE)));
        let last = child.rows(ShouldBePlaced).iter().rfind(|row| row.day(sb::DATE_PLACED).is_some());
        if let (Some(placed), Some(row)) = (placed, last)
            && row.day(sb::DATE_PLACED).is_some_and(|day| day > placed)
        {
            say.row(row);
        }
    })
    .says("Placed for adoption before the decision", "Correct DATE_PLACED, or DECOM of the placement.")
    .with(&[Episodes])
    .samples("sb DATE_PLACED=1/6/2025; ep PLACE=A4", "sb; ep PLACE=A4"),
    Rule::each("553", Episodes, ep::LS, |row, child| {
        let mut decisions = child.rows(ShouldBePlaced).iter();
        row.code(ep::LS) == E1 && decisions.next().is_none()
    })
    .says("A placement order without a decision", "Add the decision to its file.")
    .with(&[ShouldBePlaced])
    .samples("ep LS=E1", "ep LS=E1; sb"),
    Rule::each("554", ShouldBePlaced, sb::DATE_PLACED, |row, child| {
        let order = first_day(child, |row| row.code(ep::LS) == E1);
        row.day(sb::DATE_PLACED).zip(order).is_some_and(|(day, order)| day > order)
    })
    .says("The placement order is before the decision", "Correct DATE_PLACED, or DECOM of the episode.")
    .with(&[Episodes])
    .samples("sb DATE_PLACED=1/6/2025; ep LS=E1", "sb; ep LS=E1"),
    Rule::each("557", Episodes, ep::REC, |row, child| {
        let left = ends_care(row.code(ep::REC)) && !is_adopted(row.code(ep::REC));
        let ended = [sb::DATE_PLACED_CEASED, sb::REASON_PLACED_CEASED];
        let decisions = child.rows(ShouldBePlaced);
        let standing = decisions.is_empty() || decisions.iter().any(|row| !row.has_all(&ended));
        is_for_adoption(row) && left && standing
    })
    .says("Left care without adoption, and the decision stands", "Fill in when and why it was reversed.")
    .with(&[ShouldBePlaced])
    .samples("ep LS=E1 DEC=1/9/2025 REC=E4A; sb", "ep LS=E1 DEC=1/9/2025 REC=E11; sb"),
    Rule::each("558", Episodes, ep::REC, |row, child| {
        let last = child.rows(ShouldBePlaced).last();
        is_adopted(row.code(ep::REC)) && last.is_some_and(|last| last.is_filled(sb::DATE_PLACED_CEASED))
    })
    .says("Adopted, and the decision was reversed", "Blank DATE_PLACED_CEASED of the last decision.")
    .with(&[ShouldBePlaced])
    .samples(
        "ep PLACE=A4 DEC=1/9/2025 REC=E11; sb DATE_PLACED_CEASED=1/6/2025 REASON_PLACED_CEASED=RD1",
        "ep PLACE=A4 DEC=1/9/2025 REC=E11; sb",
    ),
];

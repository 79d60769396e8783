//! Who the child was in last year's return.

use super::prelude::*;

fn was<'a>(child: &Child<'a>) -> Option<Row<'a>> {
    child.last(Header).first()
}

const fn differs(
    id: &'static str,
    column: usize,
    test: fn(Row<'_>, &Child<'_>) -> bool,
    words: (&'static str, &'static str),
) -> Rule {
    Rule::each(id, Header, column, test).says(words.0, words.1).against(&[Header])
}

/// 1 and 2 became M and F.
fn sex(code: Code) -> Code {
    match code {
        MALE => M,
        FEMALE => F,
        other => other,
    }
}

fn is_placeholder(upn: Code) -> bool {
    matches!(upn, NOTHING | UN1 | UN2 | UN3 | UN4 | UN5)
}

pub(super) static RULES: &[Rule] = &[
    differs(
        "202",
        hd::SEX,
        |row, child| {
            was(child).is_some_and(|was| sex(was.code(hd::SEX)) != sex(row.code(hd::SEX)) && was.code(hd::SEX) != U)
        },
        ("The sex is not last year's", "Correct the one that is wrong; DfE is told of a change."),
    )
    .samples("hd SEX=M MOTHER=; -hd SEX=F", "hd; -hd SEX=2"),
    differs(
        "203",
        hd::DOB,
        |row, child| was(child).is_some_and(|was| !is_same(was, row, hd::DOB)),
        ("The date of birth is not last year's", "Correct the one that is wrong; DfE is told of a change."),
    )
    .samples("hd; -hd DOB=11/05/2012", "hd; -hd"),
    differs(
        "204",
        hd::ETHNIC,
        |row, child| {
            let unknown = [Code::of(b"NOBT"), Code::of(b"REFU")];
            was(child).is_some_and(|was| !is_same(was, row, hd::ETHNIC) && !is_one_of(was.code(hd::ETHNIC), &unknown))
        },
        ("The ethnicity is not last year's", "Correct the one that is wrong."),
    )
    .samples("hd; -hd ETHNIC=BCRB", "hd; -hd ETHNIC=NOBT"),
    differs(
        "207",
        hd::MOTHER,
        |row, child| {
            let here = !child.rows(Episodes).is_empty();
            here && was(child).is_some_and(|was| was.code(hd::MOTHER) == ONE && row.code(hd::MOTHER) != ONE)
        },
        ("She was a mother last year", "Set MOTHER to 1."),
    )
    .samples("ep; -hd MOTHER=1 MC_DOB=1/1/2025", "ep; -hd"),
    differs(
        "208",
        hd::UPN,
        |row, child| {
            let changed = |was: Row<'_>| {
                let (then, now) = (was.code(hd::UPN), row.code(hd::UPN));
                let found = is_placeholder(then) && !is_placeholder(now);
                let grown = matches!(then, NOTHING | UN1) && is_placeholder(now) && now != NOTHING;
                then != now && !found && !grown
            };
            was(child).is_some_and(changed)
        },
        ("The UPN is not last year's", "Correct the one that is wrong."),
    )
    .samples("hd; -hd UPN=B123456789012", "hd; -hd UPN=UN1"),
    differs(
        "624",
        hd::MC_DOB,
        |row, child| was(child).is_some_and(|was| was.is_filled(hd::MC_DOB) && !is_same(was, row, hd::MC_DOB)),
        ("The birth date of her first child is not last year's", "Correct the one that is wrong."),
    )
    .samples("hd MOTHER=1 MC_DOB=1/1/2025; -hd MOTHER=1 MC_DOB=2/1/2025", "hd MOTHER=1 MC_DOB=1/1/2025; -hd"),
    differs(
        "626",
        hd::MC_DOB,
        |row, child| {
            let early = row.day(hd::MC_DOB).is_some_and(|day| day < child.frame.starts);
            let became = row.code(hd::MOTHER) == ONE && was(child).is_some_and(|was| was.code(hd::MOTHER) == NO);
            early && became
        },
        (
            "A mother since before this year, and last year's return says that she was none",
            "Correct MC_DOB, or tell DfE of last year's.",
        ),
    )
    .samples("hd MOTHER=1 MC_DOB=1/1/2025; -hd", "hd MOTHER=1 MC_DOB=1/6/2025; -hd"),
    Rule::each("205B", Uasc, ua::DUC, |row, child| {
        let Some(was) = child.last(Uasc).first() else { return false };
        let eighteenth = row.day(ua::DOB).or(child.born()).map(|born| birthday(born, 18));
        let ceased = |row: Row<'_>| row.day(ua::DUC).filter(|day| Some(*day) != eighteenth);
        let year = child.frame.starts..=child.frame.ends;
        ceased(was).is_some() || ceased(row).is_some_and(|day| !year.contains(&day))
    })
    .says(
        "Unaccompanied in both years, and the dates on which the status ceased do not allow it",
        "Last year's date is then the eighteenth birthday; this year's that, or a day of this year.",
    )
    .against(&[Uasc])
    .samples("ua; -ua DUC=1/2/2025", "ua DUC=1/6/2025; -ua DUC=10/05/2030"),
    Rule::each("205D", Uasc, ua::CHILD, |_, child| was(child).is_some() && child.last(Uasc).is_empty())
        .says("Unaccompanied now, and not in last year's return", "Check: the status is had from the start of care.")
        .against(&[Header, Uasc])
        .samples("ua; -hd", "ua; -hd; -ua"),
    Rule::each("348", Oc3, o3::IN_TOUCH, |row, child| {
        let dead = child.last(Oc3).iter().any(|was| was.code(o3::IN_TOUCH) == DIED);
        dead && row.code(o3::IN_TOUCH) != DIED
    })
    .says("Last year's return says that the person had died", "Take the row out, or correct last year's.")
    .against(&[Oc3])
    .samples("o3; -o3 IN_TOUCH=DIED", "o3; -o3"),
    Rule::each("1010", Oc3, o3::IN_TOUCH, |_, child| {
        let last = child.last(Episodes).iter().rfind(|row| row.day(ep::DECOM).is_some());
        child.rows(Episodes).is_empty() && last.is_some_and(|last| last.is_blank(ep::DEC))
    })
    .says("In care when last year ended, with no episode this year, and in oc3", "Add the episode, ended in this year.")
    .with(&[Episodes])
    .against(&[Episodes])
    .samples("o3; -ep DECOM=1/5/2024", "o3; -ep DECOM=1/5/2024 DEC=1/3/2025 REC=E6"),
    Rule::each("1002", Oc3, o3::IN_TOUCH, |_, child| {
        child.rows(Episodes).is_empty() && child.last(Episodes).is_empty()
    })
    .says(
        "A care leaver who was looked after in neither year",
        "Right where care ended earlier; otherwise take the row out.",
    )
    .note()
    .with(&[Episodes])
    .against(&[Episodes])
    .samples("o3", "o3; -ep DECOM=1/5/2024"),
];

use super::*;
use crate::fixture::{code, day, row};
use crate::{Context, Rules, plan};

/// A placement in Kent on a Monday, as a feed shows it.
fn shown(emergency: bool) -> Notice {
    let mut episode = row("one 2026-08-24.. S K2 kent #oak");
    episode.emergency = Some(emergency);
    let rules = Rules::default();
    let calendar = Calendar::england_and_wales();
    let context = Context { as_at: day("2026-08-24"), joined: day("2026-04-01"), calendar, rules: &rules };
    plan(code("lewisham"), &[], &[episode], &context)[0].events()[0].notice.clone()
}

fn outcome(notice: &Notice, now: &str) -> Option<(Timeliness, Option<u32>)> {
    let start = start(notice, now.parse().unwrap(), Calendar::england_and_wales())?;
    assert_eq!((start.placing, start.host, start.on), (code("lewisham"), code("kent"), day("2026-08-24")));
    Some((start.outcome, start.days_late))
}

#[test]
fn a_notice_that_does_not_come_is_open_until_the_fifth_working_day_after_it_was_due() {
    // Due by the end of Tuesday 1 September, over a bank holiday.
    let notice = shown(true);
    assert_eq!(outcome(&notice, "2026-08-25T09:00:00Z"), Some((Timeliness::Open, None)));
    assert_eq!(outcome(&notice, "2026-09-07T09:00:00Z"), Some((Timeliness::Open, None)));
    assert_eq!(outcome(&notice, "2026-09-08T09:00:00Z"), Some((Timeliness::Missing, None)));
}

#[test]
fn a_notice_counts_by_when_it_was_given_not_by_when_it_was_shown() {
    let given = |at: &str| {
        let mut notice = shown(true);
        notice.given.placement = Some(at.parse().unwrap());
        outcome(&notice, "2026-10-01T09:00:00Z")
    };
    assert_eq!(given("2026-09-01T09:00:00Z"), Some((Timeliness::InTime, None)));
    assert_eq!(given("2026-09-04T09:00:00Z"), Some((Timeliness::Late, Some(3))));
}

#[test]
fn what_was_taken_back_or_waits_for_a_host_or_was_no_notice_counts_nowhere() {
    for state in [NoticeState::Withdrawn, NoticeState::Held, NoticeState::Draft] {
        assert_eq!(outcome(&Notice { state, ..shown(true) }, "2026-10-01T09:00:00Z"), None, "{state}");
    }
    for kind in [NoticeKind::Register, NoticeKind::Consultation] {
        assert_eq!(outcome(&Notice { kind, ..shown(false) }, "2026-10-01T09:00:00Z"), None, "{kind}");
    }
}

#[test]
fn a_line_counts_one_month_of_one_pair_and_nothing_else() {
    let start = |host: &str, on: &str, outcome, days_late| NoticeStart {
        placing: code("lewisham"),
        host: code(host),
        on: day(on),
        outcome,
        days_late,
    };
    let starts = [
        start("kent", "2026-08-31", Timeliness::InTime, None),
        start("kent", "2026-08-01", Timeliness::Late, Some(9)),
        start("kent", "2026-08-02", Timeliness::Late, Some(2)),
        start("kent", "2026-08-03", Timeliness::Missing, None),
        start("kent", "2026-09-01", Timeliness::Open, None),
        start("bromley", "2026-08-03", Timeliness::NotPracticable, None),
    ];
    let figures = |line: &Line| {
        let Line { starts, in_time, not_in_time, late, missing, not_practicable, open, .. } = *line;
        (line.month.clone(), line.host, [starts, in_time, not_in_time, late, missing, not_practicable, open])
    };
    let lines = by_month(&starts);
    let expected = [
        ("2026-08".to_owned(), code("bromley"), [1, 0, 1, 0, 0, 1, 0]),
        ("2026-08".to_owned(), code("kent"), [4, 1, 3, 2, 1, 0, 0]),
        ("2026-09".to_owned(), code("kent"), [1, 0, 1, 0, 0, 0, 1]),
    ];
    assert_eq!(lines.iter().map(figures).collect::<Vec<_>>(), expected);
    assert_eq!(lines.iter().map(|line| line.median_working_days_late).collect::<Vec<_>>(), [None, Some(2), None]);
}

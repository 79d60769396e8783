use hub_domain::PlacementRow;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::fixture::{code, day, row};
use crate::{Admission, Context, EventKind, Given, Stated, Statement, StatementKind, plan};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn calendar() -> &'static Calendar {
    Calendar::england_and_wales()
}

fn shell(text: &str, emergency: bool) -> Notice {
    let mut episode: PlacementRow = row(text);
    episode.emergency = Some(emergency);
    episode.planned = Some(!emergency);
    let rules = Rules::default();
    let context = Context { as_at: day("2028-12-01"), joined: day("2023-12-31"), calendar: calendar(), rules: &rules };
    let changes = plan(code("lewisham"), &[], &[episode], &context);
    let last = changes.last().unwrap();
    last.events().last().unwrap().notice.clone()
}

fn only(notice: &Notice, kind: ClockKind, now: &str) -> Clock {
    let all = clocks(notice, at(now), calendar(), &Rules::default());
    all.into_iter().find(|clock| clock.kind == kind).unwrap()
}

/// The vectors of the statute's working days, 2024 to 2028: start, last day in time.
const FIVE: [(&str, &str); 9] = [
    ("2024-03-28", "2024-04-08"),
    ("2024-12-24", "2025-01-03"),
    ("2025-04-17", "2025-04-28"),
    ("2026-12-24", "2027-01-05"),
    ("2026-04-01", "2026-04-10"),
    ("2026-08-22", "2026-08-28"),
    ("2026-08-24", "2026-09-01"),
    ("2027-12-24", "2028-01-05"),
    ("2028-04-13", "2028-04-24"),
];

#[test]
fn an_emergency_clock_ends_with_the_fifth_working_day() {
    for (start, last) in FIVE {
        let notice = shell(&format!("c1 {start}.. S K2 kent #oak"), true);
        let clock = only(&notice, ClockKind::Emergency, "2028-12-01T09:00:00Z");
        assert_eq!((clock.last_day, clock.status), (day(last), ClockStatus::Overdue), "{start}");
        assert!(clock.working_days < 0 && !clock.policy && clock.source.contains("13(4)(a)"));
    }
}

#[test]
fn an_ending_clock_ends_with_the_tenth() {
    let notice = shell("c1 2026-06-01..2026-12-18 S K2 kent #oak", false);
    let clock = only(&notice, ClockKind::Ending, "2027-01-06T09:00:00Z");
    assert_eq!((clock.last_day, clock.status, clock.working_days), (day("2027-01-06"), ClockStatus::Running, 0));
    assert_eq!(only(&notice, ClockKind::Ending, "2027-01-08T09:00:00Z").working_days, -2);
}

#[test]
fn a_feed_that_shows_a_placement_meets_no_clock() {
    let notice = shell("c1 2026-06-01.. S K2 kent #oak", false);
    assert_eq!(only(&notice, ClockKind::Planned, "2026-06-01T02:00:00Z").status, ClockStatus::Overdue);
    let mut given = notice;
    given.given.placement = Some(at("2026-05-31T22:59:59Z"));
    let clock = only(&given, ClockKind::Planned, "2026-06-09T02:00:00Z");
    assert_eq!((clock.status, clock.working_days, clock.given_at), (ClockStatus::Met, 0, given.given.placement));
    given.given.placement = Some(at("2026-06-03T09:00:00Z"));
    let clock = only(&given, ClockKind::Planned, "2026-06-09T02:00:00Z");
    assert_eq!((clock.status, clock.working_days), (ClockStatus::Late, -3));
}

#[test]
fn a_warning_or_a_word_afterwards_meets_the_ending() {
    let mut notice = shell("c1 2026-06-01..2026-12-18 S K2 kent #oak", false);
    let status = |notice: &Notice| only(notice, ClockKind::Ending, "2027-03-01T09:00:00Z").status;
    assert_eq!(status(&notice), ClockStatus::Overdue);
    notice.given.ended = Some(at("2027-01-07T09:00:00Z"));
    assert_eq!(status(&notice), ClockStatus::Late);
    notice.given.ended = Some(at("2027-01-06T23:59:00Z"));
    assert_eq!(status(&notice), ClockStatus::Met);
    notice.given = Given { intention: Some(at("2026-12-01T09:00:00Z")), ..Given::default() };
    assert_eq!(status(&notice), ClockStatus::Met);
}

fn say(notice: &mut Notice, said: Statement) {
    let at = at("2026-06-08T09:00:00Z");
    notice.given.placement = Some(at);
    let kind = StatementKind::Placement;
    notice.statement = Some(Box::new(Stated { id: Uuid::nil(), n: 1, kind, at, provisional: false, said }));
}

#[test]
fn a_reason_excuses_lateness_and_nothing_else() {
    let mut notice = shell("c1 2026-06-01.. S K2 kent #oak", false);
    let reason = Some("The child was found at night.".to_owned());
    say(&mut notice, Statement { not_practicable_reason: reason.clone(), ..Statement::default() });
    let clock = only(&notice, ClockKind::Planned, "2026-06-09T02:00:00Z");
    assert_eq!((clock.status, clock.working_days, clock.reason), (ClockStatus::NotPracticable, -6, reason));
    notice.given.placement = Some(at("2026-05-29T09:00:00Z"));
    let clock = only(&notice, ClockKind::Planned, "2026-06-09T02:00:00Z");
    assert_eq!((clock.status, clock.reason), (ClockStatus::Met, None));
}

#[test]
fn the_plan_has_five_working_days_and_runs_only_where_somebody_speaks_of_it() {
    let mut notice = shell("c1 2026-08-24.. S K2 kent #oak", false);
    let runs = |notice: &Notice| {
        let all = clocks(notice, at("2026-08-25T09:00:00Z"), calendar(), &Rules::default());
        all.into_iter().find(|clock| clock.kind == ClockKind::PlacementPlan)
    };
    assert_eq!(runs(&notice), None);
    say(&mut notice, Statement::default());
    let clock = runs(&notice).unwrap();
    assert_eq!((clock.last_day, clock.status, clock.working_days), (day("2026-09-01"), ClockStatus::Running, 4));
    say(&mut notice, Statement { placement_plan_on: Some(day("2026-09-01")), ..Statement::default() });
    assert_eq!(runs(&notice).unwrap().status, ClockStatus::Met);
    say(&mut notice, Statement { placement_plan_on: Some(day("2026-09-02")), ..Statement::default() });
    assert_eq!(runs(&notice).unwrap().status, ClockStatus::Late);
}

#[test]
fn the_homes_clock_is_policy_and_says_so() {
    let mut notice = shell("c1 2026-08-28.. S K2 kent #oak", false);
    let reported_at = at("2026-09-01T22:00:00Z");
    notice.admission = Some(Admission { on: day("2026-08-28"), reported_at, urn: None });
    // Friday, a weekend, a bank holiday: the next working day is Tuesday.
    let clock = only(&notice, ClockKind::Provider, "2026-10-01T09:00:00Z");
    assert_eq!((clock.last_day, clock.status), (day("2026-09-01"), ClockStatus::Met));
    assert!(clock.policy && clock.source.contains("policy"));
}

#[test]
fn nothing_runs_that_is_no_placement() {
    let mut notice = shell("c1 2026-06-01.. S K2 kent #oak", false);
    for (kind, state) in [
        (NoticeKind::Register, NoticeState::Raised),
        (NoticeKind::Consultation, NoticeState::Raised),
        (NoticeKind::Placement, NoticeState::Withdrawn),
        (NoticeKind::Placement, NoticeState::Draft),
    ] {
        (notice.kind, notice.state) = (kind, state);
        assert_eq!(clocks(&notice, at("2026-06-01T09:00:00Z"), calendar(), &Rules::default()), []);
    }
}

/// What every party can do to a notice that is open, as far as clocks are concerned.
const HOSTS: [EventKind; 4] = [EventKind::Opened, EventKind::Acknowledged, EventKind::Queried, EventKind::Disputed];

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_a_host_says_stops_no_clock(
        said in prop::collection::vec(0..HOSTS.len(), 0..6), offset in 0_i64..1_640, emergency: bool, late in -9_i64..40,
    ) {
        let start = day("2024-01-01").saturating_add(jiff::Span::new().days(offset));
        let mut notice = shell(&format!("c1 {start}.. S K2 kent #oak"), emergency);
        let now = notice.deadline.unwrap().due_at + jiff::SignedDuration::from_hours(24 * late);
        let before = clocks(&notice, now, calendar(), &Rules::default());
        for event in said {
            notice.state = crate::apply(Some(notice.state), crate::Party::Host, HOSTS[event]).unwrap();
        }
        prop_assert_eq!(clocks(&notice, now, calendar(), &Rules::default()), before);
    }

    #[test]
    fn a_clock_counts_down_by_working_days_and_never_jumps(offset in 0_i64..1_640, emergency: bool) {
        let start = day("2024-01-01").saturating_add(jiff::Span::new().days(offset));
        let notice = shell(&format!("c1 {start}.. S K2 kent #oak"), emergency);
        let due = notice.deadline.unwrap().due_at;
        let mut last: Option<Clock> = None;
        for hours in (-30..30).map(|days| days * 24 + 12) {
            let now = due + jiff::SignedDuration::from_hours(hours);
            if hub_domain::london_date(now) < day("2024-01-01") {
                // Bank holidays are known from 2024.
                continue;
            }
            let all = clocks(&notice, now, calendar(), &Rules::default());
            let clock = all.into_iter().next().unwrap();
            prop_assert_eq!(clock.status == ClockStatus::Running, now < due);
            let side = if now < due { clock.working_days >= 0 } else { clock.working_days <= 0 };
            prop_assert!(side);
            if let Some(last) = last {
                prop_assert!((0..=1).contains(&(last.working_days - clock.working_days)));
            }
            last = Some(clock);
        }
    }
}

use hub_domain::Calendar;
use serde_json::{Value, json};

use super::*;
use crate::fixture::{code, day, statement};
use crate::statement::read;
use crate::{
    Clock, ClockKind, ClockStatus, Context, EventKind, Rules, Stated, StatementKind, apply, clocks, give, outstanding,
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Notice of an emergency placement on Monday 24 August 2026, given on the Tuesday: due by the end of Tuesday 1 September.
fn emergency(more: Value) -> Notice {
    let mut members = statement("c1", "2026-08-24", "kent");
    members["emergency"] = json!(true);
    members["emergency_reason"] = json!("The carer fell ill at night.");
    let Value::Object(more) = more else { unreachable!() };
    members.as_object_mut().unwrap().extend(more);
    let Value::Object(members) = members else { unreachable!() };
    let draft = read(StatementKind::Placement, members, None, code("lewisham"), day("2026-08-25"));
    assert_eq!(draft.wrong, []);
    let at = at("2026-08-25T09:00:00Z");
    let kind = StatementKind::Placement;
    let stated = Stated { id: uuid::Uuid::nil(), n: 1, kind, at, provisional: false, said: draft.said };
    let rules = Rules::default();
    let calendar = Calendar::england_and_wales();
    let context = Context { as_at: day("2026-08-24"), joined: day("2026-04-01"), calendar, rules: &rules };
    give(None, code("lewisham"), stated, &context).unwrap().1
}

fn clock(notice: &Notice, kind: ClockKind, now: &str) -> Clock {
    let all = clocks(notice, at(now), Calendar::england_and_wales(), &Rules::default());
    all.into_iter().find(|clock| clock.kind == kind).unwrap()
}

/// Reg 13(4)(a) is met by the notice, reg 13(4)(b) by nothing less than needs and care plan.
#[test]
fn a_notice_with_nothing_sealed_in_it_meets_the_first_clock_and_not_the_second() {
    let mut notice = emergency(json!({}));
    assert_eq!((notice.details(), notice.details_given()), (Details::Outstanding, None));
    assert_eq!(notice.details_lacking(), [SealedPart::Needs, SealedPart::CarePlan]);
    let told = clock(&notice, ClockKind::Emergency, "2026-08-28T09:00:00Z");
    let details = clock(&notice, ClockKind::Details, "2026-08-28T09:00:00Z");
    assert_eq!((told.status, details.status, details.working_days), (ClockStatus::Met, ClockStatus::Running, 1));
    assert_eq!((details.last_day, details.given_at), (day("2026-09-01"), None));
    assert!(details.source.contains("13(4)(b)") && !details.policy);
    assert_eq!(clock(&notice, ClockKind::Details, "2026-09-03T09:00:00Z").status, ClockStatus::Overdue);

    // Names and risks are not what the regulation names; one of its two parts is not both.
    notice.seal(vec![SealedPart::Name, SealedPart::Risks, SealedPart::Needs], at("2026-08-26T09:00:00Z"));
    assert_eq!(notice.details_lacking(), [SealedPart::CarePlan]);
    notice.seal(SealedPart::ALL.to_vec(), at("2026-09-04T09:00:00Z"));
    let details = clock(&notice, ClockKind::Details, "2026-09-10T09:00:00Z");
    assert_eq!((details.status, details.working_days), (ClockStatus::Late, -3));
    assert_eq!((notice.details(), notice.details_lacking()), (Details::Given, vec![]));
}

#[test]
fn in_time_is_in_time_and_a_later_envelope_takes_nothing_back() {
    let mut notice = emergency(json!({}));
    notice.seal(SealedPart::ALL.to_vec(), at("2026-09-01T22:59:59Z"));
    assert_eq!(clock(&notice, ClockKind::Details, "2026-09-10T09:00:00Z").status, ClockStatus::Met);
    notice.seal(vec![SealedPart::Name], at("2026-09-05T09:00:00Z"));
    assert_eq!(clock(&notice, ClockKind::Details, "2026-09-10T09:00:00Z").status, ClockStatus::Met);
    assert!(outstanding(&notice).iter().any(|one| one.field == "needs"), "it is outstanding again all the same");
    // What is sealed before the notice is given comes with it.
    let mut early = emergency(json!({}));
    early.seal(SealedPart::ALL.to_vec(), at("2026-08-20T09:00:00Z"));
    assert_eq!(early.details_given(), early.given.placement);
}

/// At a distance the host has the care plan from consultation; one without a key has both by another way.
#[test]
fn what_was_given_by_another_way_counts_from_its_day() {
    let notice = emergency(json!({"care_plan_given_on": "2026-08-20"}));
    assert_eq!(notice.details_lacking(), [SealedPart::Needs]);
    let whole = emergency(json!({"care_plan_given_on": "2026-08-20", "needs_given_on": "2026-08-25"}));
    assert_eq!((whole.details(), whole.details_given()), (Details::Given, Some(at("2026-08-25T11:00:00Z"))));
    assert!(!outstanding(&whole).iter().any(|one| matches!(one.field.as_ref(), "needs" | "care_plan")));
}

#[test]
fn nothing_is_due_where_no_notice_was_given() {
    let given = emergency(json!({}));
    let mut shell = given.clone();
    (shell.given.placement, shell.statement) = (None, None);
    let mut back = given.clone();
    back.state = apply(Some(given.state), EventKind::Withdrawn.owner(), EventKind::Withdrawn).unwrap();
    let mut register = given;
    register.kind = NoticeKind::Register;
    for notice in [shell, back, register] {
        assert_eq!((notice.details(), notice.details_lacking().len()), (Details::NotDue, 0));
        let all = clocks(&notice, at("2026-09-03T09:00:00Z"), Calendar::england_and_wales(), &Rules::default());
        assert!(all.iter().all(|clock| clock.kind != ClockKind::Details));
    }
}

#[test]
fn a_reason_excuses_details_that_come_late_and_none_that_do_not_come() {
    let mut late = emergency(json!({"not_practicable_reason": "Nobody could be reached."}));
    assert_eq!(clock(&late, ClockKind::Details, "2026-09-03T09:00:00Z").status, ClockStatus::Overdue);
    late.seal(SealedPart::ALL.to_vec(), at("2026-09-04T09:00:00Z"));
    let clock = clock(&late, ClockKind::Details, "2026-09-05T09:00:00Z");
    assert_eq!((clock.status, clock.reason.is_some()), (ClockStatus::NotPracticable, true));
}

#[test]
fn another_host_has_none_of_what_was_sealed_for_the_first() {
    let mut notice = emergency(json!({}));
    notice.seal(SealedPart::ALL.to_vec(), at("2026-08-26T09:00:00Z"));
    notice.unseal();
    assert_eq!((notice.details(), notice.sealed.len()), (Details::Outstanding, 0));
}

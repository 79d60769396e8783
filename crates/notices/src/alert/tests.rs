use hub_domain::{AuthorityCode, Calendar, Date, QualityRow, RegulatorRow, VacancyRow};
use jiff::civil::date;

use super::*;
use crate::fixture::{code, day, rows};
use crate::{Context, Notice, NoticeKind, NoticeState, Rules, plan};

const TODAY: Date = date(2026, 9, 1);

/// `lewisham 2026-05-01.. oak`.
fn resident(text: &str) -> Resident {
    let words: Vec<&str> = text.split(' ').collect();
    let (from, until) = words[1].split_once("..").unwrap();
    Resident {
        setting: Setting { urn: Some(words[2].to_owned()), setting_ref: None },
        placing: code(words[0]),
        host: code("kent"),
        is_issued: true,
        is_home: true,
        from: day(from),
        until: (!until.is_empty()).then(|| day(until)),
    }
}

fn residents(text: &[&str]) -> Vec<Resident> {
    text.iter().map(|line| resident(line)).collect()
}

fn room(urn: &str, setting: &str, places: i64) -> VacancyRow {
    VacancyRow { urn: urn.into(), setting_ref: setting.into(), approved_places: places, ..VacancyRow::default() }
}

fn since(residents: &[Resident], rooms: &Rooms) -> Vec<(usize, Date)> {
    let found = clusters(residents, rooms, AlertRules::default(), TODAY);
    found.iter().map(|cluster| (cluster.placing.len(), cluster.since)).collect()
}

#[test]
fn three_authorities_in_one_small_home_are_a_cluster_and_two_are_not() {
    let mut all = residents(&["lewisham 2026-05-01.. oak", "croydon 2026-06-01.. oak", "lewisham 2026-07-01.. oak"]);
    assert_eq!(since(&all, &Rooms::default()), []);
    all.push(resident("bromley 2026-08-03.. oak"));
    assert_eq!(since(&all, &Rooms::default()), [(3, date(2026, 8, 3))]);
    all.push(resident("bexley 2026-08-20.. oak"));
    assert_eq!(since(&all, &Rooms::default()), [(4, date(2026, 8, 3))], "a fourth is the same cause");
    all.push(resident("kent 2026-08-20.. elm"));
    assert_eq!(since(&all, &Rooms::default()).len(), 1);
}

#[test]
fn a_home_that_is_not_small_is_no_cluster() {
    let all = residents(&["lewisham 2026-05-01.. oak", "croydon 2026-06-01.. oak", "bromley 2026-07-01.. oak"]);
    for (reports, clusters) in [(vec![6], 1), (vec![7], 0), (vec![3, 3], 1), (vec![4, 3], 0)] {
        let mut rooms = Rooms::default();
        for (n, places) in reports.iter().enumerate() {
            rooms.add(&room(" oak", &format!("wing {n}"), *places));
        }
        assert_eq!(since(&all, &rooms).len(), clusters, "{reports:?}");
    }
    let households: Vec<_> = all.into_iter().map(|one| Resident { is_home: false, ..one }).collect();
    assert_eq!(since(&households, &Rooms::default()), [], "places unknown, and no children's home");
}

#[test]
fn a_cluster_that_broke_up_and_formed_again_is_another_cause() {
    let all = residents(&[
        "lewisham 2026-01-01.. oak",
        "croydon 2026-01-01.. oak",
        "bromley 2026-02-01..2026-03-01 oak",
        "bexley 2026-04-01.. oak",
    ]);
    assert_eq!(since(&all, &Rooms::default()), [(3, date(2026, 4, 1))]);
    let handed_over = residents(&[
        "lewisham 2026-01-01.. oak",
        "croydon 2026-01-01.. oak",
        "bromley 2026-02-01..2026-03-01 oak",
        "bexley 2026-03-01.. oak",
    ]);
    assert_eq!(since(&handed_over, &Rooms::default()), [(3, date(2026, 2, 1))]);
}

#[test]
fn who_only_may_come_or_was_never_told_of_lives_nowhere() {
    let rules = Rules::default();
    let calendar = Calendar::england_and_wales();
    let context = Context { as_at: TODAY, joined: date(2026, 4, 1), calendar, rules: &rules };
    let changes = plan(code("lewisham"), &[], &rows(&["c1 2026-05-01.. S K2 kent #oak"]), &context);
    let live = changes[0].events()[0].notice.clone();
    assert!(Resident::of(&live).is_some());
    let ended = Notice { state: NoticeState::Ended, ..live.clone() };
    assert!(Resident::of(&ended).is_some(), "who has left tells since when a home was shared");
    let register = Notice { kind: NoticeKind::Register, ..live.clone() };
    assert!(Resident::of(&register).is_some());
    for state in [NoticeState::Draft, NoticeState::Held, NoticeState::Withdrawn] {
        assert_eq!(Resident::of(&Notice { state, ..live.clone() }), None, "{state}");
    }
    assert_eq!(Resident::of(&Notice { kind: NoticeKind::Consultation, ..live }), None);
}

fn visit(by: &str, on: Date, grade: &str) -> (AuthorityCode, QualityRow) {
    let row = QualityRow {
        event_ref: on.to_string(),
        urn: "oak".into(),
        kind: "visit".into(),
        occurred_on: on,
        source: "borough_qa".into(),
        overall: Some(grade.into()),
        ..QualityRow::default()
    };
    (code(by), row)
}

fn told(events: &[(AuthorityCode, QualityRow)]) -> Vec<(What, Date, usize)> {
    let all =
        residents(&["lewisham 2026-05-01.. oak", "croydon 2026-07-01.. oak", "bexley 2026-01-01..2026-08-01 oak"]);
    let reports = Reports { members: events.to_vec(), ..Reports::default() };
    let found = worsenings(&all, &reports, TODAY);
    found.iter().map(|one| (one.what, one.on, one.placing.len())).collect()
}

#[test]
fn a_grade_that_fell_is_told_to_those_who_were_there_before_it() {
    let (good, bad) = (visit("kent", date(2026, 3, 1), "good"), visit("kent", date(2026, 6, 1), "inadequate"));
    assert_eq!(told(&[good.clone(), bad.clone()]), [(What::Grade, date(2026, 6, 1), 1)], "Croydon came after it");
    let better = visit("kent", date(2026, 8, 1), "good");
    assert_eq!(told(&[good.clone(), bad.clone(), better]), [], "what has been mended is no alert");
    let elsewhere = visit("bromley", date(2026, 6, 1), "inadequate");
    assert_eq!(told(&[good, elsewhere]), [], "one source's grade is not below another's");
    assert_eq!(told(&[bad]), [], "with nothing before it, nothing fell");
}

#[test]
fn a_restriction_in_force_is_told_to_those_who_were_there_when_it_came() {
    let event = |kind: &str, from: Date, to: Option<Date>| {
        let level = (kind == "concern").then(|| "serious".to_owned());
        let (by, row) = visit("kent", from, "good");
        (by, QualityRow { kind: kind.into(), overall: None, concern_level: level, in_force_to: to, ..row })
    };
    let suspended = event("suspension", date(2026, 7, 10), None);
    assert_eq!(told(&[suspended.clone(), suspended.clone()]), [(What::Suspension, date(2026, 7, 10), 2)], "said once");
    assert_eq!(told(&[event("suspension", date(2026, 7, 10), Some(TODAY))]), [], "over today");
    assert_eq!(told(&[event("suspension", date(2026, 4, 10), None)]), [], "it stood before any of them came");
    assert_eq!(told(&[event("concern", date(2026, 5, 1), None)]), [(What::SeriousConcern, date(2026, 5, 1), 1)]);
}

#[test]
fn an_event_about_another_home_of_the_provider_is_not_about_this_one() {
    let mut event = visit("kent", TODAY, "good").1;
    event.setting_ref = Some("a".into());
    let household = |name: &str| Setting { urn: Some("oak".into()), setting_ref: Some(name.into()) };
    assert!(household("a").concerns(&event) && !household("b").concerns(&event));
    event.setting_ref = None;
    assert!(household("b").concerns(&event), "an event about the provider is about every home of it");
    event.urn = "elm".into();
    assert!(!household("b").concerns(&event));
}

fn entry(kind: &str, aspect: &str, from: &str) -> RegulatorRow {
    RegulatorRow {
        urn: " oak".into(),
        entry: kind.into(),
        aspect: aspect.into(),
        effective_from: day(from),
        ..RegulatorRow::default()
    }
}

fn grade(scale: &str, grade: &str, from: &str) -> RegulatorRow {
    RegulatorRow { scale: Some(scale.into()), grade: Some(grade.into()), ..entry("judgement", "overall", from) }
}

fn standing(status: &str, from: &str) -> RegulatorRow {
    RegulatorRow { registration_status: Some(status.into()), ..entry("registration", "", from) }
}

fn registered(rows: &[RegulatorRow]) -> Register {
    let mut register = Register::default();
    rows.iter().cloned().for_each(|row| register.add(row));
    register
}

/// As [`told`], with what the regulator says beside it; and the days under which it may have been told before.
fn official(members: &[(AuthorityCode, QualityRow)], rows: &[RegulatorRow]) -> Vec<(What, Date, usize, Vec<Date>)> {
    let all = residents(&["lewisham 2026-05-01.. oak", "croydon 2026-07-01.. oak"]);
    let reports = Reports { members: members.to_vec(), register: registered(rows) };
    let found = worsenings(&all, &reports, TODAY);
    found.into_iter().map(|one| (one.what, one.on, one.placing.len(), one.also.into_iter().collect())).collect()
}

#[test]
fn the_regulators_grade_falls_on_its_own_scale_alone() {
    let (good, bad) = (grade("four_point", "good", "2026-03-01"), grade("four_point", "inadequate", "2026-06-01"));
    assert_eq!(
        official(&[], &[bad.clone(), good.clone()]),
        [(What::Grade, date(2026, 6, 1), 1, vec![])],
        "in any order"
    );
    assert_eq!(official(&[], std::slice::from_ref(&bad)), [], "with nothing before it, nothing fell");
    let other = grade("supported_accommodation", "serious_weaknesses", "2026-06-01");
    assert_eq!(official(&[], &[good.clone(), other]), [], "another scale");
    let interim = RegulatorRow { grade: Some("declined".into()), ..grade("effectiveness", "declined", "2026-06-01") };
    assert_eq!(official(&[], &[good.clone(), interim]), [], "an interim inspection leaves the grade as it stood");
    let part = RegulatorRow { aspect: "leadership".into(), ..bad.clone() };
    assert_eq!(official(&[], &[good.clone(), part]), [], "the overall grade alone");
    let ahead = RegulatorRow { effective_from: day("2026-09-02"), ..bad.clone() };
    assert_eq!(official(&[], &[good.clone(), ahead]), [], "not yet");
    let visited = visit("kent", date(2026, 3, 1), "good");
    assert_eq!(official(&[visited], &[bad]), [], "a member's grade and the regulator's are never compared");
}

#[test]
fn each_of_the_regulators_orders_in_force_is_told() {
    for (aspect, what) in [
        ("suspension", What::Suspension),
        ("accommodation", What::AccommodationRestricted),
        ("conditions", What::Conditions),
        ("compliance", What::ComplianceNotice),
    ] {
        let order = entry("restriction", aspect, "2026-06-15");
        assert_eq!(
            official(&[], std::slice::from_ref(&order)),
            [(what, date(2026, 6, 15), 1, vec![])],
            "Croydon came since"
        );
        let over = RegulatorRow { effective_to: Some(TODAY), ..order };
        assert_eq!(official(&[], &[over]), [], "{aspect}: over today");
    }
    assert_eq!(
        official(&[], &[standing("suspended", "2026-08-01")]),
        [(What::Suspension, date(2026, 8, 1), 2, vec![])]
    );
    assert_eq!(official(&[], &[standing("registered", "2026-08-01")]), []);
}

#[test]
fn of_a_suspension_the_regulators_word_goes_before_members() {
    let (by, row) = visit("kent", date(2026, 7, 10), "good");
    let member = (by, QualityRow { kind: "suspension".into(), overall: None, ..row });
    let order = entry("restriction", "suspension", "2026-07-08");
    let one = (What::Suspension, date(2026, 7, 8), 2, vec![date(2026, 7, 10)]);
    assert_eq!(official(std::slice::from_ref(&member), std::slice::from_ref(&order)), [one], "one cause, by its day");
    let lifted = RegulatorRow { effective_to: Some(day("2026-08-20")), ..order.clone() };
    assert_eq!(official(std::slice::from_ref(&member), &[lifted]), [], "and its end");
    let before = RegulatorRow { effective_to: Some(day("2026-07-10")), ..order };
    let own = (What::Suspension, date(2026, 7, 10), 2, vec![]);
    assert_eq!(official(&[member], &[before]), [own], "another suspension is another cause");
}

#[test]
fn the_register_tells_who_is_not_registered_and_nothing_of_whom_it_does_not_have() {
    let on = |rows: &[RegulatorRow]| registered(rows).unregistered("oak ", TODAY);
    let first = standing("registered", "2020-01-01");
    assert_eq!(on(&[]), None);
    assert_eq!(on(std::slice::from_ref(&first)), None);
    assert_eq!(on(&[standing("suspended", "2026-01-01"), first.clone()]), None, "still a registration");
    assert_eq!(on(&[standing("cancelled", "2026-01-01"), first.clone()]), Some(Unregistered::Ended), "in any order");
    assert_eq!(on(&[standing("cancelled", "2026-09-02"), first.clone()]), None, "not yet");
    assert_eq!(on(&[RegulatorRow { effective_to: Some(TODAY), ..first.clone() }]), Some(Unregistered::Ended));
    assert_eq!(on(&[standing("pending", "2026-01-01")]), Some(Unregistered::Pending));
    assert_eq!(on(&[first, entry("restriction", "suspension", "2026-01-01")]), None);
}

#[test]
fn each_spell_without_registration_has_a_first_day_of_its_own() {
    let since = |rows: &[RegulatorRow]| registered(rows).unregistered_since("oak", TODAY);
    let good = standing("registered", "2020-01-01");
    assert_eq!(since(&[]), None);
    assert_eq!(since(std::slice::from_ref(&good)), None);
    let off = standing("cancelled", "2026-01-01");
    assert_eq!(since(&[off.clone(), good.clone()]), Some(off.effective_from));
    // Asked for again, and not yet given: the same spell.
    let asked = standing("pending", "2026-02-01");
    assert_eq!(since(&[asked.clone(), off.clone(), good.clone()]), Some(off.effective_from));
    // Given, and struck off again: another.
    let (back, again) = (standing("registered", "2026-03-01"), standing("cancelled", "2026-04-01"));
    assert_eq!(since(&[good.clone(), off, asked.clone(), back, again.clone()]), Some(again.effective_from));
    assert_eq!(since(std::slice::from_ref(&asked)), Some(asked.effective_from), "never registered");
    assert_eq!(since(&[RegulatorRow { effective_to: Some(TODAY), ..good }]), Some(TODAY), "it ran out");
}

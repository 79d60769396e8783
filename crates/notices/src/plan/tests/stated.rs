//! What people state and what feeds show, one after the other.

use serde_json::{Value, json};

use super::*;
use crate::fixture::statement;
use crate::ladder::{Step, cause};
use crate::{Admission, Admitted, ClockKind, ClockStatus, Flag, NoticeKind, Rules, Standing, WithdrawalReason, clocks};

const BEFORE: &str = "2026-06-03T09:00:00Z";
const AFTER: &str = "2026-06-18T09:00:00Z";
const SHOWN: &str = "c1 2026-06-10.. S K2 kent #oak";

fn said(host: &str) -> Value {
    statement("c1", "2026-06-10", host)
}

fn with(mut members: Value, name: &str, value: Value) -> Value {
    members[name] = value;
    members
}

fn standing(hub: &Hub) -> (Standing, NoticeState) {
    (hub.live().standing(), hub.live().state)
}

fn planned(hub: &Hub) -> ClockStatus {
    let now = "2026-06-20T09:00:00Z".parse().unwrap();
    let all = clocks(hub.live(), now, Calendar::england_and_wales(), &Rules::default());
    all.into_iter().find(|clock| clock.kind == ClockKind::Planned).unwrap().status
}

#[test]
fn a_feed_that_shows_what_was_stated_tells_nobody_again() {
    let mut hub = Hub::new();
    assert_eq!(hub.says(StatementKind::Placement, said("kent"), BEFORE), Ok(EventKind::Raised));
    let (id, version) = (hub.only().id, hub.only().version);
    hub.host_says(EventKind::Acknowledged);
    assert_eq!(hub.on("2026-06-11").events(&[SHOWN]), ["seen:kent"]);
    assert_eq!((hub.only().id, hub.only().version), (id, version));
    assert_eq!(standing(&hub), (Standing::Stated, NoticeState::Acknowledged));
    assert_eq!(planned(&hub), ClockStatus::Met);
}

#[test]
fn a_statement_joins_the_shell_that_the_feed_opened() {
    let mut hub = Hub::new();
    assert_eq!(hub.on("2026-06-11").events(&[SHOWN]), ["raised:kent"]);
    assert_eq!((standing(&hub).0, planned(&hub)), (Standing::PresumedMissing, ClockStatus::Overdue));
    let id = hub.only().id;
    hub.host_says(EventKind::Queried);
    assert_eq!(hub.says(StatementKind::Placement, said("kent"), AFTER), Ok(EventKind::Stated));
    assert_eq!((hub.only().id, hub.only().version), (id, 2));
    assert_eq!(standing(&hub), (Standing::Stated, NoticeState::Raised), "the question is answered");
    assert_eq!(planned(&hub), ClockStatus::Late);
    assert_eq!(hub.events(&[SHOWN]), [""; 0]);
}

#[test]
fn a_dispute_outlives_what_the_placing_authority_says() {
    let mut hub = Hub::new();
    hub.on("2026-06-11").events(&[SHOWN]);
    hub.host_says(EventKind::Disputed);
    hub.says(StatementKind::Placement, said("kent"), AFTER).unwrap();
    hub.says(StatementKind::Change, with(said("kent"), "iro_name", json!("P. Okafor")), AFTER).unwrap();
    assert_eq!(standing(&hub), (Standing::Stated, NoticeState::Disputed));
}

#[test]
fn a_start_that_the_feed_shows_otherwise_is_one_notice_and_a_difference() {
    let mut hub = Hub::new();
    hub.says(StatementKind::Placement, said("kent"), BEFORE).unwrap();
    let id = hub.only().id;
    let shown = "c1 2026-06-12.. S K2 kent #oak";
    assert_eq!(hub.on("2026-06-13").events(&[shown]), ["changed:kent"]);
    assert_eq!((hub.only().id, hub.only().start), (id, day("2026-06-12")));
    assert_eq!(hub.only().differences_from_feed(), ["placement_start"]);
    assert!(hub.only().flags.contains(&Flag::DiffersFromFeed));
    // Corrected in the feed, it is as it was.
    assert_eq!(hub.on("2026-06-14").events(&[SHOWN]), ["changed:kent"]);
    assert_eq!((hub.only().id, hub.only().start, hub.only().flags.len()), (id, day("2026-06-10"), 1));
    // And the other way round: the feed first.
    let mut late = Hub::new();
    late.on("2026-06-13").events(&[shown]);
    late.says(StatementKind::Placement, said("kent"), AFTER).unwrap();
    assert_eq!(late.only().differences_from_feed(), ["placement_start"]);
}

#[test]
fn another_host_in_the_feed_takes_the_notice_over() {
    let mut hub = Hub::new();
    hub.says(StatementKind::Placement, said("kent"), BEFORE).unwrap();
    let shown = "c1 2026-06-10.. S K2 essex #oak";
    assert_eq!(hub.on("2026-06-11").events(&[shown]), ["withdrawn:kent", "raised:essex"]);
    assert_eq!((hub.live().host, hub.live().standing()), (code("essex"), Standing::Stated));
    assert_eq!(hub.live().differences_from_feed(), ["host"]);
    let kent = hub.notices.iter().find(|notice| notice.host == code("kent")).unwrap();
    assert_eq!(kent.withdrawn_because, Some(WithdrawalReason::HostCorrected));
    // Back again: Kent's stands, and Essex's does not.
    assert_eq!(hub.on("2026-06-12").events(&[SHOWN]), ["withdrawn:essex", "raised:kent"]);
    assert_eq!((hub.live().host, hub.live().standing()), (code("kent"), Standing::Stated));
    // The feed first: the statement joins it, and says where it differs.
    let mut late = Hub::new();
    late.on("2026-06-11").events(&[shown]);
    assert_eq!(late.says(StatementKind::Placement, said("kent"), AFTER), Ok(EventKind::Stated));
    assert_eq!((late.live().host, late.live().differences_from_feed()), (code("essex"), vec!["host"]));
}

#[test]
fn a_child_about_to_move_has_two_notices() {
    let mut hub = Hub::new();
    hub.on("2026-06-02").events(&["c1 2026-06-01.. S K2 essex #elm"]);
    hub.says(StatementKind::Placement, said("kent"), BEFORE).unwrap();
    assert_eq!(hub.notices.len(), 2);
    assert_eq!(hub.on("2026-06-04").events(&["c1 2026-06-01.. S K2 essex #elm"]), [""; 0]);
    let moved = ["c1 2026-06-01..2026-06-10 S K2 essex #elm", "c1 2026-06-10.. P K2 kent #oak"];
    assert_eq!(hub.on("2026-06-11").events(&moved), ["ended:essex", "seen:kent"]);
}

#[test]
fn silence_takes_nothing_back_that_was_stated() {
    let mut hub = Hub::new();
    hub.says(StatementKind::Placement, said("kent"), BEFORE).unwrap();
    assert_eq!(hub.on("2026-06-20").events(&[]), [""; 0]);
    hub.events(&[SHOWN]);
    assert_eq!(hub.events(&[]), [""; 0]);
    assert_eq!(standing(&hub).0, Standing::Stated);
    // The planted difference: what only the feed showed goes with it.
    let mut shell = Hub::new();
    shell.on("2026-06-20").events(&[SHOWN]);
    assert_eq!(shell.events(&[]), ["withdrawn:kent"]);
}

#[test]
fn what_is_taken_back_and_still_shown_is_presumed_missing_again() {
    let mut hub = Hub::new();
    hub.says(StatementKind::Placement, said("kent"), BEFORE).unwrap();
    hub.on("2026-06-11").events(&[SHOWN]);
    let back = with(said("kent"), "withdrawn_because", json!("wrong_child"));
    assert_eq!(hub.says(StatementKind::Withdraw, back, AFTER), Ok(EventKind::Withdrawn));
    assert_eq!(hub.only().withdrawn_because, Some(WithdrawalReason::WrongChild));
    assert_eq!(hub.events(&[SHOWN]), ["raised:kent"]);
    assert_eq!((standing(&hub).0, planned(&hub)), (Standing::PresumedMissing, ClockStatus::Overdue));
    // What only a feed shows is not a person's to take back.
    let mut shell = Hub::new();
    shell.on("2026-06-11").events(&[SHOWN]);
    let back = with(said("kent"), "withdrawn_because", json!("wrong_child"));
    assert_eq!(shell.says(StatementKind::Withdraw, back, AFTER), Err(GiveRefusal::NothingStated));
}

#[test]
fn a_host_is_consulted_before_it_is_told_or_the_notice_says_so() {
    let mut hub = Hub::new();
    assert_eq!(hub.says(StatementKind::Consult, said("kent"), BEFORE), Ok(EventKind::Consulted));
    assert_eq!((hub.only().kind, standing(&hub).0), (NoticeKind::Consultation, Standing::Consulted));
    assert_eq!(clocks(hub.only(), AFTER.parse().unwrap(), Calendar::england_and_wales(), &Rules::default()), []);
    assert_eq!(hub.says(StatementKind::Placement, said("kent"), "2026-06-05T09:00:00Z"), Ok(EventKind::Stated));
    assert_eq!(
        (hub.only().kind, standing(&hub).0, hub.only().flags.len()),
        (NoticeKind::Placement, Standing::Stated, 0)
    );
    let flags = |said: Value| {
        let mut hub = Hub::new();
        hub.says(StatementKind::Placement, said, BEFORE).unwrap();
        hub.only().flags.clone()
    };
    assert_eq!(flags(said("kent")), [Flag::ConsultMissing]);
    let near = with(said("bromley"), "class", json!("adjoining"));
    assert_eq!(flags(near), [], "next door is notified, not consulted");
    let own = with(with(said("kent"), "placement_type", json!("U6")), "placement_provider", json!("PR1"));
    assert_eq!(flags(own), [], "reg 11(4)");
    // In an emergency the host may be consulted afterwards (reg 11(3)).
    let urgent = with(with(said("kent"), "emergency", json!(true)), "emergency_reason", json!("Found at night."));
    let mut hub = Hub::new();
    hub.says(StatementKind::Placement, urgent.clone(), BEFORE).unwrap();
    assert_eq!(hub.only().flags, [Flag::ConsultMissing]);
    assert_eq!(hub.says(StatementKind::Consult, urgent, "2026-06-11T09:00:00Z"), Ok(EventKind::Consulted));
    assert_eq!((hub.only().flags.len(), hub.only().kind), (0, NoticeKind::Placement));
}

#[test]
fn an_asserted_class_is_held_against_the_map() {
    for (host, asserted, contradicted) in [
        ("kent", "at_a_distance", false),
        ("kent", "adjoining", true),
        ("bromley", "adjoining", false),
        ("bromley", "at_a_distance", true),
        // Across the middle of the Thames.
        ("tower-hamlets", "adjoining", false),
        ("tower-hamlets", "at_a_distance", true),
        ("croydon", "at_a_distance", true),
    ] {
        let mut hub = Hub::new();
        let said = with(said(host), "class", json!(asserted));
        hub.says(StatementKind::Placement, said, BEFORE).unwrap();
        let flagged = hub.only().flags.contains(&Flag::ClassContradicted);
        let expected = if host == "croydon" { asserted != hub.only().terms.class.as_str() } else { contradicted };
        assert_eq!(flagged, expected, "{host} {asserted}");
    }
}

#[test]
fn a_nominated_officer_at_a_distance_is_flagged_whatever_the_feed_says() {
    let mut hub = Hub::new();
    let officer = with(said("kent"), "approver_role", json!("nominated_officer"));
    hub.says(StatementKind::Placement, officer, BEFORE).unwrap();
    assert!(hub.only().flags.contains(&Flag::DirectorApprovalMissing));
    hub.on("2026-06-11").events(&[SHOWN]);
    assert!(
        hub.only().flags.contains(&Flag::DirectorApprovalMissing),
        "the feed says director, the statement does not"
    );
    assert_eq!(hub.only().differences_from_feed(), ["approver_role"]);
}

#[test]
fn a_setting_that_a_person_says_is_unregistered_is_so_whatever_the_feed_says() {
    for (word, flag) in [("unregistered", Flag::UnregisteredSetting), ("pending", Flag::RegistrationPending)] {
        let mut hub = Hub::new();
        hub.on("2026-06-11").events(&[SHOWN]);
        assert!(!hub.live().flags.contains(&flag), "the feed says that it is registered");
        hub.says(StatementKind::Placement, with(said("kent"), "registration", json!(word)), AFTER).unwrap();
        assert!(hub.live().flags.contains(&flag) && crate::ladder::is_unregistered(hub.live()), "{word}");
        hub.on("2026-06-20").events(&[SHOWN]);
        assert!(hub.live().flags.contains(&flag), "{word}: nor does the next feed unsay it");
    }
}

#[test]
fn a_draft_is_nobodys_but_its_own_and_keeps_what_was_said() {
    let mut hub = Hub::new();
    let part =
        json!({"child_ref": said("kent")["child_ref"], "host": said("kent")["host"], "placement_start": "2026-06-10"});
    assert_eq!(hub.says_of(StatementKind::Placement, part, BEFORE, true), Ok(EventKind::Drafted));
    assert_eq!(
        (hub.only().state, hub.only().issued, hub.only().standing()),
        (NoticeState::Draft, false, Standing::Draft)
    );
    assert!(crate::outstanding(hub.only()).len() > 30);
    assert_eq!(hub.on("2026-06-05").events(&[]), [""; 0], "a feed that is silent takes no draft back");
    assert_eq!(hub.says(StatementKind::Placement, said("kent"), BEFORE), Ok(EventKind::Raised));
    assert!(hub.only().issued);
    // A draft of a notice that the feed has opened: the host sees nothing of it.
    let mut shell = Hub::new();
    shell.on("2026-06-11").events(&[SHOWN]);
    let version = shell.only().version;
    assert_eq!(shell.says_of(StatementKind::Placement, said("kent"), AFTER, true), Ok(EventKind::Drafted));
    assert_eq!((shell.only().version, standing(&shell).0), (version, Standing::PresumedMissing));
    let data = crate::NoticeData::of(EventKind::Changed, shell.only());
    assert!(data.statement.is_none());
    assert_eq!(shell.says(StatementKind::Placement, said("kent"), AFTER), Ok(EventKind::Stated));
    assert_eq!(shell.says_of(StatementKind::Placement, said("kent"), AFTER, true), Err(GiveRefusal::Given));
}

#[test]
fn an_end_that_was_stated_stands_until_the_feed_shows_one() {
    let mut hub = Hub::new();
    hub.says(StatementKind::Placement, said("kent"), BEFORE).unwrap();
    hub.on("2026-06-11").events(&[SHOWN]);
    let ends = with(said("kent"), "ending_on", json!("2026-07-01"));
    assert_eq!(hub.says(StatementKind::IntentionToEnd, ends, AFTER), Ok(EventKind::EndingNotified));
    assert_eq!(hub.live().marks(), [crate::Mark::EndingNotified]);
    let ended = with(with(said("kent"), "ended_on", json!("2026-07-01")), "reason_ceased", json!("E4A"));
    assert_eq!(hub.says(StatementKind::Ended, ended, "2026-07-02T09:00:00Z"), Ok(EventKind::Ended));
    assert_eq!(hub.on("2026-07-02").events(&[SHOWN]), [""; 0], "the feed is a day behind");
    assert_eq!(hub.only().state, NoticeState::Ended);
    let over = "c1 2026-06-10..2026-07-01 S K2 kent #oak";
    assert_eq!(hub.on("2026-07-03").events(&[over]), ["changed:kent"], "with the codes that only the feed has");
    assert_eq!((hub.only().state, hub.only().differences_from_feed().len()), (NoticeState::Ended, 0));
    // The end that a feed shows may be stated afterwards.
    let mut late = Hub::new();
    late.on("2026-07-03").events(&[over]);
    let ended = with(with(said("kent"), "ended_on", json!("2026-07-02")), "reason_ceased", json!("E4A"));
    assert_eq!(late.says(StatementKind::Ended, ended, "2026-07-06T09:00:00Z"), Ok(EventKind::Ended));
    assert_eq!(late.only().ending.as_ref().unwrap().on, day("2026-07-01"), "what the feed shows stays");
}

#[test]
fn an_unknown_host_is_held_and_never_guessed() {
    let mut hub = Hub::new();
    let nowhere = with(said("kent"), "host", json!("E10000099"));
    assert_eq!(hub.says(StatementKind::Placement, nowhere, BEFORE), Ok(EventKind::Held));
    assert_eq!((hub.only().state, hub.only().issued), (NoticeState::Held, false));
    assert_eq!(hub.only().held_because, Some(crate::HeldReason::UnknownHost));
    // Surrey is no more on that day; which of its successors it is, nobody guesses.
    let mut hub = Hub::new();
    let late = with(said("surrey"), "placement_start", json!("2027-04-02"));
    assert_eq!(hub.says(StatementKind::Placement, late, "2027-03-02T09:00:00Z"), Ok(EventKind::Held));
    assert_eq!(hub.only().held_because, Some(crate::HeldReason::HostNotInForce));
    let late = with(said("east-surrey"), "placement_start", json!("2027-04-02"));
    assert_eq!(hub.says(StatementKind::Placement, late, "2027-03-02T09:00:00Z"), Ok(EventKind::Raised));
}

#[test]
fn a_notice_keeps_its_child_and_its_host() {
    let mut hub = Hub::new();
    hub.says(StatementKind::Placement, said("kent"), BEFORE).unwrap();
    let prior = hub.only().clone();
    let change = |name: &str, value: Value| {
        let Value::Object(members) = json!({name: value}) else { unreachable!() };
        let before = &prior.statement.as_deref().unwrap().said;
        let draft = read(StatementKind::Change, members, Some(before), code("lewisham"), day("2026-06-04"));
        let at = AFTER.parse().unwrap();
        let id = uuid::Uuid::nil();
        let stated = Stated { id, n: 2, kind: StatementKind::Change, at, provisional: false, said: draft.said };
        let rules = Rules::default();
        give(Some(&prior), code("lewisham"), stated, &hub.context(&rules)).map(|(event, notice)| (event, notice.start))
    };
    assert_eq!(change("host", json!("E10000012")), Err(GiveRefusal::AnotherStay));
    assert_eq!(change("child_ref", json!("made-up-child-of-test-c2")), Err(GiveRefusal::AnotherStay));
    assert_eq!(change("placement_start", json!("2026-06-11")), Ok((EventKind::Corrected, day("2026-06-11"))));
}

#[test]
fn what_only_a_home_told_waits_for_the_placing_authority() {
    let mut hub = Hub::new();
    let admission = Admission { on: day("2026-06-10"), reported_at: AFTER.parse().unwrap(), urn: None };
    let admitted = Admitted {
        placing: code("lewisham"),
        host: code("kent"),
        child_ref: "made-up-child-of-test-c1".into(),
        admission,
        placement_type: "K2".into(),
        setting_ref: Some("oak".into()),
        placement_sector: Some("ME1 1".into()),
    };
    let rules = Rules::default();
    let notice = Notice::from_admission(&admitted, &hub.context(&rules));
    assert_eq!((notice.version, notice.state, notice.standing()), (1, NoticeState::Raised, Standing::ProviderOnly));
    hub.notices.push(notice);
    assert_eq!(hub.on("2026-06-12").events(&[]), [""; 0]);
    assert_eq!(hub.events(&["c1 2026-06-11.. S K2 kent #oak"]), ["changed:kent"]);
    assert_eq!(standing(&hub).0, Standing::PresumedMissing);
    assert_eq!(hub.says(StatementKind::Placement, said("kent"), AFTER), Ok(EventKind::Stated));
    assert!(hub.only().admission.is_some() && standing(&hub).0 == Standing::Stated);
}

/// A reason for lateness that was said where notice was never given: at a consultation, or in a notice since taken back.
#[test]
fn a_reason_excuses_lateness_and_no_silence() {
    let late = with(said("kent"), "not_practicable_reason", json!("made up"));
    let mut consulted = Hub::new();
    assert_eq!(consulted.says(StatementKind::Consult, late.clone(), BEFORE), Ok(EventKind::Consulted));
    assert!(!consulted.on("2026-06-11").events(&[SHOWN]).is_empty());
    let mut withdrawn = Hub::new();
    assert_eq!(withdrawn.says(StatementKind::Placement, late.clone(), BEFORE), Ok(EventKind::Raised));
    let back = with(said("kent"), "withdrawn_because", json!("not_placed"));
    assert_eq!(withdrawn.says(StatementKind::Withdraw, back, BEFORE), Ok(EventKind::Withdrawn));
    assert_eq!(withdrawn.on("2026-06-11").events(&[SHOWN]), ["raised:kent"]);
    for hub in [&consulted, &withdrawn] {
        assert_eq!(planned(hub), ClockStatus::Overdue);
    }
    // Given late, it is an excuse.
    assert_eq!(consulted.says(StatementKind::Placement, late, AFTER), Ok(EventKind::Stated));
    assert_eq!(planned(&consulted), ClockStatus::NotPracticable);
}

/// Each rung is said of a cause; what it was said of before is not it.
#[test]
fn what_is_another_cause_is_said_anew() {
    let mut hub = Hub::new();
    let causes = |hub: &Hub| {
        Step::ALL
            .iter()
            .map(|step| cause(*step, hub.only(), sight(AFTER.parse().unwrap(), AFTER.parse().unwrap())).0)
            .collect::<Vec<_>>()
    };
    let anew = |before: &[String], now: &[String]| {
        let changed = Step::ALL.iter().zip(before.iter().zip(now)).filter(|(_, (before, now))| before != now);
        changed.map(|(step, _)| *step).collect::<Vec<_>>()
    };
    hub.on("2026-06-11").events(&[SHOWN]);
    let first = causes(&hub);
    // A change that concerns no clock lies unopened in its turn, and may be refused in its turn.
    hub.on("2026-06-12").events(&["c1 2026-06-10.. S K1 kent #oak"]);
    let changed = causes(&hub);
    assert_eq!(anew(&first, &changed), [Step::Unopened, Step::Undeliverable]);
    hub.on("2026-06-13").events(&["c1 2026-06-10..2026-06-13 S K1 kent #oak"]);
    let ended = causes(&hub);
    assert_eq!(anew(&changed, &ended), [Step::Unopened, Step::Undeliverable, Step::SilentEnd]);
    hub.on("2026-06-14").events(&["c1 2026-06-10.. S K1 kent #oak"]);
    hub.on("2026-06-15").events(&[]);
    hub.on("2026-06-16").events(&["c1 2026-06-10.. S K1 kent #oak"]);
    let again = causes(&hub);
    assert_eq!(anew(&ended, &again), Step::ALL, "taken back in between, all of it is another");
    assert_eq!(hub.only().given.withdrawals, 1);
}

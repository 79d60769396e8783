mod design;

use serde_json::{Map, Value, json};

use super::*;
use crate::SealedPart;
use crate::fixture::{code, day};

fn whole() -> Map<String, Value> {
    let Value::Object(members) = crate::fixture::statement("c1", "2026-06-10", "kent") else { unreachable!() };
    members
}

fn judged(kind: StatementKind, members: Map<String, Value>) -> Draft {
    read(kind, members, None, code("lewisham"), day("2026-06-01"))
}

fn fields(draft: &Draft) -> Vec<String> {
    draft.wrong.iter().map(|wrong| wrong.field.clone().into_owned()).collect()
}

#[test]
fn a_whole_statement_reads_and_says_back_what_was_said() {
    let draft = judged(StatementKind::Placement, whole());
    assert_eq!(draft.wrong, []);
    assert_eq!(Value::Object(whole()), serde_json::to_value(&draft.said).unwrap());
    assert!(format!("{draft:?} {:?}", draft.said).len() < 200, "Debug hides it");
}

/// What is missing is named with what wants it, and nothing else is. Which fields are wanted when is in `design`.
#[test]
fn what_is_missing_is_named_with_its_rule() {
    for (name, rule) in [
        ("host", "reg 13(4)(a)"),
        ("approver_role", "reg 11(1)"),
        ("section_31", "SI 2015/541 reg 41"),
        ("registration", "Care Standards Act 2000, s.11"),
        ("key_stage_4", "reg 10"),
    ] {
        let mut members = whole();
        members.remove(name);
        let draft = judged(StatementKind::Placement, members);
        assert_eq!(fields(&draft), [name]);
        assert!(draft.wrong[0].missing && draft.wrong[0].rule == rule, "{name}");
    }
}

#[test]
fn conditions_bring_their_fields() {
    for (name, value, wants) in [
        ("emergency", json!(true), "emergency_reason"),
        ("interpreter", json!(true), "language"),
        ("ehcp", json!(true), "ehcp_authority"),
        ("police_notified_on", json!("2026-06-01"), "police_force"),
    ] {
        let mut members = whole();
        members.insert(name.to_owned(), value);
        assert_eq!(fields(&judged(StatementKind::Placement, members)), [wants]);
    }
    // Reg 11(4): nobody need approve a connected person, or the authority's own foster carer.
    for (place, provider, exempt) in
        [("U1", "PR4", true), ("U6", "PR1", true), ("U6", "PR4", false), ("K2", "PR1", false)]
    {
        let mut members = whole();
        members.insert("placement_type".to_owned(), json!(place));
        members.insert("placement_provider".to_owned(), json!(provider));
        for name in ["approver_role", "approver_ref", "approved_on"] {
            members.remove(name);
        }
        assert_eq!(judged(StatementKind::Placement, members).wrong.is_empty(), exempt, "{place} {provider}");
    }
}

#[test]
fn a_consultation_needs_less() {
    let mut members = whole();
    members.retain(|name, _| FIELDS.iter().any(|field| field.name == name && field.need == Need::Always));
    assert_eq!(judged(StatementKind::Consult, members.clone()).wrong, []);
    assert!(!judged(StatementKind::Placement, members).wrong.is_empty());
    for (kind, name) in [(StatementKind::IntentionToEnd, "ending_on"), (StatementKind::Withdraw, "withdrawn_because")] {
        assert_eq!(fields(&judged(kind, Map::new())), [name]);
    }
}

#[test]
fn what_belongs_in_the_envelope_is_refused_whatever_it_says() {
    for name in
        ["name", "date_of_birth", "address", "postcode", "nhs_number", "upn", "risks", "care_plan", "carer_phone"]
    {
        let mut members = whole();
        members.insert(name.to_owned(), json!("x"));
        let draft = judged(StatementKind::Placement, members);
        assert_eq!((fields(&draft), draft.wrong[0].over_collected), (vec![name.to_owned()], true), "{name}");
    }
    // A name of the caller's own is refused and not repeated.
    let mut members = whole();
    members.insert("Ada Lovelace".to_owned(), json!(1));
    let draft = judged(StatementKind::Placement, members);
    assert_eq!(fields(&draft), [""]);
    assert!(!format!("{:?}", draft.wrong).contains("Lovelace"));
}

#[test]
fn what_does_not_read_is_named_once_and_never_repeated() {
    for (name, value) in [
        ("child_ref", json!("too-short")),
        ("host", json!("Kent")),
        ("class", json!("far")),
        ("placement_start", json!("10/06/2026")),
        ("emergency", json!("no")),
        ("legal_status", json!("C9")),
        ("placement_sector", json!("ME1 1AB")),
        ("placement_sector", json!("me1 1")),
        ("social_worker_phone", json!("ring me")),
        ("recipients", json!([{"role": "parent"}])),
        ("recipients", json!([{"role": "parent", "told_on": "2026-06-01", "withheld": "no"}])),
        ("recipients", json!([{"role": "neighbour", "told_on": "2026-06-01"}])),
        ("education_plan", json!("a\u{0}b")),
        ("expected_weeks", json!(-1)),
        ("expected_weeks", json!(5000)),
        ("uasc", json!([])),
    ] {
        let mut members = whole();
        members.insert(name.to_owned(), value.clone());
        let draft = judged(StatementKind::Placement, members);
        assert_eq!(fields(&draft), [name], "{value}");
        assert!(!draft.wrong[0].missing && !draft.wrong[0].wanted.contains("ME1 1AB"));
    }
}

#[test]
fn what_cannot_be_true_together_is_named() {
    for (name, value, wrong) in [
        ("host", json!("E09000023"), "host"),
        ("host_dfe", json!("999"), "host_dfe"),
        ("section_20", json!(true), "section_31"),
        ("registration", json!("not_required"), "registration"),
        ("abroad_approval", json!("parental_responsibility"), "abroad_approval"),
        ("needs_given_on", json!("2026-06-02"), "needs_given_on"),
        ("care_plan_given_on", json!("2026-06-02"), "care_plan_given_on"),
    ] {
        let mut members = whole();
        members.insert("section_31".to_owned(), json!(true));
        members.insert(name.to_owned(), value);
        let found = fields(&judged(StatementKind::Placement, members));
        assert!(found.contains(&wrong.to_owned()), "{name}: {found:?}");
    }
    let before = judged(StatementKind::Placement, whole()).said;
    let ends = |kind, name: &str, day_: &str| {
        let why = ("reason_ceased".to_owned(), json!("E4A"));
        let members = [(name.to_owned(), json!(day_)), why].into_iter().collect();
        fields(&read(kind, members, Some(&before), code("lewisham"), day("2026-07-01")))
    };
    assert_eq!(ends(StatementKind::Ended, "ended_on", "2026-07-02"), ["ended_on"], "it has not come yet");
    assert_eq!(ends(StatementKind::Ended, "ended_on", "2026-06-09"), ["ended_on"], "before the start");
    assert_eq!(ends(StatementKind::IntentionToEnd, "ending_on", "2026-06-09"), ["ending_on"]);
    assert_eq!(ends(StatementKind::Ended, "ended_on", "2026-07-01"), [""; 0]);
}

#[test]
fn a_change_stands_on_what_was_said_and_null_takes_back() {
    let before = judged(StatementKind::Placement, whole()).said;
    let change = |members: Value| {
        let Value::Object(members) = members else { unreachable!() };
        read(StatementKind::Change, members, Some(&before), code("lewisham"), day("2026-06-01"))
    };
    let changed = change(json!({"iro_name": "P. Okafor", "siblings": null}));
    assert_eq!((changed.wrong.len(), changed.said.changed(&before)), (0, vec!["iro_name", "siblings"]));
    assert_eq!(fields(&change(json!({"iro_name": null}))), ["iro_name"], "what is mandatory stays so");
    assert_eq!(change(json!({})).said, before);
}

#[test]
fn a_notice_is_complete_when_everything_is_said_and_sealed() {
    let said = judged(StatementKind::Placement, whole()).said;
    let lacking = |sealed: &[SealedPart]| {
        let lacking = outstanding_of(&said, code("lewisham"), sealed);
        lacking.into_iter().map(|one| one.field.into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(lacking(SealedPart::ALL), [""; 0]);
    let parts = ["name", "date_of_birth", "sex", "address", "carer", "needs", "care_plan", "risks"];
    assert_eq!(lacking(&[]), parts);
    let given = Statement { care_plan_given_on: Some(day("2026-05-20")), ..said.clone() };
    assert!(!outstanding_of(&given, code("lewisham"), &[]).iter().any(|one| one.field == "care_plan"));
    let remand = Statement { legal_status: Some("J1".into()), contact_restrictions: Some(true), ..said.clone() };
    let more: Vec<_> = outstanding_of(&remand, code("lewisham"), &[]).into_iter().map(|one| one.field).collect();
    assert!(more.contains(&"youth_justice".into()) && more.contains(&"parental_responsibility".into()));
    // What completes a notice, and did not stop it from being given.
    let bare = Statement { recipients: None, host_icb: None, ..said };
    let more = outstanding_of(&bare, code("lewisham"), SealedPart::ALL);
    assert_eq!(
        more.iter().map(|one| (one.field.as_ref(), one.sealed)).collect::<Vec<_>>(),
        [("host_icb", false), ("recipients", false)]
    );
    assert!(more.iter().all(|one| !one.rule.is_empty()));
}

#[test]
fn every_field_says_what_it_is_and_what_wants_it() {
    let mut names: Vec<_> = FIELDS.iter().map(|field| field.name).collect();
    for field in FIELDS {
        assert!(
            !field.meaning.is_empty() && !field.rule.is_empty() && !field.form.wanted().is_empty(),
            "{}",
            field.name
        );
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), FIELDS.len());
}

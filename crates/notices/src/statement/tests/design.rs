//! The field table of the design, written out by hand: which of our fields stand for which of its rows, and when each must
//! be there. Nothing here is read from [`FIELDS`] but the names, so that a field that is made laxer, or added without a
//! thought, is found.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{fields, judged, whole};
use crate::SealedPart;
use crate::fixture::code;
use crate::statement::{FIELDS, StatementKind, outstanding_of};

/// When a field must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Must {
    /// M: to consult and to give notice.
    Consult,
    /// M: to give notice.
    Give,
    /// P: before the notice is complete.
    Complete,
    /// O, or C whose condition does not hold of the sample.
    Not,
}
use Must::{Complete, Consult, Give, Not};

/// Row of the design, our field, and when it must be there in the sample: a planned placement at a distance in a registered
/// children's home in Kent, of a child in care, in need of no interpreter, without a plan for education.
#[rustfmt::skip]
const SAMPLE: &[(u8, &str, Must)] = &[
    (3, "host", Consult), (3, "host_dfe", Not),
    (4, "class", Consult),
    (5, "approver_role", Give), (5, "approver_ref", Give), (5, "approved_on", Give),
    (6, "placement_start", Consult), (6, "start_time_known", Give), (6, "emergency", Give), (6, "emergency_reason", Not),
    (7, "not_practicable_reason", Not), (7, "placement_plan_on", Not),
    (8, "child_ref", Consult),
    (11, "legal_status", Consult), (11, "section_20", Give), (11, "section_31", Give),
    (12, "uasc", Give), (12, "language", Not), (12, "interpreter", Not),
    (13, "placement_type", Consult), (13, "placement_provider", Give),
    (14, "urn", Give), (14, "provider_urn", Complete), (14, "setting_ref", Not), (14, "registration", Give),
    (15, "placement_sector", Give), (15, "address_protected", Give),
    (17, "social_worker_name", Give), (17, "social_worker_phone", Give), (17, "team_manager_name", Give),
    (17, "team_manager_phone", Give), (17, "out_of_hours_phone", Give),
    (18, "iro_name", Give), (18, "iro_contact", Give),
    (19, "contact_restrictions", Give),
    (20, "siblings", Not),
    (21, "needs_given_on", Not),
    (22, "care_plan_given_on", Not),
    (23, "distance_reason", Consult),
    (25, "deprivation_of_liberty", Give), (25, "solo_required", Give), (25, "solo", Give),
    (26, "school_urn", Not), (26, "key_stage_4", Give), (26, "ehcp", Give), (26, "ehcp_authority", Not),
    (26, "education_plan", Give),
    (27, "originating_icb", Complete), (27, "host_icb", Complete), (27, "gp_arranged", Complete),
    (27, "gp_now", Complete), (27, "gp_there", Complete), (27, "camhs_open", Complete),
    (27, "health_assessment_due", Complete),
    (28, "police_force", Not), (28, "police_notified_on", Not),
    (30, "expected_weeks", Not), (30, "return_plan", Not),
    (31, "recipients", Complete),
    (32, "ending_on", Not), (32, "ended_on", Not), (32, "reason_ceased", Not), (32, "reason_place_change", Not),
    (32, "destination", Not), (32, "withdrawn_because", Not),
    (33, "source_system", Not),
    // Reg 12, of which the table of duties speaks.
    (0, "abroad_approval", Not), (0, "abroad_approved_on", Not),
];

/// Rows that the hub fills itself, or that travel sealed, and so are no field of a statement.
const OURS: [u8; 2] = [1, 2];
const SEALED: &[(u8, SealedPart, bool)] = &[
    (9, SealedPart::Name, true),
    (9, SealedPart::DateOfBirth, true),
    (9, SealedPart::Sex, true),
    (10, SealedPart::Identifiers, false),
    (15, SealedPart::Address, true),
    (16, SealedPart::Carer, true),
    (19, SealedPart::ParentalResponsibility, false),
    (21, SealedPart::Needs, true),
    (22, SealedPart::CarePlan, true),
    (24, SealedPart::Risks, true),
    (24, SealedPart::RiskPlan, false),
    (29, SealedPart::YouthJustice, false),
];

/// What else is so, and what it brings: a field without which notice cannot be given, or is not complete.
#[rustfmt::skip]
fn conditions() -> Vec<(u8, Value, &'static str, Must)> {
    vec![
        (5, json!({"placement_type": "U1"}), "approver_role", Not),
        (5, json!({"placement_type": "U6", "placement_provider": "PR1"}), "approver_ref", Not),
        (5, json!({"placement_type": "U6"}), "approved_on", Give),
        (6, json!({"emergency": true}), "emergency_reason", Give),
        (12, json!({"uasc": true}), "interpreter", Give),
        (12, json!({"interpreter": true}), "language", Give),
        (14, json!({"registration": "pending"}), "urn", Not),
        (14, json!({"registration": "unregistered"}), "urn", Not),
        (14, json!({"placement_type": "P1", "registration": "not_required"}), "urn", Not),
        (14, json!({"placement_type": "U6"}), "urn", Give),
        (14, json!({"placement_type": "U6"}), "provider_urn", Not),
        (14, json!({"placement_type": "K3"}), "provider_urn", Complete),
        (14, json!({"host": "W06000015"}), "urn", Not),
        (25, json!({"placement_type": "U6"}), "deprivation_of_liberty", Not),
        (25, json!({"placement_type": "U6"}), "solo", Not),
        (25, json!({"placement_type": "K1"}), "deprivation_of_liberty", Give),
        (25, json!({"placement_type": "Z1", "registration": "unregistered"}), "solo_required", Give),
        (25, json!({"placement_type": "K3"}), "solo", Give),
        (26, json!({"ehcp": true}), "ehcp_authority", Give),
        (27, json!({"gp_arranged": false}), "gp_there", Not),
        (28, json!({"police_notified_on": "2026-06-01"}), "police_force", Give),
        (0, json!({"host": "S12000036"}), "abroad_approval", Give),
        (0, json!({"host": "N09000003"}), "abroad_approved_on", Give),
        (0, json!({"host": "W06000015"}), "abroad_approval", Not),
    ]
}

/// When `name` must be there, found by taking it away: what is refused at each step, and what is outstanding after.
fn found(members: &Map<String, Value>, name: &str) -> Must {
    let mut without = members.clone();
    without.remove(name);
    let lacks = |kind| fields(&judged(kind, without.clone())).contains(&name.to_owned());
    let said = judged(StatementKind::Placement, without.clone()).said;
    let lacking = outstanding_of(&said, code("lewisham"), SealedPart::ALL);
    let chased = lacking.iter().any(|one| one.field == name);
    match (lacks(StatementKind::Consult), lacks(StatementKind::Placement)) {
        (true, true) => Consult,
        (false, true) => Give,
        (false, false) if chased => Complete,
        (false, false) => Not,
        (true, false) => unreachable!("a consultation wants more than a notice"),
    }
}

#[test]
fn every_field_is_wanted_when_the_design_says() {
    for (row, name, must) in SAMPLE {
        assert_eq!(found(&whole(), name), *must, "row {row}, {name}");
    }
    for (row, so, name, must) in conditions() {
        let mut members = whole();
        let Value::Object(so_) = so.clone() else { unreachable!() };
        members.extend(so_);
        assert_eq!(found(&members, name), must, "row {row}, {name} where {so}");
    }
}

#[test]
fn every_row_of_the_design_and_every_field_of_ours_is_in_the_table() {
    let names: BTreeSet<&str> = SAMPLE.iter().map(|(_, name, _)| *name).collect();
    assert_eq!(names.len(), SAMPLE.len(), "none twice");
    assert_eq!(names, FIELDS.iter().map(|field| field.name).collect(), "a field without a row of the design");
    let rows = SAMPLE.iter().map(|(row, ..)| *row).chain(SEALED.iter().map(|(row, ..)| *row)).chain(OURS);
    let rows: BTreeSet<u8> = rows.filter(|row| *row > 0).collect();
    assert_eq!(rows, (1..=33).collect());
    assert_eq!(
        SEALED.iter().map(|(_, part, _)| *part).collect::<BTreeSet<_>>(),
        SealedPart::ALL.iter().copied().collect()
    );
}

#[test]
fn every_sealed_part_is_chased_when_the_design_says() {
    let said = judged(StatementKind::Placement, whole()).said;
    let lacking: BTreeMap<_, _> =
        outstanding_of(&said, code("lewisham"), &[]).into_iter().map(|one| (one.field, one.sealed)).collect();
    for (row, part, chased) in SEALED {
        assert_eq!(lacking.get(part.as_str()).copied().unwrap_or(false), *chased, "row {row}, {part}");
    }
}

/// Row 31: reg 13(2) names them one by one, so a list that leaves one out does not complete a notice.
#[test]
fn each_whom_reg_13_names_is_told_or_not_and_why() {
    for role in ["child", "parent", "health_now", "health_there", "gp_now", "gp_there", "education", "iro"] {
        let mut members = whole();
        members["recipients"].as_array_mut().unwrap().retain(|one| one["role"] != role);
        let draft = judged(StatementKind::Placement, members);
        assert_eq!(draft.wrong, [], "notice can be given");
        let lacking = outstanding_of(&draft.said, code("lewisham"), SealedPart::ALL);
        assert_eq!(lacking.iter().map(|one| one.field.as_ref()).collect::<Vec<_>>(), [format!("recipients.{role}")]);
    }
    let mut members = whole();
    members["recipients"] = json!([]);
    let said = judged(StatementKind::Placement, members).said;
    assert_eq!(outstanding_of(&said, code("lewisham"), SealedPart::ALL).len(), 8, "an empty list says nothing");
}

/// Row 32: to announce an end its day; to state one its day and 903 REC; of a move also why, and to whose area.
#[test]
fn an_end_says_when_why_and_where_to() {
    for (kind, so, wanted) in [
        (StatementKind::IntentionToEnd, json!({}), vec!["ending_on"]),
        (StatementKind::IntentionToEnd, json!({"ending_on": "2026-08-01"}), vec![]),
        (StatementKind::Ended, json!({}), vec!["ended_on", "reason_ceased"]),
        (StatementKind::Ended, json!({"ended_on": "2026-05-01", "reason_ceased": "E4A"}), vec![]),
        (
            StatementKind::Ended,
            json!({"ended_on": "2026-05-01", "reason_ceased": "X1"}),
            vec!["reason_place_change", "destination"],
        ),
        (
            StatementKind::Ended,
            json!({"ended_on": "2026-05-01", "reason_ceased": "X1", "reason_place_change": "CARPL", "destination": "E09000023"}),
            vec![],
        ),
        (StatementKind::Withdraw, json!({}), vec!["withdrawn_because"]),
    ] {
        let Value::Object(members) = so.clone() else { unreachable!() };
        assert_eq!(fields(&judged(kind, members)), wanted, "{kind} {so}");
    }
}

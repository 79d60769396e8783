//! What a notice still lacks before it is complete.

use std::borrow::Cow;

use hub_domain::AuthorityCode;
use serde::{Deserialize, Serialize};

use super::{FIELDS, Need, Recipient, Statement};
use crate::{Notice, NoticeKind, SealedPart, Standing};

/// Something still to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outstanding {
    /// The field or the sealed part.
    pub field: Cow<'static, str>,
    /// What wants it.
    pub rule: Cow<'static, str>,
    /// It is a part of the sealed envelope.
    pub sealed: bool,
}

/// What `notice` lacks before it is complete; nothing of a register entry, of which no notice was due.
pub fn outstanding(notice: &Notice) -> Vec<Outstanding> {
    if notice.kind == NoticeKind::Register && notice.standing() != Standing::Stated {
        return Vec::new();
    }
    let Some(stated) = &notice.statement else { return vec![one("placement", "reg 13(4)(a)", false)] };
    let mut lacking = outstanding_of(&stated.said, notice.placing, &notice.sealed);
    lacking.extend(of_the_end(notice));
    lacking
}

/// What is not known of an end that was only stated: a child who is placed elsewhere has left, and nobody said why.
fn of_the_end(notice: &Notice) -> Vec<Outstanding> {
    let Some(ending) = notice.ending.as_ref().filter(|ending| ending.stated) else { return Vec::new() };
    let moved = ending.reason_ceased.as_deref() == Some("X1");
    [
        ("reason_ceased", ending.reason_ceased.is_none()),
        ("reason_place_change", moved && ending.reason_place_change.is_none()),
        ("destination", moved && ending.destination.is_none()),
    ]
    .into_iter()
    .filter(|(_, lacks)| *lacks)
    .map(|(name, _)| one(name, "reg 14", false))
    .collect()
}

/// Those whom every child has and of whom it is not said that they were told, or were not and why. Where nothing at all
/// is said, the field itself is outstanding.
fn untold(said: &Statement) -> impl Iterator<Item = Outstanding> {
    let told = said.recipients.as_deref();
    let unsaid = move |role: &str| told.is_some_and(|told| told.iter().all(|one| one.role != role));
    let due = Recipient::DUE.iter().filter(move |(role, _)| unsaid(role));
    due.map(|(_, field)| one(field, "reg 13(2), (3)", false))
}

/// What a notice lacks before it is complete, of which this is said and these parts lie sealed.
pub fn outstanding_of(said: &Statement, placing: AuthorityCode, sealed: &[SealedPart]) -> Vec<Outstanding> {
    let wanted = FIELDS.iter().filter(|field| match field.need {
        Need::Always | Need::Placement | Need::Complete => true,
        Need::When(condition) | Need::CompleteWhen(condition) => condition.holds(said, placing),
        Need::Intention | Need::Ended | Need::EndedWhen(_) | Need::Withdrawal | Need::Optional => false,
    });
    let mut lacking: Vec<_> =
        wanted.filter(|field| !said.says(field.name)).map(|field| one(field.name, field.rule, false)).collect();
    lacking.extend(untold(said));
    let parts = SealedPart::ALL.iter().filter(|part| !sealed.contains(part));
    lacking.extend(parts.filter_map(|part| Some(one(part.as_str(), wants(*part, said)?, true))));
    lacking
}

fn one(field: &'static str, rule: &'static str, sealed: bool) -> Outstanding {
    Outstanding { field: Cow::Borrowed(field), rule: Cow::Borrowed(rule), sealed }
}

/// What wants a part, if anything does.
fn wants(part: SealedPart, said: &Statement) -> Option<&'static str> {
    match part {
        SealedPart::Name | SealedPart::DateOfBirth => Some("SI 2015/541 reg 41"),
        SealedPart::Sex | SealedPart::Address | SealedPart::Carer => Some("hub: host's duties"),
        SealedPart::Needs => said.needs_given_on.is_none().then_some("reg 13(4)(b)(i)"),
        SealedPart::CarePlan => said.care_plan_given_on.is_none().then_some("reg 13(4)(b)(ii)"),
        SealedPart::Risks => Some("hub: risks said, none and not known too"),
        SealedPart::ParentalResponsibility => (said.contact_restrictions == Some(true)).then_some("reg 13(2)"),
        // 903 LS: on remand, detained, sentenced.
        SealedPart::YouthJustice => {
            said.legal_status.as_deref().is_some_and(|status| status.starts_with('J')).then_some("hub: host's duties")
        }
        SealedPart::Identifiers | SealedPart::RiskPlan => None,
    }
}

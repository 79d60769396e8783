//! What a notice still lacks before it is complete.

use std::borrow::Cow;

use hub_domain::AuthorityCode;
use serde::{Deserialize, Serialize};

use super::{FIELDS, Need, Statement};
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
    match &notice.statement {
        Some(stated) => outstanding_of(&stated.said, notice.placing, &notice.sealed),
        None => vec![one("placement", "reg 13(4)(a)", false)],
    }
}

/// What a notice lacks before it is complete, of which this is said and these parts lie sealed.
pub fn outstanding_of(said: &Statement, placing: AuthorityCode, sealed: &[SealedPart]) -> Vec<Outstanding> {
    let wanted = FIELDS.iter().filter(|field| match field.need {
        Need::Always | Need::Placement | Need::Complete => true,
        Need::When(condition) => condition.holds(said, placing),
        Need::Optional => false,
    });
    let mut lacking: Vec<_> =
        wanted.filter(|field| !said.says(field.name)).map(|field| one(field.name, field.rule, false)).collect();
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
        SealedPart::Needs => Some("reg 13(4)(b)(i)"),
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

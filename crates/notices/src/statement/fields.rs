//! The fields of a statement: one table from which reading, judging and describing it all follow.

use hub_domain::codes::CodeList;
use hub_domain::{AuthorityCode, Date};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::form::printable;
use super::{Condition, Form, Need};

/// One field.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name in JSON.
    pub name: &'static str,
    /// What a value looks like.
    pub form: Form,
    /// When it must be filled.
    pub need: Need,
    /// What wants it: a regulation, or the policy of the hub.
    pub rule: &'static str,
    /// What it says.
    pub meaning: &'static str,
}

/// Somebody else whom reg 13(2) names: told, or not and why.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// Who: one of [`Recipient::ROLES`].
    pub role: String,
    /// When told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_on: Option<Date>,
    /// Why not told (reg 13(3)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<String>,
}

impl Recipient {
    /// Whom reg 13(2) names, beside the area authority.
    pub const ROLES: &'static [&'static str] = &[
        "child",
        "parent",
        "contact_order",
        "previous_carer",
        "health_now",
        "health_there",
        "gp_now",
        "gp_there",
        "education",
        "iro",
        "police",
    ];

    /// Those of them whom every child has, so that a notice is complete when each was told, or was not and why. A person
    /// with an order for contact, a carer before, and the police are not everybody's.
    pub const DUE: &'static [(&'static str, &'static str)] = &[
        ("child", "recipients.child"),
        ("parent", "recipients.parent"),
        ("health_now", "recipients.health_now"),
        ("health_there", "recipients.health_there"),
        ("gp_now", "recipients.gp_now"),
        ("gp_there", "recipients.gp_there"),
        ("education", "recipients.education"),
        ("iro", "recipients.iro"),
    ];

    /// The value is one, told or withheld but not both.
    pub(super) fn reads(value: &Value) -> bool {
        serde_json::from_value::<Self>(value.clone()).is_ok_and(|one| {
            Self::ROLES.contains(&one.role.as_str())
                && one.told_on.is_some() != one.withheld.is_some()
                && one.withheld.is_none_or(|why| printable(&why, 200))
        })
    }
}

macro_rules! fields {
    ($( $name:ident: $type:ty, $form:expr, $need:expr, $rule:literal, $meaning:literal; )+) => {
        /// What the placing authority says: everything optional here, and judged by [`Need`] when it is read.
        #[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Statement {
            $(
                #[doc = $meaning]
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $name: Option<$type>,
            )+
        }

        /// Every field, in the order in which people read them.
        pub const FIELDS: &[Field] = &[
            $( Field { name: stringify!($name), form: $form, need: $need, rule: $rule, meaning: $meaning }, )+
        ];

        impl Statement {
            /// Names of the fields that differ.
            pub fn changed(&self, other: &Self) -> Vec<&'static str> {
                let mut names = Vec::new();
                $( if self.$name != other.$name { names.push(stringify!($name)); } )+
                names
            }

            /// The field of this name is filled.
            pub fn says(&self, name: &str) -> bool {
                match name {
                    $( stringify!($name) => self.$name.is_some(), )+
                    _ => false,
                }
            }
        }
    };
}

use Form::{Authority, Child, Code, Contact, Flag, Recipients, Reference, Sector, Text, Title, Weeks, Word};
use Need::{Always, Complete, CompleteWhen, Ended, EndedWhen, Intention, Optional, Placement, When, Withdrawal};

const CLASSES: Form = Word(&["in_area", "adjoining", "at_a_distance"]);
const APPROVERS: Form = Word(&["nominated_officer", "director", "delegated", "not_required"]);
const REGISTRATIONS: Form = Word(&["registered", "pending", "unregistered", "not_required"]);
const SIBLINGS: Form = Word(&["none", "together", "split", "unknown"]);
const REASONS: Form = Word(&["no_provision", "not_available", "safeguarding", "preference", "carer_moved", "legal"]);
const ABROAD: Form = Word(&["court", "parental_responsibility"]);
const WITHDRAWALS: Form = Word(&["not_placed", "wrong_child", "wrong_host", "duplicate", "other"]);

fields! {
    child_ref: String, Child, Always, "hub: who is meant", "The placing authority's pseudonym for the child.";
    host: AuthorityCode, Authority, Always, "reg 13(4)(a)", "The authority in whose area the placement is.";
    host_dfe: String, Reference, Optional, "hub: second key of the host", "DfE's number of the host; must agree with its code.";
    class: String, CLASSES, Always, "reg 11(5)", "The class of the placement as the placing authority sees it.";
    approver_role: String, APPROVERS, When(Condition::Approval), "reg 11(1)", "Who approved the placement.";
    approver_ref: String, Reference, When(Condition::Approval), "reg 11(1)", "Reference of the decision.";
    approved_on: Date, Form::Date, When(Condition::Approval), "reg 11(1)", "When it was approved.";
    placement_start: Date, Form::Date, Always, "reg 13(4)(a)", "First day of the placement; of a consultation, the day proposed.";
    start_time_known: bool, Flag, Placement, "reg 13(4)(a)", "The hour of the start is known.";
    emergency: bool, Flag, Placement, "reg 13(4)(a)", "The placement was made in an emergency.";
    emergency_reason: String, Text, When(Condition::Emergency), "reg 11(3)", "Why in an emergency.";
    not_practicable_reason: String, Text, Optional, "reg 13(4)(a)", "Why notice in time was not reasonably practicable.";
    placement_plan_on: Date, Form::Date, Optional, "reg 9", "When the placement plan was made.";
    abroad_approval: String, ABROAD, When(Condition::Abroad), "reg 12; Sch 2 para 19", "Who approved a placement outside England and Wales.";
    abroad_approved_on: Date, Form::Date, When(Condition::Abroad), "reg 12; Sch 2 para 19", "When that was approved.";
    legal_status: String, Code(CodeList::Ls), Always, "SI 2015/541 reg 41", "903 LS.";
    section_20: bool, Flag, Placement, "SI 2015/541 reg 41", "Accommodated under section 20 or 21.";
    section_31: bool, Flag, Placement, "SI 2015/541 reg 41", "A care order under section 31 is in force.";
    uasc: bool, Flag, Placement, "hub: host's duties", "Unaccompanied asylum-seeking child.";
    language: String, Title, When(Condition::Interpreter), "hub: host's duties", "The language spoken.";
    interpreter: bool, Flag, When(Condition::Asylum), "hub: host's duties", "An interpreter is needed.";
    placement_type: String, Code(CodeList::Place), Always, "hub: what sort of home", "903 PLACE.";
    placement_provider: String, Code(CodeList::PlaceProvider), Placement, "hub: what sort of home", "903 PLACE_PROVIDER.";
    urn: String, Reference, When(Condition::Registered), "hub: what sort of home", "Ofsted URN of the setting, as in the placements feed.";
    provider_urn: String, Reference, CompleteWhen(Condition::Home), "hub: what sort of home", "Ofsted's number of whoever is registered to provide it.";
    setting_ref: String, Reference, Optional, "hub: what sort of home", "The home or household, as in the placements feed.";
    registration: String, REGISTRATIONS, Placement, "Care Standards Act 2000, s.11", "Whether the setting is registered.";
    placement_sector: String, Sector, Placement, "reg 13(4)(a)", "Postcode sector of the placement.";
    address_protected: bool, Flag, Placement, "hub: who may see the address", "The address is protected.";
    social_worker_name: String, Title, Placement, "SI 2015/541 reg 41", "The child's social worker.";
    social_worker_phone: String, Contact, Placement, "SI 2015/541 reg 41", "How to reach the social worker.";
    team_manager_name: String, Title, Placement, "hub: who answers", "The social worker's manager.";
    team_manager_phone: String, Contact, Placement, "hub: who answers", "How to reach the manager.";
    out_of_hours_phone: String, Contact, Placement, "hub: who answers", "Who answers at night.";
    iro_name: String, Title, Placement, "SI 2015/541 reg 41", "The independent reviewing officer.";
    iro_contact: String, Contact, Placement, "SI 2015/541 reg 41", "How to reach the reviewing officer.";
    siblings: String, SIBLINGS, Optional, "s.22C(8)", "Whether siblings are placed together.";
    distance_reason: String, REASONS, Always, "hub: why out of area", "Why out of area.";
    deprivation_of_liberty: bool, Flag, When(Condition::Staffed), "hub: host's duties", "A deprivation of liberty order is in force.";
    solo_required: bool, Flag, When(Condition::Staffed), "hub: host's duties", "The child is to live alone with staff.";
    solo: bool, Flag, When(Condition::Staffed), "hub: host's duties", "The child lives alone with staff.";
    contact_restrictions: bool, Flag, Placement, "reg 13(2)", "Contact is restricted; the sealed part says how.";
    school_urn: String, Reference, Optional, "reg 10", "The school.";
    key_stage_4: bool, Flag, Placement, "reg 10", "The child is in key stage 4.";
    ehcp: bool, Flag, Placement, "SI 2015/541 reg 41", "The child has an education, health and care plan.";
    ehcp_authority: AuthorityCode, Authority, When(Condition::Plan), "SI 2015/541 reg 41", "The authority that maintains that plan.";
    education_plan: String, Text, Placement, "reg 10", "What is planned for education.";
    originating_icb: String, Title, Complete, "reg 13(2)(e)", "Health commissioner of where the child lived.";
    host_icb: String, Title, Complete, "reg 13(2)(e)", "Health commissioner of where the child lives now.";
    gp_arranged: bool, Flag, Complete, "reg 13(2)(f)", "A general practitioner is arranged.";
    gp_now: String, Title, Complete, "reg 13(2)(f)", "The practice the child was registered with before.";
    gp_there: String, Title, CompleteWhen(Condition::Practice), "reg 13(2)(f)", "The practice that is arranged.";
    camhs_open: bool, Flag, Complete, "hub: host's duties", "Known to mental health services.";
    health_assessment_due: Date, Form::Date, Complete, "reg 7", "When the next health assessment is due.";
    police_force: String, Title, When(Condition::Police), "ADCS guidance", "The police force told.";
    police_notified_on: Date, Form::Date, Optional, "ADCS guidance", "When the police were told.";
    expected_weeks: u32, Weeks, Optional, "hub: host's planning", "How long the placement is expected to last.";
    return_plan: String, Text, Optional, "hub: host's planning", "The plan for return.";
    needs_given_on: Date, Form::Date, Optional, "reg 13(4)(b)(i)", "The assessment of needs was given to the host on this day, by another way than sealed.";
    care_plan_given_on: Date, Form::Date, Optional, "reg 13(4)(b)(ii)", "The care plan was given to the host on this day, at consultation or by another way than sealed.";
    recipients: Vec<Recipient>, Recipients, Complete, "reg 13(2), (3)", "Who else was told, or was not and why.";
    ending_on: Date, Form::Date, Intention, "reg 14(2)(c)", "The day the placement is meant to end.";
    ended_on: Date, Form::Date, Ended, "reg 14(4)", "The first day the child is not there.";
    reason_ceased: String, Code(CodeList::Rec), Ended, "reg 14", "903 REC.";
    reason_place_change: String, Code(CodeList::ReasonPlaceChange), EndedWhen(Condition::Moved), "reg 14", "903 REASON_PLACE_CHANGE.";
    destination: AuthorityCode, Authority, EndedWhen(Condition::Moved), "reg 14", "The authority in whose area the child goes to live.";
    withdrawn_because: String, WITHDRAWALS, Withdrawal, "hub: why taken back", "Why the notice is taken back.";
    source_system: String, Reference, Optional, "hub: where it comes from", "The system that wrote it; unless given, the client that sent it.";
}

impl std::fmt::Debug for Statement {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Statement").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Recipient {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recipient").finish_non_exhaustive()
    }
}

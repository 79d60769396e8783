//! The notices that the boroughs' systems give of what their feeds have shown: most whole, some late, and three that a
//! host's morning list is for.

use hub_domain::{AuthorityCode, Date};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Callers, PlayError, Stage, boroughs};
use crate::region::{CAST, Member, NIGHT};

/// Whose morning list is shown, and what is amiss with it by intent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trouble {
    /// The host with most placements that fall under a clock.
    pub(crate) host: &'static Member,
    /// Nobody gives notice of this one.
    pub(super) silent: Option<Uuid>,
    /// At a distance, and approved by somebody who is not the director.
    undirected: Option<Uuid>,
    /// The host disputes this one.
    pub(super) disputed: Option<Uuid>,
    /// An authority that places in this host at a distance.
    pub(super) afar: Option<&'static Member>,
}

/// A notice as the borough's system reads it before it says more.
#[derive(Debug, Clone, Deserialize)]
struct Shown {
    id: Uuid,
    kind: String,
    host: Party,
    child_ref: String,
    class: String,
    start: Date,
    terms: Terms,
    ending: Option<IgnoredAny>,
}

#[derive(Debug, Clone, Deserialize)]
struct Party {
    code: AuthorityCode,
}

/// What the feed has shown of the stay.
#[derive(Debug, Clone, Deserialize)]
struct Terms {
    approver_role: Option<String>,
    approved_on: Option<Date>,
    emergency: bool,
    distance_reason: Option<String>,
    placement_type: String,
    placement_provider: Option<String>,
    urn: Option<String>,
    setting_ref: Option<String>,
    placement_sector: Option<String>,
    registration: Option<String>,
    legal_status: String,
    uasc: bool,
}

/// Each borough gives notice of every stay away that falls under a clock, but for one.
pub(super) async fn give(stage: &Stage, callers: &Callers) -> Result<Trouble, PlayError> {
    let mut shown: Vec<(&'static Member, Shown)> = Vec::new();
    for member in boroughs() {
        let own: Vec<Shown> = callers.of_member(member)?.all("/v1/notices?limit=200").await?;
        shown.extend(own.into_iter().filter(|one| one.kind == "placement").map(|one| (member, one)));
    }
    shown.sort_by_key(|(_, one)| (one.start, one.id));
    let trouble = Trouble::among(&shown);
    stage.audience.act("the boroughs give notice", shown.len() as u64);
    for (member, one) in &shown {
        if trouble.silent != Some(one.id) {
            let said = one.statement(member, trouble.undirected == Some(one.id));
            let _: IgnoredAny = callers.of_member(member)?.post("/v1/notices", &said).await?;
        }
        stage.audience.step();
    }
    Ok(trouble)
}

impl Trouble {
    /// The first that fits of each sort, so that one seed makes one morning.
    fn among(shown: &[(&'static Member, Shown)]) -> Self {
        let is_there = |one: &&Shown, host: &Member| {
            one.host.code == host.authority() && one.ending.is_none() && one.start <= NIGHT
        };
        let here = |host: &Member| shown.iter().filter(|(_, one)| is_there(&one, host)).count();
        let host = CAST.iter().rev().max_by_key(|member| here(member)).unwrap_or(&CAST[0]);
        let own: Vec<&Shown> = shown.iter().map(|(_, one)| one).filter(|one| is_there(one, host)).collect();
        let undirected = own.iter().find(|one| one.wants_director() && !one.terms.emergency).map(|one| one.id);
        let planned = |one: &&&Shown| !one.terms.emergency && Some(one.id) != undirected;
        let silent = own.iter().find(planned).map(|one| one.id);
        let disputed = own.iter().rev().map(|one| one.id).find(|id| ![silent, undirected].contains(&Some(*id)));
        let far = shown.iter().find(|(_, one)| one.host.code == host.authority() && one.class == "at_a_distance");
        Self { host, silent, undirected, disputed, afar: far.map(|(member, _)| *member) }
    }

    /// It is one of those that something is amiss with by intent.
    pub(super) fn concerns(&self, notice: Uuid) -> bool {
        [self.silent, self.undirected, self.disputed].contains(&Some(notice))
    }
}

impl Shown {
    /// Reg 11(1), but for reg 11(4): the authority's own carers.
    fn wants_director(&self) -> bool {
        self.class == "at_a_distance" && self.terms.placement_provider.as_deref() != Some("PR1")
    }

    /// The notice with all that is mandatory.
    fn statement(&self, placing: &Member, is_undirected: bool) -> Value {
        let terms = &self.terms;
        let usual = if self.class == "at_a_distance" { "director" } else { "nominated_officer" };
        let approver = terms.approver_role.as_deref().unwrap_or(usual);
        let order = matches!(terms.legal_status.as_str(), "C1" | "C2");
        let is_home = matches!(terms.placement_type.as_str(), "K1" | "K2" | "K3");
        let mut said = json!({
            "type": "placement",
            "authority": placing.code,
            "child_ref": self.child_ref,
            "host": self.host.code,
            "class": self.class,
            "approver_role": if is_undirected { "nominated_officer" } else { approver },
            "approver_ref": "made-up-decision",
            "approved_on": terms.approved_on.unwrap_or(self.start),
            "placement_start": self.start,
            "start_time_known": true,
            "emergency": terms.emergency,
            "legal_status": terms.legal_status,
            "section_20": !order,
            "section_31": order,
            "uasc": terms.uasc,
            "interpreter": false,
            "placement_type": terms.placement_type,
            "placement_provider": terms.placement_provider,
            "urn": terms.urn,
            "setting_ref": terms.setting_ref,
            "registration": terms.registration.as_deref().unwrap_or(if is_home { "registered" } else { "not_required" }),
            "placement_sector": terms.placement_sector,
            "address_protected": false,
            "distance_reason": terms.distance_reason.as_deref().unwrap_or("not_available"),
            "deprivation_of_liberty": false,
            "solo_required": false,
            "solo": false,
            "contact_restrictions": false,
            "key_stage_4": false,
            "ehcp": false,
            "education_plan": "The child stays at the present school.",
        });
        if let (Some(said), Value::Object(more)) = (said.as_object_mut(), people()) {
            said.extend(more);
            let why = "The placement before it broke down that day.";
            said.extend(terms.emergency.then(|| ("emergency_reason".to_owned(), why.into())));
        }
        said
    }
}

/// Who answers for the child. They are made up; the numbers are Ofcom's, for drama.
pub(super) fn people() -> Value {
    json!({
        "social_worker_name": "A. Mensah",
        "social_worker_phone": "020 7946 0001",
        "team_manager_name": "B. Iqbal",
        "team_manager_phone": "020 7946 0002",
        "out_of_hours_phone": "020 7946 0003",
        "iro_name": "C. Doyle",
        "iro_contact": "c.doyle@example.org",
    })
}

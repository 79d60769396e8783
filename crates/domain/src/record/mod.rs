//! One record type per dataset: what a believed row says, typed.
//!
//! A record is stored as a JSON array of its contract's columns in contract order, trailing blanks
//! cut; field order here therefore *is* column order, and a test in `hub-contract` holds the two
//! together. Blank is `None` (or an empty list). Money is whole pence, distances are miles.

mod fostering;
mod leaver;
mod regulator;

use std::fmt;

use jiff::{Timestamp, civil::Date};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::AuthorityCode;
pub use fostering::FosteringRow;
pub use leaver::LeaverRow;
pub use regulator::RegulatorRow;

/// A stored body that is not the array its record type describes. Says where, never what: the parser's
/// own words quote the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stored record does not read as its type, at character {column}")]
pub struct BadBody {
    /// Where reading stopped, from 1; 0 when the body is no array at all.
    pub column: usize,
}

/// Reads a stored body.
pub fn from_body<T: DeserializeOwned>(body: &str) -> Result<T, BadBody> {
    if !body.starts_with('[') {
        return Err(BadBody { column: 0 });
    }
    serde_json::from_str(body).map_err(|error| BadBody { column: error.column() })
}

/// An episode of care. Key: `child_ref/episode_start`.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PlacementRow {
    /// Keyed pseudonym made at the borough.
    pub child_ref: String,
    /// First day of the episode (903 DECOM).
    pub episode_start: Date,
    /// Day it ended, exclusive (903 DEC); `None` while open.
    pub episode_end: Option<Date>,
    /// Start of the current period of care.
    pub care_start: Option<Date>,
    /// `YYYY-MM`.
    pub birth_month: String,
    /// `M`, `F` or `U`.
    pub sex: String,
    /// 903 ETHNIC.
    pub ethnicity: String,
    /// Unaccompanied asylum-seeking child.
    pub uasc: bool,
    /// 903 RNE.
    pub reason_new_episode: String,
    /// 903 LS.
    pub legal_status: String,
    /// 903 CIN.
    pub category_of_need: String,
    /// 903 PLACE.
    pub placement_type: String,
    /// 903 PLACE_PROVIDER, `PR0`–`PR5`.
    pub placement_provider: Option<String>,
    /// 903 REC.
    pub reason_ceased: Option<String>,
    /// 903 REASON_PLACE_CHANGE.
    pub reason_place_change: Option<String>,
    /// Postcode sector of the child's home, such as `SE13 6`.
    pub home_sector: Option<String>,
    /// Postcode sector of the placement.
    pub placement_sector: Option<String>,
    /// Host authority.
    pub placement_la: Option<AuthorityCode>,
    /// Miles, home to placement.
    pub distance_miles: Option<f64>,
    /// Miles, placement to the nearest point of the borough.
    pub boundary_miles: Option<f64>,
    /// Ofsted URN of the provider.
    pub urn: Option<String>,
    /// The home or household.
    pub setting_ref: Option<String>,
    /// Siblings looked after together share one.
    pub sibling_group_ref: Option<String>,
    /// Pence a week, all payers.
    pub weekly_cost: Option<i64>,
    /// Pence a week paid by health.
    pub health_share: Option<i64>,
    /// Pence a week paid by education.
    pub education_share: Option<i64>,
    /// `in_house`, `framework`, `dps`, `block`, `spot`, `other_la`, `none`.
    pub route: Option<String>,
    /// Framework the place was called off from.
    pub framework_ref: Option<String>,
    /// Why out of area.
    pub distance_reason: Option<String>,
    /// `registered`, `pending`, `unregistered`, `not_required`.
    pub registration: Option<String>,
    /// As in vacancies; tells supported lodgings from other supported accommodation.
    pub provision: Option<String>,
    /// The placement was planned.
    pub planned: Option<bool>,
    /// The placement was made in an emergency: five working days to tell the host.
    pub emergency: Option<bool>,
    /// `nominated_officer`, `director`, `delegated`, `not_required`.
    pub approver_role: Option<String>,
    /// When it was approved.
    pub approved_on: Option<Date>,
    /// A deprivation of liberty order is in force.
    pub deprivation_of_liberty: Option<bool>,
    /// The child lives alone with staff.
    pub solo: Option<bool>,
}

/// A home or fostering household. Key: `urn/setting_ref`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct VacancyRow {
    /// Ofsted URN; empty when the sender gave none (then never usable).
    pub urn: String,
    /// The home or household, shared region-wide.
    pub setting_ref: String,
    /// Trading name of the provider.
    pub provider_name: Option<String>,
    /// `foster_household`, `childrens_home`, … see the contract.
    pub provision: String,
    /// `in_house`, `private`, `voluntary`, `other_la`.
    pub sector: String,
    /// Authority the setting stands in.
    pub host_la: AuthorityCode,
    /// Outward postcode, such as `SE13`.
    pub outcode: Option<String>,
    /// Approved or registered places.
    pub approved_places: i64,
    /// Children living there.
    pub occupied_places: i64,
    /// Places that could be offered.
    pub available_places: i64,
    /// Places held for somebody.
    pub held_places: i64,
    /// Places closed.
    pub closed_places: i64,
    /// Why they are closed.
    pub closed_reason: Option<String>,
    /// First day the available places can be used.
    pub available_from: Option<Date>,
    /// Youngest age taken, whole years.
    pub age_min: i64,
    /// Oldest age taken, whole years.
    pub age_max: i64,
    /// `any`, `M`, `F`.
    pub sex_accepted: String,
    /// Largest sibling group taken.
    pub sibling_places: Option<i64>,
    /// Needs the setting can meet.
    pub needs: Vec<String>,
    /// Languages spoken.
    pub languages: Vec<String>,
    /// Faith of the household.
    pub faith: Option<String>,
    /// 903 ethnicity codes well matched.
    pub ethnicity_match: Vec<String>,
    /// Pence a week.
    pub weekly_fee: Option<i64>,
    /// As in placements.
    pub route: Option<String>,
    /// Framework that offers it.
    pub framework_ref: Option<String>,
    /// When somebody last looked.
    pub confirmed_at: Option<Timestamp>,
}

/// A home-finding search. Key: `search_ref`.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SearchRow {
    /// The search's own reference.
    pub search_ref: String,
    /// Keyed pseudonym.
    pub child_ref: String,
    /// Day the search opened.
    pub opened_on: Date,
    /// Day the home is needed; blank allows seven days.
    pub needed_by: Option<Date>,
    /// Day it closed; `None` while open.
    pub closed_on: Option<Date>,
    /// `placed`, `no_offer`, `withdrawn`, `stayed`.
    pub outcome: Option<String>,
    /// Provisions that would do.
    pub provision_sought: Vec<String>,
    /// Whole years at `opened_on`.
    pub age: i64,
    /// `M`, `F`, `U`.
    pub sex: String,
    /// 903 ETHNIC.
    pub ethnicity: Option<String>,
    /// Siblings sought for together share one.
    pub sibling_group_ref: Option<String>,
    /// Children in that group.
    pub sibling_group_size: Option<i64>,
    /// The group may be split; absent reads as no.
    pub siblings_may_split: Option<bool>,
    /// Needs a home must meet.
    pub needs_essential: Vec<String>,
    /// Needs it would be well for a home to meet.
    pub needs_desirable: Vec<String>,
    /// Authorities preferred.
    pub area_preferred: Vec<AuthorityCode>,
    /// Farthest acceptable, miles; blank reads as 20.
    pub max_miles: Option<f64>,
    /// Needed today.
    pub emergency: Option<bool>,
    /// Offers received.
    pub offers_received: Option<i64>,
    /// Offers that suited.
    pub offers_suitable: Option<i64>,
    /// Where the child went.
    pub placed_setting_ref: Option<String>,
    /// Why there, if far.
    pub placed_distance_reason: Option<String>,
    /// What would have been chosen had it existed.
    pub ideal_provision: Option<String>,
}

/// A visit, concern or restriction. Key: `event_ref`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct QualityRow {
    /// The event's own reference.
    pub event_ref: String,
    /// Ofsted URN of the provider.
    pub urn: String,
    /// The home, when the event is about one.
    pub setting_ref: Option<String>,
    /// `visit`, `concern`, `suspension`, `improvement_plan`, `complaint_theme`.
    pub kind: String,
    /// Day it happened.
    pub occurred_on: Date,
    /// `borough_qa`, `contract_monitoring`, `young_inspectors`, `regulation_44`.
    pub source: String,
    /// `outstanding`, `good`, `requires_improvement`, `inadequate`.
    pub overall: Option<String>,
    /// 1 (worst) to 4.
    pub score_safety: Option<i64>,
    /// 1 to 4.
    pub score_care: Option<i64>,
    /// 1 to 4.
    pub score_leadership: Option<i64>,
    /// 1 to 4.
    pub score_stability: Option<i64>,
    /// 1 to 4.
    pub score_voice: Option<i64>,
    /// `none`, `watch`, `serious`.
    pub concern_level: Option<String>,
    /// First day a restriction holds.
    pub in_force_from: Option<Date>,
    /// Day it stops holding, exclusive.
    pub in_force_to: Option<Date>,
    /// Next visit due.
    pub next_due: Option<Date>,
    /// Where the evidence is kept.
    pub evidence_ref: Option<String>,
}

/// A provider's notice of an admission to a children's home (SI 2015/541 reg 41) or to supported accommodation
/// (SI 2023/416 reg 28), sent by the host authority that received it. Key: `admission_ref`.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AdmissionRow {
    /// The host's reference for the provider's notice.
    pub admission_ref: String,
    /// Ofsted URN of the home or service.
    pub urn: String,
    /// The home, where the host knows its reference.
    pub setting_ref: Option<String>,
    /// `reg_41`, `reg_28`.
    pub notified_under: String,
    /// Authority the home stands in; `None` is the sender, and nothing else passes its contract.
    pub host_la: Option<AuthorityCode>,
    /// Postcode sector of the home.
    pub setting_sector: Option<String>,
    /// Authority that placed the child, as the provider names it.
    pub placing_la: Option<AuthorityCode>,
    /// Id of the placing authority's notice, where the provider quotes it.
    pub notice_ref: Option<String>,
    /// The host's own pseudonym for the child; matches no other authority's.
    pub child_link: Option<String>,
    /// `YYYY-MM`.
    pub birth_month: String,
    /// `M`, `F` or `U`.
    pub sex: Option<String>,
    /// First day the child was there.
    pub admitted_on: Date,
    /// Day the child left, exclusive; `None` while there.
    pub discharged_on: Option<Date>,
    /// Day the host had the provider's notice.
    pub notified_on: Option<Date>,
    /// The provider says that it is an agreed short break.
    pub short_break: Option<bool>,
}

impl fmt::Debug for PlacementRow {
    /// Nothing of a child goes into a log (promise S10).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlacementRow").finish_non_exhaustive()
    }
}

impl fmt::Debug for SearchRow {
    /// Nothing of a child goes into a log (promise S10).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SearchRow").finish_non_exhaustive()
    }
}

impl fmt::Debug for AdmissionRow {
    /// Nothing of a child goes into a log (promise S10).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdmissionRow").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_body_cut_after_its_last_value_reads_as_blank() {
        let row: PlacementRow = from_body(r#"["a-made-up-child-ref-1","2026-05-01",null,null,"2014-05","F"]"#).unwrap();
        assert_eq!((row.episode_start, row.birth_month.as_str()), (date(2026, 5, 1), "2014-05"));
        assert_eq!((row.episode_end, row.placement_la, row.solo), (None, None, None));
    }

    #[test]
    fn a_body_of_another_shape_is_refused_without_its_values() {
        for (body, column) in [("", 0), ("{}", 0), ("[7]", 2), (r#"["a","canary"]"#, 13)] {
            let refused = from_body::<PlacementRow>(body).unwrap_err();
            assert_eq!(refused, BadBody { column });
            assert!(!refused.to_string().contains("canary"));
        }
    }

    #[test]
    fn debug_shows_no_value_of_a_child() {
        let placement = PlacementRow { child_ref: "canary".into(), ..PlacementRow::default() };
        let search = SearchRow { child_ref: "canary".into(), ..SearchRow::default() };
        let admission = AdmissionRow { urn: "canary".into(), ..AdmissionRow::default() };
        let household = FosteringRow { household_ref: "canary".into(), ..FosteringRow::default() };
        let leaver = LeaverRow { person_ref: "canary".into(), ..LeaverRow::default() };
        assert!(!format!("{placement:?} {search:?} {admission:?} {household:?} {leaver:?}").contains("canary"));
    }
}

//! Which home a notice is about, and how many places it has.

use std::collections::BTreeMap;

use hub_domain::codes::PlacementGroup;
use hub_domain::{AuthorityCode, Date, QualityRow, VacancyRow};
use serde::Serialize;
use uuid::Uuid;

use crate::{Notice, NoticeKind, NoticeState, Terms};

/// RFC 9562 version 5 namespace of homes.
const NAMESPACE: Uuid = Uuid::from_u128(0x1c6e_7a52_94d0_5b3f_8e21_40f7_ab66_d913);

/// A home or household, as notices tell one from another: a children's home by its URN, any other by its own reference,
/// since the URN of a fostering service or of a landlord names no household.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Setting {
    /// URN of the provider, trimmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urn: Option<String>,
    /// The household; none where the URN is the home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setting_ref: Option<String>,
}

impl Setting {
    /// The home that a notice's terms name; `None` when they name none.
    pub fn of(terms: &Terms) -> Option<Self> {
        let urn = terms.urn.as_deref().map(str::trim).filter(|urn| is_urn(urn)).map(str::to_owned);
        if is_home(terms) && urn.is_some() {
            return Some(Self { urn, setting_ref: None });
        }
        let setting_ref = terms.setting_ref.clone().filter(|text| !text.is_empty())?;
        Some(Self { urn, setting_ref: Some(setting_ref) })
    }

    /// The same for the same home, whoever asks: names it where its reference should not stand.
    pub fn id(&self) -> Uuid {
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        Uuid::new_v5(&NAMESPACE, format!("{}/{}", part(&self.urn), part(&self.setting_ref)).as_bytes())
    }

    /// The event is about this home: about its provider, or about itself.
    pub fn concerns(&self, event: &QualityRow) -> bool {
        let same_provider = self.urn.as_deref().is_none_or(|urn| urn == event.urn.trim());
        let same_home = match (&self.setting_ref, &event.setting_ref) {
            (Some(ours), Some(theirs)) => ours == theirs,
            (Some(_), None) => self.urn.is_some(),
            (None, _) => true,
        };
        same_provider && same_home
    }
}

/// A URN that names somebody: not blank, not the 903's row of Xs.
fn is_urn(urn: &str) -> bool {
    !urn.is_empty() && !urn.bytes().all(|byte| byte == b'X')
}

/// A children's home, a residential school, a family centre.
fn is_home(terms: &Terms) -> bool {
    matches!(
        terms.placement_group,
        Some(PlacementGroup::Residential | PlacementGroup::ResidentialSchool | PlacementGroup::FamilyCentre)
    )
}

/// A child's stay in a home, as the alerts look at it: no child in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resident {
    /// Where.
    pub setting: Setting,
    /// Who placed.
    pub placing: AuthorityCode,
    /// In whose area.
    pub host: AuthorityCode,
    /// The host has been told.
    pub is_issued: bool,
    /// It is a children's home, a residential school or a family centre.
    pub is_home: bool,
    /// First day.
    pub from: Date,
    /// First day no longer there.
    pub until: Option<Date>,
}

impl Resident {
    /// What a notice says of where the child lives or lived; `None` when it names no home, or places nobody: a draft and a
    /// consultation may come to nothing, and what is held or taken back has been told to nobody.
    pub fn of(notice: &Notice) -> Option<Self> {
        let lived = notice.state.is_live() || notice.state == NoticeState::Ended;
        if !lived || notice.kind == NoticeKind::Consultation {
            return None;
        }
        Some(Self {
            setting: Setting::of(&notice.terms)?,
            placing: notice.placing,
            host: notice.host,
            is_issued: notice.issued,
            is_home: is_home(&notice.terms),
            from: notice.start,
            until: notice.ending.as_ref().map(|ending| ending.on),
        })
    }

    /// There on that day.
    pub fn is_there(&self, on: Date) -> bool {
        self.from <= on && self.until.is_none_or(|until| on < until)
    }
}

/// How many places homes have, by the vacancies that members report.
#[derive(Debug, Clone, Default)]
pub struct Rooms(BTreeMap<String, BTreeMap<String, i64>>);

impl Rooms {
    /// Takes a report; of several about one home, the most places count.
    pub fn add(&mut self, report: &VacancyRow) {
        let home = self.0.entry(report.urn.trim().to_owned()).or_default();
        let places = home.entry(report.setting_ref.clone()).or_default();
        *places = report.approved_places.max(*places);
    }

    /// Approved or registered places; `None` where nobody reports them.
    pub fn places(&self, setting: &Setting) -> Option<i64> {
        let of_urn = |urn: &str| self.0.get(urn);
        match (&setting.urn, &setting.setting_ref) {
            (Some(urn), None) => of_urn(urn).map(|all| all.values().sum()),
            (Some(urn), Some(own)) => of_urn(urn)?.get(own).copied(),
            (None, Some(own)) => self.0.values().find_map(|all| all.get(own).copied()),
            (None, None) => None,
        }
    }
}

//! A home judged worse since a child went there.

use std::collections::{BTreeMap, BTreeSet};

use hub_domain::{AuthorityCode, Date, QualityRow, words};

use super::judgement::{fell_since, series};
use super::restriction::in_force;
use super::{Register, Resident, Setting};

words! {
    /// What became worse.
    What("worsening") {
        /// A grade below the one it had when the child came, by the same source and authority, or by the regulator on the
        /// same scale: scales are never mixed.
        Grade = "grade", "Grade fell";
        /// A suspension is in force.
        Suspension = "suspension", "Suspension in force";
        /// A serious concern is in force.
        SeriousConcern = "serious_concern", "Serious concern in force";
        /// The regulator restricts whom it may take.
        AccommodationRestricted = "accommodation_restricted", "Accommodation restricted";
        /// The regulator has set conditions.
        Conditions = "conditions", "Conditions set";
        /// The regulator has served a compliance notice.
        ComplianceNotice = "compliance_notice", "Compliance notice";
    }
}

/// What is said of homes.
#[derive(Debug, Default)]
pub struct Reports {
    /// By members, and by which.
    pub members: Vec<(AuthorityCode, QualityRow)>,
    /// By the regulator.
    pub register: Register,
}

/// Something that became worse about a home, and who should hear of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worsening {
    /// Which home.
    pub setting: Setting,
    /// What.
    pub what: What,
    /// From which day.
    pub on: Date,
    /// Days under which it may have been told before.
    pub also: BTreeSet<Date>,
    /// The grade it has now, where that fell.
    pub grade: Option<String>,
    /// Authorities with a child there since before that day.
    pub placing: BTreeSet<AuthorityCode>,
    /// The host authorities that know of such a child.
    pub hosts: BTreeSet<AuthorityCode>,
}

/// What is worse today about the homes of `residents` than when each came there, by what members and the regulator say.
pub fn worsenings(residents: &[Resident], reports: &Reports, today: Date) -> Vec<Worsening> {
    let mut homes: BTreeMap<&Setting, Vec<&Resident>> = BTreeMap::new();
    for resident in residents.iter().filter(|resident| resident.is_there(today)) {
        homes.entry(&resident.setting).or_default().push(resident);
    }
    let mut found = Vec::new();
    for (setting, there) in homes {
        let about: Vec<&(AuthorityCode, QualityRow)> =
            reports.members.iter().filter(|(_, event)| event.occurred_on <= today && setting.concerns(event)).collect();
        let entries = reports.register.of(setting);
        for restriction in in_force(&about, entries, today) {
            let since = there.iter().copied().filter(|resident| resident.from <= restriction.on);
            let worsening =
                Worsening { also: restriction.also, ..Worsening::of(setting, restriction.what, restriction.on) };
            found.extend(worsening.told_to(since));
        }
        for judgements in series(&about, entries, today) {
            let Some(latest) = judgements.last() else { continue };
            let fell = there.iter().copied().filter(|resident| fell_since(&judgements, resident.from));
            let worsening =
                Worsening { grade: Some(latest.grade.clone()), ..Worsening::of(setting, What::Grade, latest.on) };
            found.extend(worsening.told_to(fell));
        }
    }
    found
}

impl Worsening {
    fn of(setting: &Setting, what: What, on: Date) -> Self {
        let (setting, also) = (setting.clone(), BTreeSet::new());
        Self { setting, what, on, also, grade: None, placing: BTreeSet::new(), hosts: BTreeSet::new() }
    }

    /// With those who have a child there; `None` when nobody has.
    fn told_to<'a>(mut self, of: impl Iterator<Item = &'a Resident>) -> Option<Self> {
        for resident in of {
            self.placing.insert(resident.placing);
            self.hosts.extend(resident.is_issued.then_some(resident.host));
        }
        (!self.placing.is_empty()).then_some(self)
    }
}

//! A home judged worse since a child went there.

use std::collections::{BTreeMap, BTreeSet};

use hub_domain::{AuthorityCode, Date, QualityRow, words};

use super::{Resident, Setting};

words! {
    /// What became worse.
    What("worsening") {
        /// A grade below the one it had when the child came, by the same source and authority: scales are never mixed.
        Grade = "grade", "Grade fell";
        /// A suspension is in force.
        Suspension = "suspension", "Suspension in force";
        /// A serious concern is in force.
        SeriousConcern = "serious_concern", "Serious concern in force";
    }
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
    /// The grade it has now, where that fell.
    pub grade: Option<String>,
    /// Authorities with a child there since before that day.
    pub placing: BTreeSet<AuthorityCode>,
    /// The host authorities that know of such a child.
    pub hosts: BTreeSet<AuthorityCode>,
}

/// What is worse today about the homes of `residents` than when each came there, by what members report.
pub fn worsenings(residents: &[Resident], events: &[(AuthorityCode, QualityRow)], today: Date) -> Vec<Worsening> {
    let mut homes: BTreeMap<&Setting, Vec<&Resident>> = BTreeMap::new();
    for resident in residents.iter().filter(|resident| resident.is_there(today)) {
        homes.entry(&resident.setting).or_default().push(resident);
    }
    let mut found = Vec::new();
    for (setting, there) in homes {
        let about: Vec<&(AuthorityCode, QualityRow)> =
            events.iter().filter(|(_, event)| event.occurred_on <= today && setting.concerns(event)).collect();
        for (what, on) in restrictions(&about, today) {
            let since = there.iter().filter(|resident| resident.from <= on);
            found.extend(worsening(setting, (what, on, None), since));
        }
        for judgements in series(&about) {
            let Some(latest) = judgements.last() else { continue };
            let fell = there.iter().filter(|resident| has_fallen(&judgements, latest, resident.from));
            found.extend(worsening(setting, (What::Grade, latest.occurred_on, latest.overall.clone()), fell));
        }
    }
    found
}

fn worsening<'a>(
    setting: &Setting,
    (what, on, grade): (What, Date, Option<String>),
    of: impl Iterator<Item = &'a &'a Resident>,
) -> Option<Worsening> {
    let of: Vec<&&Resident> = of.collect();
    let placing: BTreeSet<_> = of.iter().map(|resident| resident.placing).collect();
    let hosts = of.iter().filter(|resident| resident.is_issued).map(|resident| resident.host).collect();
    (!placing.is_empty()).then(|| Worsening { setting: setting.clone(), what, on, grade, placing, hosts })
}

/// What is in force today, each once whoever reports it.
fn restrictions(about: &[&(AuthorityCode, QualityRow)], today: Date) -> BTreeSet<(What, Date)> {
    let kinds = |event: &QualityRow| {
        let suspension = event.is_suspension(today).then(|| (What::Suspension, event.holds_from()));
        let serious = event.is_serious(today).then(|| (What::SeriousConcern, event.holds_from()));
        [suspension, serious]
    };
    about.iter().flat_map(|(_, event)| kinds(event)).flatten().collect()
}

/// Graded visits of each source and authority, oldest first.
fn series<'a>(about: &[&'a (AuthorityCode, QualityRow)]) -> Vec<Vec<&'a QualityRow>> {
    let mut all: BTreeMap<(&str, AuthorityCode), Vec<&QualityRow>> = BTreeMap::new();
    for (by, event) in about.iter().filter(|(_, event)| event.kind == "visit" && rank(event).is_some()) {
        all.entry((&event.source, *by)).or_default().push(event);
    }
    let ordered = |mut visits: Vec<&'a QualityRow>| {
        visits.sort_by(|a, b| (a.occurred_on, &a.event_ref).cmp(&(b.occurred_on, &b.event_ref)));
        visits
    };
    all.into_values().map(ordered).collect()
}

/// Whether the latest judgement, made since the child came, is below the one that stood then.
fn has_fallen(judgements: &[&QualityRow], latest: &QualityRow, came: Date) -> bool {
    let stood = judgements.iter().rfind(|judgement| judgement.occurred_on <= came);
    latest.occurred_on > came && stood.is_some_and(|stood| rank(latest) > rank(stood))
}

/// 0 is best.
fn rank(event: &QualityRow) -> Option<usize> {
    let grade = event.overall.as_deref()?;
    ["outstanding", "good", "requires_improvement", "inadequate"].iter().position(|word| *word == grade)
}

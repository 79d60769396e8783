//! Many authorities placing into one small home.

use std::collections::{BTreeMap, BTreeSet};

use hub_domain::{AuthorityCode, Date};

use super::{AlertRules, Resident, Rooms, Setting};

/// A small home into which several authorities place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// Which home.
    pub setting: Setting,
    /// Since when, without a break: with the home it is the cause, of which each is told once.
    pub since: Date,
    /// Who places there today.
    pub placing: BTreeSet<AuthorityCode>,
    /// The host authorities that know of a child there.
    pub hosts: BTreeSet<AuthorityCode>,
}

/// The clusters of a day. `residents` are stays out of area, past ones too: they tell since when.
pub fn clusters(residents: &[Resident], rooms: &Rooms, rules: AlertRules, today: Date) -> Vec<Cluster> {
    let mut homes: BTreeMap<&Setting, Vec<&Resident>> = BTreeMap::new();
    for resident in residents {
        homes.entry(&resident.setting).or_default().push(resident);
    }
    let found = homes.into_iter().filter_map(|(setting, stays)| {
        let there: Vec<&&Resident> = stays.iter().filter(|stay| stay.is_there(today)).collect();
        let small =
            rooms.places(setting).map_or(there.iter().any(|stay| stay.is_home), |places| places <= rules.places);
        let since = since(&stays, rules.authorities, today).filter(|_| small)?;
        Some(Cluster {
            setting: setting.clone(),
            since,
            placing: there.iter().map(|stay| stay.placing).collect(),
            hosts: there.iter().filter(|stay| stay.is_issued).map(|stay| stay.host).collect(),
        })
    });
    found.collect()
}

/// The first day from which, until today, there were always that many authorities.
fn since(stays: &[&Resident], many: usize, today: Date) -> Option<Date> {
    let edges: BTreeSet<Date> =
        stays.iter().flat_map(|stay| [Some(stay.from), stay.until]).flatten().filter(|day| *day <= today).collect();
    edges.into_iter().fold(None, |since, day| {
        let there: BTreeSet<AuthorityCode> =
            stays.iter().filter(|stay| stay.is_there(day)).map(|stay| stay.placing).collect();
        if there.len() >= many { since.or(Some(day)) } else { None }
    })
}

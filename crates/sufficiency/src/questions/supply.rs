//! Questions answered from homes and those who run them.

use std::collections::BTreeMap;

use hub_disclosure::{Cell, Line, Row, Table};
use hub_domain::{AuthorityCode, Provision};

use super::{Asked, done};
use crate::area::{ALL, Areas, name_of};
use crate::definition::Definition;
use crate::episode::is_urn;
use crate::matching::grade::Grade;
use crate::usable::is_usable;

/// 12. Supported accommodation by where it stands.
pub(super) fn supported(definition: &Definition, asked: &Asked<'_>) -> Table {
    let kinds = [Provision::SupportedAccommodation, Provision::SupportedLodgings];
    let homes = asked.picture.settings.iter().filter(|home| home.provision.is_some_and(|kind| kinds.contains(&kind)));
    let hosts = homes.clone().map(|home| home.row.host_la).collect();
    let areas = Areas::of_sub_regions(&hosts).without_total();
    let measures = ["settings", "approved_places", "available_places", "usable_places"];
    let mut cube = super::cube(definition, &measures, vec![areas.dimension.clone()]).by_contributors();
    for home in homes {
        let Some(&area) = areas.place.get(&home.row.host_la) else { continue };
        let count = |places: i64| u64::try_from(places).unwrap_or(0);
        let usable = if is_usable(home, None, asked.picture.as_at) { count(home.row.available_places) } else { 0 };
        let counts = [1, count(home.row.approved_places), count(home.row.available_places), usable];
        cube.contribute(&[area]);
        counts.into_iter().enumerate().for_each(|(measure, count)| cube.add(&[area], measure, count));
    }
    done(definition, cube)
}

/// 16. Providers judged below good, or under a serious concern, and whose children live there.
pub(super) fn below_good(definition: &Definition, asked: &Asked<'_>) -> Table {
    let picture = asked.picture;
    let names = picture.children.names.by_number();
    let mut held: BTreeMap<&str, BTreeMap<AuthorityCode, u64>> = BTreeMap::new();
    for ((authority, _), child) in &picture.children.by_child {
        let urn = child.now.as_ref().and_then(|episode| names.get(&episode.urn?).copied());
        if let Some(urn) = urn.filter(|urn| is_urn(urn) && picture.grades.of(urn) >= Grade::RequiresImprovement) {
            *held.entry(urn).or_default().entry(*authority).or_default() += 1;
        }
    }
    let id = |urn: &str, authority: &str| format!("{}|{urn}|{authority}|children", definition.id);
    let row = |urn: &str, authority: &str, name: String, value| {
        let grade = picture.grades.of(urn).as_str().to_owned();
        Row {
            labels: vec![urn.to_owned(), grade, authority.to_owned(), name],
            cells: vec![Cell::Count { id: id(urn, authority), value, contributors: None }],
        }
    };
    let mut rows = Vec::new();
    let mut lines = Vec::new();
    for (urn, by_authority) in &held {
        rows.push(row(urn, ALL, "All members".to_owned(), by_authority.values().sum()));
        rows.extend(by_authority.iter().map(|(code, &value)| row(urn, code.as_str(), name_of(*code), value)));
        let parts = by_authority.keys().map(|code| id(urn, code.as_str())).collect();
        lines.push(Line { total: id(urn, ALL), parts });
    }
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    Table {
        name: definition.id.to_owned(),
        title: definition.title.to_owned(),
        definition: definition.reference(),
        dimensions: owned(&["urn", "grade", "authority", "authority_name"]),
        measures: owned(&["children"]),
        rows,
        lines,
    }
}

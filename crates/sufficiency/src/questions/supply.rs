//! Questions answered from homes and those who run them.

use std::collections::BTreeMap;

use hub_disclosure::{Cell, Line, Row, Table};
use hub_domain::AuthorityCode;

use super::Asked;
use crate::area::{ALL, name_of};
use crate::definition::Definition;
use crate::episode::is_urn;
use crate::matching::grade::Grade;
use crate::quality;

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
    // All who live with a provider are counted beside what members saw of it, too.
    let id = |urn: &str, authority: &str| match authority {
        ALL => quality::children_id(urn),
        _ => format!("{}|{urn}|{authority}|children", definition.id),
    };
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
        lines.push(Line::of(id(urn, ALL), parts));
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
        frames: Vec::new(),
    }
}

//! Searches as units: single children, and siblings who must live together.

use std::collections::BTreeMap;

use hub_domain::AuthorityCode;

use crate::search::Search;

/// The searches of each unit, in the order of the searches. Siblings who may be split are single
/// children; of a group, the rows that are open count, whatever size a row says (ruling 8).
pub(crate) fn units(searches: &[Search]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<(AuthorityCode, &str), Vec<usize>> = BTreeMap::new();
    for (at, search) in searches.iter().enumerate() {
        if let Some(group) = &search.group {
            groups.entry((search.authority, group)).or_default().push(at);
        }
    }
    let may_split = |group: &[usize]| group.iter().all(|&at| searches.get(at).is_some_and(|search| search.may_split));
    groups.retain(|_, group| group.len() > 1 && !may_split(group));
    let mut units: Vec<Vec<usize>> = Vec::new();
    let mut grouped = vec![false; searches.len()];
    for &at in groups.values().flatten() {
        if let Some(flag) = grouped.get_mut(at) {
            *flag = true;
        }
    }
    units.extend((0..searches.len()).filter(|&at| grouped.get(at) == Some(&false)).map(|at| vec![at]));
    units.extend(groups.into_values());
    units.sort_by_key(|unit| unit.first().copied());
    units
}

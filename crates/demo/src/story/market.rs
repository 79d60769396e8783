//! What is missing, and which vacancies nobody has looked at: as the commissioner asks.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use hub_domain::Provision;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::play::{Callers, PlayError};

/// How many of each are told.
const MOST: usize = 5;

/// Children left without a home, by area, kind of home and age, as published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Name of the sub-region of the placing authorities.
    pub area: String,
    /// Age band, or `all`.
    pub age_band: String,
    /// Name of the kind of home sought.
    pub provision: String,
    /// Whether those are all kinds together.
    pub is_of_all_kinds: bool,
    /// Children with a search open; none where hidden.
    pub searching: Option<u64>,
    /// Children for whom no usable vacancy is left.
    pub unserved: u64,
    /// Different places that could serve any of them; none where hidden.
    pub reachable_places: Option<u64>,
}

/// A vacancy that is offered, though nobody has looked for too long.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stale {
    /// Trading name.
    pub provider_name: Option<String>,
    /// URN.
    pub urn: String,
    /// The home or household.
    pub setting_ref: String,
    /// Kind of home.
    pub provision: String,
    /// Where it stands.
    pub host_name: String,
    /// Places it is said to have.
    pub available_places: i64,
    /// Days since somebody looked; none when nobody ever did.
    pub confirmed_days: Option<i32>,
    /// Days for which that counts.
    pub fresh_days: i32,
    #[serde(rename(deserialize = "stale"), skip_serializing, default)]
    is_doubted: bool,
}

#[derive(Deserialize)]
struct Table {
    rows: Vec<Value>,
}

#[derive(Deserialize)]
struct Board {
    items: Vec<Stale>,
}

/// The largest gaps of the published table: by sub-region, kind of home and age band, and for all ages together where no
/// band of that sub-region and kind is shown; where those are few, also for all kinds together of an age band of which no
/// kind is shown.
pub(super) async fn gaps(callers: &Callers) -> Result<Vec<Gap>, PlayError> {
    let table: Table = callers.commissioner()?.get("/v1/tables/market_gaps").await?;
    let gaps = table.rows.iter().filter_map(read);
    let (mut over_kinds, mut by_kind): (Vec<Gap>, Vec<Gap>) = gaps.partition(|gap| gap.is_of_all_kinds);
    let banded: BTreeSet<(String, String)> = by_kind
        .iter()
        .filter(|gap| gap.age_band != "all")
        .map(|gap| (gap.area.clone(), gap.provision.clone()))
        .collect();
    by_kind.retain(|gap| gap.age_band != "all" || !banded.contains(&(gap.area.clone(), gap.provision.clone())));
    let said: BTreeSet<(&str, &str)> = by_kind.iter().map(|gap| (gap.area.as_str(), gap.age_band.as_str())).collect();
    over_kinds.retain(|gap| gap.age_band != "all" && !said.contains(&(gap.area.as_str(), gap.age_band.as_str())));
    // Rows come in a fixed order and the sort keeps it among equals.
    for gaps in [&mut by_kind, &mut over_kinds] {
        gaps.sort_by_key(|gap| Reverse(gap.unserved));
    }
    by_kind.extend(over_kinds);
    by_kind.truncate(MOST);
    by_kind.sort_by_key(|gap| Reverse(gap.unserved));
    Ok(by_kind)
}

fn read(row: &Value) -> Option<Gap> {
    let text = |name: &str| row.get(name)?.as_str().map(str::to_owned);
    // A hidden cell is a letter, not a number.
    let count = |name: &str| row.get(name).and_then(Value::as_u64);
    let unserved = count("unserved").filter(|unserved| *unserved > 0)?;
    let over_needs = text("need").is_none_or(|need| need == "all");
    if text("area_level")? != "sub_region" || !over_needs {
        return None;
    }
    Some(Gap {
        area: text("area_name")?,
        age_band: text("age_band")?,
        provision: text("provision_name")?,
        is_of_all_kinds: text("provision")? == "all",
        searching: count("searching"),
        unserved,
        reachable_places: count("reachable_places"),
    })
}

/// Vacancies with a place to offer that have gone longest without anyone looking; never looked at first.
pub(super) async fn stale(callers: &Callers) -> Result<Vec<Stale>, PlayError> {
    let mut all = Vec::new();
    for provision in Provision::ALL {
        let board: Board =
            callers.commissioner()?.get(&format!("/v1/vacancies?provision={provision}&limit=1000")).await?;
        all.extend(board.items.into_iter().filter(|one| one.is_doubted && one.available_places > 0));
    }
    let age = |one: &Stale| one.confirmed_days.unwrap_or(i32::MAX);
    all.sort_by(|a, b| (age(b), &a.urn, &a.setting_ref).cmp(&(age(a), &b.urn, &b.setting_ref)));
    all.truncate(MOST);
    Ok(all)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_gap_is_read_from_a_row_of_a_sub_region_and_hidden_cells_are_nothing() {
        let row = json!({
            "area": "south_east", "area_name": "South East London", "area_level": "sub_region", "age_band": "10-12",
            "provision": "childrens_home", "provision_name": "Children's home",
            "searching": "c", "served": "c", "unserved": 7, "no_offer": 0, "reachable_places": 3,
        });
        let gap = read(&row).unwrap();
        assert_eq!((gap.searching, gap.unserved, gap.reachable_places), (None, 7, Some(3)));
        for (name, value) in [("unserved", json!("c")), ("unserved", json!(0)), ("area_level", json!("region"))] {
            let mut other = row.clone();
            other[name] = value;
            assert_eq!(read(&other), None, "{name}");
        }
    }
}

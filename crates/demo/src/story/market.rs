//! What is missing, and which vacancies nobody has looked at: as the commissioner asks.

use hub_domain::Provision;
use serde::{Deserialize, Serialize};

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
struct Told {
    items: Vec<Item>,
}

/// A gap as the hub tells it.
#[derive(Deserialize)]
struct Item {
    area_name: String,
    age_band: String,
    provision: String,
    provision_name: String,
    searching: Option<u64>,
    unserved: u64,
    reachable_places: Option<u64>,
}

impl Item {
    fn into_gap(self) -> Gap {
        Gap {
            area: self.area_name,
            age_band: self.age_band,
            is_of_all_kinds: self.provision == "all",
            provision: self.provision_name,
            searching: self.searching,
            unserved: self.unserved,
            reachable_places: self.reachable_places,
        }
    }
}

#[derive(Deserialize)]
struct Board {
    items: Vec<Stale>,
}

/// The largest gaps, as the hub tells them.
pub(super) async fn gaps(callers: &Callers) -> Result<Vec<Gap>, PlayError> {
    let told: Told = callers.commissioner()?.get(&format!("/v1/gaps?limit={MOST}")).await?;
    Ok(told.items.into_iter().map(Item::into_gap).collect())
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
    fn a_gap_is_read_as_the_hub_tells_it_and_hidden_figures_are_nothing() {
        let item = json!({
            "area": "SEL", "area_name": "South East London", "age_band": "10-12", "provision": "childrens_home",
            "provision_name": "Children's home", "searching": null, "unserved": 7, "reachable_places": 3,
            "weeks_farther_or_dearer": null, "nearest_usable_miles": "0-5", "one_more": null,
        });
        let gap = serde_json::from_value::<Item>(item.clone()).unwrap().into_gap();
        assert_eq!((gap.searching, gap.unserved, gap.reachable_places), (None, 7, Some(3)));
        assert_eq!((gap.area.as_str(), gap.is_of_all_kinds), ("South East London", false));
        let mut other = item;
        other["provision"] = json!("all");
        assert!(serde_json::from_value::<Item>(other).unwrap().into_gap().is_of_all_kinds);
    }
}

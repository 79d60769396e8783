//! Who is served: every open search against every usable vacancy, each place once.
//!
//! The most children, and of the answers that serve as many, the one of least cost: desirable needs
//! not met, then miles, then grade, then weekly fee, each before all that follow (ruling 25). Single
//! children are a flow of least cost; groups kept together make it an integer programme, which is
//! branched until the flow's bound proves the answer, or until the effort allowed is spent and the
//! bound is given instead. Units and offers are taken in a fixed order and ties fall to the first, so
//! that the answer does not depend on the order records came in.

mod branch;
mod chain;
pub(crate) mod cost;
pub(crate) mod first;
mod flow;
pub(crate) mod grade;
pub(crate) mod marginal;
mod offer;
mod piece;
pub(crate) mod serve;
mod unit;

use std::collections::BTreeMap;

use serde::Serialize;

use self::branch::best;
use self::cost::Cost;
use self::flow::{Net, Offers, Unit, most_settings};
use crate::search::Search;
use crate::setting::Setting;

pub(crate) use self::offer::{Supply, tenths};

/// The answer.
pub(crate) struct Matching {
    /// Which setting serves each search, in the order of the searches.
    pub(crate) served_by: Vec<Option<usize>>,
    /// How far it is proved, and what it costs.
    pub(crate) proof: Proof,
    net: Net,
    /// The searches of each unit of the net.
    units: Vec<Vec<usize>>,
    /// Where each unit lives.
    goes: Vec<Option<usize>>,
    /// The unit of each search.
    unit_of: Vec<usize>,
}

/// How far an assignment is proved to be the best there is, and what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// Nothing serves more children, or as many at less cost: the prices were checked offer by offer.
    pub is_best: bool,
    /// Children with an open search.
    pub searching: u64,
    /// Pairs of a search (or a group kept together) and a setting that could serve it.
    pub offers: u64,
    /// Children the answer leaves without a home.
    pub unserved: u64,
    /// No answer whatever leaves fewer.
    pub unserved_at_least: u64,
    /// Desirable needs that the homes of those served do not meet, together.
    pub needs_unmet: u64,
    /// Tenths of a mile between the centres of the authorities, together.
    pub miles: u64,
}

impl Matching {
    /// Who of some of the searches is served, and nothing else of the answer.
    pub(crate) fn of(&self, searches: impl Iterator<Item = usize>) -> Self {
        let served_by: Vec<_> = searches.map(|search| self.served_by.get(search).copied().flatten()).collect();
        Self { served_by, ..assign(&[], &[], 0) }
    }

    /// Every setting that could serve a search (for one of a group kept together, that could serve
    /// the group), least cost first.
    pub(crate) fn reachable(&self, search: usize) -> impl Iterator<Item = usize> {
        let unit = self.unit_of.get(search).and_then(|&unit| self.net.units.get(unit));
        unit.into_iter().flat_map(|unit| unit.offers.settings())
    }
}

/// Matches `searches` with `settings`; `effort` is how many offers may be looked at in proving what
/// groups kept together do to the answer (see `Rules::effort`).
pub(crate) fn assign(searches: &[Search], settings: &[Setting], effort: u64) -> Matching {
    let settings = settings.get(..most_settings().min(settings.len())).unwrap_or_default();
    let supply = Supply::of(settings, searches);
    let units = unit::units(searches);
    let offers = units.iter().map(|unit| Unit {
        size: u32::try_from(unit.len()).unwrap_or(u32::MAX),
        offers: offers_to(unit, searches, settings, &supply),
    });
    let places = settings.iter().map(|setting| u32::try_from(setting.row.available_places).unwrap_or(0)).collect();
    let net = Net::new(offers.collect(), places);
    let found = best(&net, effort);
    let mut served_by = vec![None; searches.len()];
    let mut unit_of = vec![0; searches.len()];
    for (unit, (members, goes)) in units.iter().zip(&found.goes).enumerate() {
        for &search in members {
            if let (Some(by), Some(of)) = (served_by.get_mut(search), unit_of.get_mut(search)) {
                (*by, *of) = (*goes, unit);
            }
        }
    }
    let cost = cost_of(&net, &found.goes);
    let proof = Proof {
        is_best: found.is_proved,
        searching: u64::try_from(searches.len()).unwrap_or(u64::MAX),
        offers: net.units.iter().map(|unit| u64::try_from(unit.offers.len()).unwrap_or(0)).sum(),
        unserved: found.unserved,
        unserved_at_least: found.unserved_at_least,
        needs_unmet: cost.unmet,
        miles: cost.miles,
    };
    Matching { served_by, proof, net, units, goes: found.goes, unit_of }
}

fn cost_of(net: &Net, goes: &[Option<usize>]) -> Cost {
    let paid = |(unit, goes): (&Unit, &Option<usize>)| {
        let mut offers = (0..unit.offers.len()).filter_map(|at| unit.offers.get(at));
        offers.find(|(_, setting)| Some(setting) == goes.as_ref()).map(|(cost, _)| cost)
    };
    net.units.iter().zip(goes).filter_map(paid).sum()
}

/// Offers to one child; to a group, those of settings that serve every child of it and take a group
/// so large.
fn offers_to(unit: &[usize], searches: &[Search], settings: &[Setting], supply: &Supply<'_>) -> Offers {
    let mut members = unit.iter().filter_map(|&at| searches.get(at)).map(|search| supply.offers(search));
    if unit.len() < 2 {
        return Offers::to_one(members.next().unwrap_or_default().into_iter());
    }
    let mut together: BTreeMap<usize, (usize, Cost)> = BTreeMap::new();
    for (cost, setting) in members.flatten() {
        let (children, sum) = together.entry(setting).or_default();
        *children += 1;
        *sum += cost;
    }
    let size = i64::try_from(unit.len()).unwrap_or(i64::MAX);
    let holds = |setting: usize| settings.get(setting).is_some_and(|setting| setting.holds(size));
    let whole = together.into_iter().filter(|&(setting, (children, _))| children == unit.len() && holds(setting));
    Offers::to_group(whole.map(|(setting, (_, cost))| (cost, setting)))
}

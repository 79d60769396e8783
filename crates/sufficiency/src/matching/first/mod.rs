//! Who is served, as the first version of the definition had it: every open search against every
//! usable vacancy, each place once.
//!
//! Groups kept together first, largest first, each in the setting it leaves fewest places over in;
//! then single children, of whom the most that can be are served with the places the groups left —
//! and, where not all can, those who need a home soonest. Ties fall by cost and then by key, so the
//! answer is always the same.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use hub_domain::AuthorityCode;

mod path;

use self::path::serve_most;
use super::serve::{Offer, offers};
use crate::search::Search;
use crate::setting::Setting;

/// The answer.
pub(crate) struct Matching {
    /// Which setting serves each search, in the order of the searches.
    pub(crate) served_by: Vec<Option<usize>>,
    /// Every setting that could serve it (for one of a group kept together, that could serve the
    /// group), best first.
    pub(crate) reachable: Vec<Vec<usize>>,
}

/// Matches `searches` with `settings`.
pub(crate) fn assign(searches: &[Search], settings: &[Setting]) -> Matching {
    let offers = offers(searches, settings);
    let left = settings.iter().map(|setting| usize::try_from(setting.row.available_places).unwrap_or(0)).collect();
    let reachable = offers.iter().map(|offers| offers.iter().map(|offer| offer.setting).collect()).collect();
    let mut rooms = Rooms { left, served_by: vec![None; searches.len()], reachable, wants: Vec::new() };
    rooms.wants.clone_from(&rooms.reachable);
    for group in groups(searches) {
        let together = shared_offers(&group, &offers, settings);
        let may_split = group.iter().all(|&child| searches.get(child).is_some_and(|search| search.may_split));
        rooms.place(&group, &together, may_split);
    }
    let Rooms { left, mut served_by, reachable, wants } = rooms;
    let singles = serve_most(&wants, left);
    served_by.iter_mut().zip(singles).for_each(|(by, single)| *by = by.or(single));
    Matching { served_by, reachable }
}

/// Siblings sought for together, two or more: largest group first, then in the order of the searches.
fn groups(searches: &[Search]) -> Vec<Vec<usize>> {
    let mut by_ref: BTreeMap<(AuthorityCode, &str), Vec<usize>> = BTreeMap::new();
    for (at, search) in searches.iter().enumerate() {
        if let Some(group) = &search.group {
            by_ref.entry((search.authority, group)).or_default().push(at);
        }
    }
    let mut groups: Vec<_> = by_ref.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_by_key(|group| (Reverse(group.len()), group.first().copied()));
    groups
}

/// Settings that serve every child of the group and take a group so large, with their cost for all.
fn shared_offers(group: &[usize], offers: &[Vec<Offer>], settings: &[Setting]) -> Vec<Offer> {
    let mut sums: BTreeMap<usize, (usize, Offer)> = BTreeMap::new();
    for offer in group.iter().filter_map(|&child| offers.get(child)).flatten() {
        let (children, sum) = sums.entry(offer.setting).or_insert((0, Offer { unmet: 0, fee: 0, ..*offer }));
        *children += 1;
        sum.unmet += offer.unmet;
        sum.fee = sum.fee.saturating_add(offer.fee);
    }
    let size = i64::try_from(group.len()).unwrap_or(i64::MAX);
    let holds = |setting: usize| settings.get(setting).is_some_and(|setting| setting.holds(size));
    sums.into_values().filter(|&(n, offer)| n == group.len() && holds(offer.setting)).map(|(_, offer)| offer).collect()
}

struct Rooms {
    /// Places left, by setting.
    left: Vec<usize>,
    served_by: Vec<Option<usize>>,
    reachable: Vec<Vec<usize>>,
    /// What is left to try for each child on their own.
    wants: Vec<Vec<usize>>,
}

impl Rooms {
    /// Puts the whole group where it leaves fewest places over, then where it costs least. One that
    /// may be split and finds no such place goes on as single children.
    fn place(&mut self, group: &[usize], offers: &[Offer], may_split: bool) {
        let over = |offer: &Offer| self.left.get(offer.setting)?.checked_sub(group.len());
        let best = offers.iter().filter_map(|offer| Some((over(offer)?, *offer))).min();
        if let Some((over, offer)) = best {
            set(&mut self.left, offer.setting, over);
            for &child in group {
                set(&mut self.served_by, child, Some(offer.setting));
            }
        }
        for &child in group {
            if best.is_some() || !may_split {
                set(&mut self.wants, child, Vec::new());
            }
            if !may_split {
                set(&mut self.reachable, child, offers.iter().map(|offer| offer.setting).collect());
            }
        }
    }
}

fn set<T>(list: &mut [T], at: usize, value: T) {
    if let Some(slot) = list.get_mut(at) {
        *slot = value;
    }
}

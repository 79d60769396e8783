//! When a vacancy serves a search.

use std::collections::HashMap;

use hub_domain::{AuthorityCode, authority};

use crate::search::Search;
use crate::setting::Setting;
use crate::usable::is_usable;

/// A setting that would serve, and at what cost. Smaller is better; compared in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Offer {
    /// Desirable needs it does not meet.
    pub(crate) unmet: u32,
    /// Tenths of a mile between the centres; far beyond any where not known.
    pub(crate) miles: u32,
    /// Pence a week; the most where not stated.
    pub(crate) fee: i64,
    /// Which setting, in order of URN and reference.
    pub(crate) setting: usize,
}

/// For each search, every setting that serves it, best first.
pub(crate) fn offers(searches: &[Search], settings: &[Setting]) -> Vec<Vec<Offer>> {
    let mut distances = Distances::default();
    let mut offers_to = |search: &Search| {
        let each = settings.iter().enumerate().filter(|(_, setting)| fits(search, setting));
        let mut offers: Vec<Offer> = each.filter_map(|(at, setting)| distances.offer(search, at, setting)).collect();
        offers.sort_unstable();
        offers
    };
    searches.iter().map(&mut offers_to).collect()
}

/// Miles between the centres of authorities, looked up once each.
#[derive(Default)]
struct Distances(HashMap<(AuthorityCode, AuthorityCode), Option<f64>>);

impl Distances {
    /// The setting, if it is near enough and usable by the day.
    fn offer(&mut self, search: &Search, at: usize, setting: &Setting) -> Option<Offer> {
        let (placing, host) = (search.authority, setting.row.host_la);
        let miles = *self.0.entry((placing, host)).or_insert_with(|| authority::miles_between(placing, host));
        let near = search.areas.contains(&host) || miles.is_some_and(|miles| miles <= search.max_miles);
        (near && is_usable(setting, Some(placing), search.needed_by)).then(|| Offer {
            unmet: search.desirable.missing_from(setting.needs),
            miles: miles.map_or(u32::MAX, tenths),
            fee: setting.row.weekly_fee.unwrap_or(i64::MAX),
            setting: at,
        })
    }
}

/// The home is of a kind sought, lawful at that age, and takes and can meet this child.
fn fits(search: &Search, setting: &Setting) -> bool {
    let row = &setting.row;
    let sought = |provision| search.provisions.contains(&provision) && search.age >= provision.youngest();
    setting.provision.is_some_and(sought)
        && (row.age_min..=row.age_max).contains(&search.age)
        && takes(&row.sex_accepted, &search.sex)
        && search.essential.missing_from(setting.needs) == 0
}

/// A child recorded U fits only a home that takes any.
pub(crate) fn takes(accepted: &str, sex: &str) -> bool {
    accepted == "any" || (accepted == sex && (sex == "M" || sex == "F"))
}

/// Whole tenths of a mile. Distances on Earth fit many times over.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 125,000 by construction")]
fn tenths(miles: f64) -> u32 {
    (miles.clamp(0.0, 12_500.0) * 10.0).round() as u32
}

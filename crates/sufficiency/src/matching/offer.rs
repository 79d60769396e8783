//! Which settings serve which search: only homes of a kind sought in areas near enough are looked at.

use std::collections::{BTreeMap, HashMap};

use hub_domain::{AuthorityCode, Date, Provision, authority};

use super::cost::Cost;
use super::serve::takes;
use crate::search::Search;
use crate::setting::{Needs, Setting};
use crate::usable::{Why, is_usable, reasons};

/// A child's sex as recorded; any other word fits a home that takes any, as U does.
const SEXES: [&str; 3] = ["M", "F", "U"];

/// What a search is compared with, close together in memory.
struct Room {
    setting: usize,
    age_min: i64,
    age_max: i64,
    needs: Needs,
    /// Takes M, F, U.
    takes: [bool; 3],
    from: Option<Date>,
    grade: u64,
    fee: u64,
    /// A concern binds some and not others.
    is_guarded: bool,
}

/// Settings that anybody at all could use, by kind and by where they stand.
pub(crate) struct Supply<'a> {
    settings: &'a [Setting],
    rooms: BTreeMap<(Provision, AuthorityCode), Vec<Room>>,
    hosts: Vec<AuthorityCode>,
    miles: HashMap<(AuthorityCode, AuthorityCode), Option<f64>>,
}

impl<'a> Supply<'a> {
    pub(crate) fn of(settings: &'a [Setting], searches: &[Search]) -> Self {
        let mut rooms: BTreeMap<_, Vec<Room>> = BTreeMap::new();
        for (at, setting) in settings.iter().enumerate() {
            let Some(provision) = setting.provision else { continue };
            let against = reasons(setting, None, Date::MAX);
            if against.iter().all(|why| *why == Why::SeriousConcern) {
                let room = Room::of(at, setting, !against.is_empty());
                rooms.entry((provision, setting.row.host_la)).or_default().push(room);
            }
        }
        let mut hosts: Vec<_> = rooms.keys().map(|&(_, host)| host).collect();
        hosts.sort_unstable();
        hosts.dedup();
        let mut miles = HashMap::new();
        for search in searches {
            for &host in &hosts {
                let pair = (search.authority, host);
                miles.entry(pair).or_insert_with(|| authority::miles_between(pair.0, pair.1));
            }
        }
        Self { settings, rooms, hosts, miles }
    }

    /// Every setting that serves one child, and its cost; in no order.
    pub(crate) fn offers(&self, search: &Search) -> Vec<(Cost, usize)> {
        self.suited(search, |host, miles| {
            search.areas.contains(&host) || miles.is_some_and(|miles| miles <= search.max_miles)
        })
    }

    /// Every setting that would serve one child were it near enough.
    pub(crate) fn offers_anywhere(&self, search: &Search) -> Vec<(Cost, usize)> {
        self.suited(search, |_, _| true)
    }

    fn suited(&self, search: &Search, is_near: impl Fn(AuthorityCode, Option<f64>) -> bool) -> Vec<(Cost, usize)> {
        let mut offers = Vec::new();
        for &host in &self.hosts {
            let miles = self.miles.get(&(search.authority, host)).copied().flatten();
            if !is_near(host, miles) {
                continue;
            }
            let miles = miles.map_or(Cost::FAR, tenths);
            for provision in distinct(&search.provisions) {
                let rooms = self.rooms.get(&(provision, host)).map_or(&[][..], Vec::as_slice);
                let suited = rooms.iter().filter(|room| self.suits(room, search));
                offers.extend(suited.map(|room| (room.cost(search, miles), room.setting)));
            }
        }
        offers
    }

    fn suits(&self, room: &Room, search: &Search) -> bool {
        (room.age_min..=room.age_max).contains(&search.age)
            && search.essential.missing_from(room.needs) == 0
            && room.from.is_none_or(|from| from <= search.needed_by)
            && room.takes_child(&search.sex)
            && (!room.is_guarded
                || self
                    .settings
                    .get(room.setting)
                    .is_some_and(|setting| is_usable(setting, Some(search.authority), search.needed_by)))
    }
}

impl Room {
    fn of(at: usize, setting: &Setting, is_guarded: bool) -> Self {
        let row = &setting.row;
        let youngest = setting.provision.map_or(0, Provision::youngest);
        Self {
            setting: at,
            age_min: row.age_min.max(youngest),
            age_max: row.age_max,
            needs: setting.needs,
            takes: SEXES.map(|sex| takes(&row.sex_accepted, sex)),
            from: row.available_from,
            grade: setting.grade.rank(),
            fee: row.weekly_fee.map_or(Cost::DEAR, |fee| u64::try_from(fee).unwrap_or(0)),
            is_guarded,
        }
    }

    fn takes_child(&self, sex: &str) -> bool {
        let [male, female, unknown] = self.takes;
        match sex {
            "M" => male,
            "F" => female,
            _ => unknown,
        }
    }

    fn cost(&self, search: &Search, miles: u64) -> Cost {
        Cost { unmet: u64::from(search.desirable.missing_from(self.needs)), miles, grade: self.grade, fee: self.fee }
    }
}

/// A kind named twice is looked at once.
fn distinct(provisions: &[Provision]) -> impl Iterator<Item = Provision> {
    let first = |(at, provision): (usize, &Provision)| {
        (!provisions.iter().take(at).any(|earlier| earlier == provision)).then_some(*provision)
    };
    provisions.iter().enumerate().filter_map(first)
}

/// Whole tenths of a mile.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 8,190 by construction")]
pub(crate) fn tenths(miles: f64) -> u64 {
    (miles.clamp(0.0, 819.0) * 10.0).round() as u64
}

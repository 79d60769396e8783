//! What one more place would close: for each profile in which children are left without a home, whom
//! one more such place would bring to one, and how many such places would be filled.

use std::collections::{BTreeMap, BTreeSet};

use hub_disclosure::{Cell, Line, Row, Table};
use hub_domain::ages::StrategyBand;
use hub_domain::{AuthorityCode, Need, Provision, authority};

use super::Matching;
use super::chain::Chains;
use crate::area::{ALL, name_of, sub_region_key, sub_region_name};
use crate::definition::{Definition, Indicator};
use crate::gaps::Axes;
use crate::region::Picture;
use crate::search::{NO_NEED, Search};
use crate::setting::Needs;

const DEFINITION: Definition = Definition {
    version: 2,
    limits: "Rows share children, so they do not add up, except boroughs to their row's total. Of each sub-region, age band and \
             kind of home the two needs that could serve most are shown. Groups kept together stay where the assignment put \
             them: with groups, would_fill may fall short of what a new assignment reached, never exceed it.",
    ..FIRST
};

/// The first version of it, which looked at a sub-region as one: kinds of home in which few wait never came up.
const FIRST: Definition = Definition {
    id: "marginal_value",
    title: "What one more place would close",
    words: "For each sub-region, age band, kind of home and need in which children are left without a home: the \
            children whom one more such place would bring to a home, straight away or by others moving over \
            (could_serve; one place serves one of them), by borough; and how many such places would be filled one \
            after another, up to twenty (would_fill).",
    cohort: "Single children left unserved by market_gaps. The place is put in the authority of the sub-region where \
             it could serve most; it takes any sex, the ages of the band, long and short term, and the one need.",
    datasets: "searches, vacancies, quality",
    unit: "children; places",
    limits: "Rows share children, so they do not add up, except boroughs to their row's total. Of each sub-region the \
             twelve profiles that could serve most are shown. Groups kept together stay where the assignment put them: with groups, would_fill may fall short of what a new assignment \
             reached, never exceed it.",
    numerator: "Children, places of the row.",
    window: "At the day.",
    banding: "strategies, by the age the search records",
    source: "When a vacancy serves a search.",
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] = &[
    Indicator { definition: &DEFINITION, table: Some(|this, asked| table(this, asked.picture, asked.matching())) },
    Indicator { definition: &FIRST, table: Some(|this, asked| table(this, asked.picture, asked.matching())) },
];

/// More places of one profile than this are not asked about.
const MOST: usize = 20;
/// Profiles reported for each sub-region, age band and kind of home.
const BEST: usize = 2;
/// Profiles that the first version reported for each sub-region.
const BEST_OF_AREA: usize = 12;

/// A place that is not there yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Profile {
    area: String,
    band: StrategyBand,
    provision: Provision,
    need: String,
}

/// What one more place of a profile would do.
struct Worth {
    profile: Profile,
    /// Where it would stand.
    host: AuthorityCode,
    /// Children it could serve, by borough.
    could_serve: BTreeMap<AuthorityCode, u64>,
    would_fill: u64,
}

/// The table: the best few profiles of each cell, by borough.
pub(crate) fn table(definition: &Definition, picture: &Picture, answer: &Matching) -> Table {
    let mut table = Table {
        name: definition.id.to_owned(),
        title: definition.title.to_owned(),
        definition: definition.reference(),
        dimensions: owned(&COLUMNS),
        measures: owned(&["could_serve", "would_fill"]),
        rows: Vec::new(),
        lines: Vec::new(),
        frames: Vec::new(),
    };
    let mut chains = Chains::of(&answer.net, &answer.goes);
    let mut worths: Vec<Worth> = profiles(picture, answer)
        .into_iter()
        .filter_map(|profile| weigh(picture, answer, profile, &mut chains))
        .collect();
    worths.sort_by_cached_key(|worth| {
        (worth.profile.area.clone(), std::cmp::Reverse(worth.total()), worth.profile.clone())
    });
    let most = if definition.version == FIRST.version { BEST_OF_AREA } else { BEST };
    let mut shown: BTreeMap<(String, Option<(StrategyBand, Provision)>), usize> = BTreeMap::new();
    for worth in worths {
        let Profile { area, band, provision, .. } = &worth.profile;
        let cell = (definition.version != FIRST.version).then_some((*band, *provision));
        let rank = shown.entry((area.clone(), cell)).or_default();
        *rank += 1;
        if *rank <= most {
            worth.write(&mut table);
        }
    }
    table
}

const COLUMNS: [&str; 9] =
    ["area", "area_name", "age_band", "provision", "need", "host", "host_name", "borough", "borough_name"];

impl Worth {
    fn total(&self) -> u64 {
        self.could_serve.values().sum()
    }

    /// A row for all boroughs, and one for each.
    fn write(&self, table: &mut Table) {
        let Profile { area, band, provision, need } = &self.profile;
        let place = [area.as_str(), band.as_str(), provision.as_str(), need.as_str()].join("|");
        let id = |borough: &str, measure: &str| format!("{}|{place}|{borough}|{measure}", DEFINITION.id);
        let count = |borough: &str, value| Cell::Count { id: id(borough, "could_serve"), value, contributors: None };
        let labels = |borough: &str, name: String| {
            let host = self.host.to_string();
            let mut labels = owned(&[area, sub_region_name(area), band.as_str(), provision.as_str(), need]);
            labels.extend([host, name_of(self.host), borough.to_owned(), name]);
            labels
        };
        let fill = Cell::Count { id: id(ALL, "would_fill"), value: self.would_fill, contributors: None };
        let cells = vec![count(ALL, self.total()), fill];
        table.rows.push(Row { labels: labels(ALL, "All boroughs".to_owned()), cells });
        for (borough, &children) in &self.could_serve {
            let cells = vec![count(borough.as_str(), children), Cell::Blank];
            table.rows.push(Row { labels: labels(borough.as_str(), name_of(*borough)), cells });
        }
        let parts = self.could_serve.keys().map(|borough| id(borough.as_str(), "could_serve")).collect();
        table.lines.push(Line::of(id(ALL, "could_serve"), parts));
    }
}

/// Every profile in which a single child is left without a home.
fn profiles(picture: &Picture, answer: &Matching) -> BTreeSet<Profile> {
    let axes = Axes::of(picture);
    let unserved = picture.searches.iter().zip(&answer.served_by).filter(|(_, by)| by.is_none());
    let profile = |(search, _): (&Search, _)| {
        let [area, _, _, need] = axes.keys_of(search);
        let band = StrategyBand::of(search.age);
        Some(Profile { area: area.to_owned(), band, provision: *search.provisions.first()?, need: need.to_owned() })
    };
    unserved.filter_map(profile).collect()
}

/// One more place of the profile where in its sub-region it could serve most; `None` where nobody.
fn weigh(picture: &Picture, answer: &Matching, profile: Profile, chains: &mut Chains<'_>) -> Option<Worth> {
    let hosts = picture.members.iter().copied().filter(|&host| sub_region_key(host) == profile.area);
    let tried = hosts.map(|host| {
        let suited = suited(picture, answer, &profile, host);
        (chains.reached(&suited), suited, host)
    });
    // Of equals, the first.
    let best = tried.reduce(|best, next| if next.0.len() > best.0.len() { next } else { best });
    let (reached, suited, host) = best.filter(|(reached, ..)| !reached.is_empty())?;
    let mut could_serve = BTreeMap::new();
    for unit in reached {
        let search = answer.units.get(unit).and_then(|unit| picture.searches.get(*unit.first()?));
        if let Some(search) = search {
            *could_serve.entry(search.authority).or_default() += 1;
        }
    }
    let would_fill = u64::try_from(chains.clone().fill(&suited, MOST)).unwrap_or(0);
    Some(Worth { profile, host, could_serve, would_fill })
}

/// The units of single children whom such a place in `host` would suit.
fn suited(picture: &Picture, answer: &Matching, profile: &Profile, host: AuthorityCode) -> Vec<usize> {
    let offered = [Need::LongTerm.as_str(), Need::ShortTerm.as_str(), &profile.need];
    let offered = Needs::of(offered.get(..if profile.need == NO_NEED { 2 } else { 3 }).unwrap_or_default());
    let suits = |search: &Search| {
        StrategyBand::of(search.age) == profile.band
            && search.provisions.contains(&profile.provision)
            && search.age >= profile.provision.youngest()
            && search.essential.missing_from(offered) == 0
            && (search.areas.contains(&host)
                || authority::miles_between(search.authority, host).is_some_and(|miles| miles <= search.max_miles))
    };
    let alone = answer.units.iter().enumerate().filter(|(_, members)| members.len() == 1);
    let search = |members: &[usize]| members.first().and_then(|&at| picture.searches.get(at));
    alone.filter(|(_, members)| search(members).is_some_and(suits)).map(|(unit, _)| unit).collect()
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

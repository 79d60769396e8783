//! The true gap: who is still without a home after every place has been offered once, and what that costs.

mod first;
mod largest;
mod reach;
mod weeks;

use hub_disclosure::{Cube, Dimension, Row, Table};
use hub_domain::ages::StrategyBand;
use hub_domain::{Need, Provision};

pub use self::largest::{Benefit, Gap, OneMore, largest_gaps};
use self::reach::Reach;
use self::weeks::Waiting;
use crate::area::{ALL, Areas};
use crate::definition::{Definition, Indicator};
use crate::matching::Matching;
use crate::region::Picture;
use crate::search::{NO_NEED, Search};
use crate::vacancies::provisions;
use crate::{band, kind};

const DEFINITION: Definition = Definition {
    id: "market_gaps",
    version: 2,
    title: "Children waiting for a home, and places that would serve them",
    words: "Every open search set against every usable vacancy, each place serving one child: the assignment that \
            serves the most children and, among those, costs least (desirable needs not met, then miles, then grade, \
            then weekly fee, strictly in that order). What stays unserved is the gap. weeks_waiting are whole weeks \
            since the searches of unserved children opened; weeks_farther_or_dearer those of them spent in today's \
            placement where it is farther than the search allows or costs more than the middle fee of usable \
            vacancies of the kind sought first. reachable_places are the different places that could serve any child \
            of the row: rows share them, so they do not add up. nearest_usable_miles is the band of the nearest \
            usable home that would suit an unserved child were it near enough, blank where fewer than five homes \
            stand behind it. There is no total over sub-regions: where one holds a single authority, it would give \
            that one back.",
    cohort: "Children with a search open on the day, each once (the search opened last), under the first provision \
             the search names, the sub-region of the placing authority and the age the \
             search records. Siblings who may not be split are served together by one setting or not at all; those \
             who may be are single children.",
    rounding: "None: whole counts, and whole weeks of each child. Counts from 1 to 4 are hidden, with others beside \
               them, and weeks that fewer than five children stand behind.",
    datasets: "searches, vacancies, quality, placements",
    unit: "children; weeks; places; miles",
    limits: "The assignment is proved to be the best there is, or the release says how many children fewer any \
             assignment could leave. Distance is between the centres of authorities. The grade is the latest any \
             member gave at a visit; the regulator's does not weigh. no_offer counts children whose search closed \
             without an offer in the last twelve months, and is no part of the gap.",
    numerator: "Children of the row.",
    denominator: "searching, for served and unserved.",
    window: "At the day; no_offer: the twelve months up to and including it.",
    banding: "strategies, by the age the search records",
    source: "When a vacancy serves a search; rulings 8 and 23 to 26.",
    ..Definition::BLANK
};

const BY_NEED: Definition = Definition {
    id: "market_gaps_by_need",
    title: "Children waiting for a home, by what they need",
    words: "The children of market_gaps and the same assignment, by the essential need that a search names first.",
    cohort: "As market_gaps, under the first essential need the search names instead of age and provision.",
    rounding: "Whole counts; counts from 1 to 4 are hidden, with others beside them.",
    datasets: "searches, vacancies, quality, placements",
    unit: "children",
    limits: "A child who needs several things stands under the first that the search names.",
    numerator: "Children of the row.",
    denominator: "searching, for served and unserved.",
    window: "At the day; no_offer: the twelve months up to and including it.",
    banding: "none",
    source: "When a vacancy serves a search; rulings 8 and 23 to 26.",
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] = &[
    Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture, asked.matching())) },
    first::INDICATOR,
    Indicator { definition: &BY_NEED, table: Some(|_, asked| by_need(asked.picture, asked.matching())) },
];

/// Id of a measure of an area by ages and kind of home, `all` where together, whichever table it stands in.
pub(crate) fn id(area: &str, band: &str, kind: &str, measure: &str) -> String {
    format!("{}|{area}|{band}|{kind}|{ALL}|{measure}", DEFINITION.id)
}

/// `searching` is `served` and `unserved` together.
const MEASURES: [&str; 4] = ["searching", "served", "unserved", "no_offer"];
/// Which labels of a row are the keys: area, its name, its level, age band, provision, its name, need, its name.
const KEYS: [usize; 4] = [0, 3, 4, 6];

/// The table: sub-region of the placing authority, age band, provision sought first. Needs stand in a table of their own:
/// cut by all four at once, nearly every cell is too small to be shown.
pub(crate) fn table(picture: &Picture, answer: &Matching) -> Table {
    let axes = Axes::of(picture).without_needs();
    let mut children = axes.cube(DEFINITION.id, &MEASURES).summing(0, &[1, 2]);
    let mut waiting = Waiting::of(picture, &axes);
    let mut reach = Reach::of(picture);
    for (at, (search, served_by)) in picture.searches.iter().zip(&answer.served_by).enumerate() {
        let place = axes.place(search);
        children.add(&place, 0, 1);
        children.add(&place, if served_by.is_some() { 1 } else { 2 }, 1);
        waiting.add(&place, search, served_by.is_none());
        reach.add(&axes.keys(&place), answer.reachable(at));
        if served_by.is_none() {
            reach.add_nearest(&axes.keys(&place), search);
        }
    }
    for search in &picture.no_offer {
        let place = axes.place(search);
        children.add(&place, 3, 1);
        waiting.touch(&place);
    }
    let mut table = children.into_table(DEFINITION.title, DEFINITION.reference(), &|_, _| None);
    waiting.write(&mut table);
    reach.write(&mut table);
    table
}

/// The same children by sub-region and the essential need named first.
pub(crate) fn by_need(picture: &Picture, answer: &Matching) -> Table {
    let axes = Axes::of(picture).with_needs_alone();
    let mut children = axes.cube(BY_NEED.id, &MEASURES).summing(0, &[1, 2]);
    for (search, served_by) in picture.searches.iter().zip(&answer.served_by) {
        let place = axes.place(search);
        children.add(&place, 0, 1);
        children.add(&place, if served_by.is_some() { 1 } else { 2 }, 1);
    }
    for search in &picture.no_offer {
        children.add(&axes.place(search), 3, 1);
    }
    // Whatever they need, they are those of the gaps.
    let rename = |keys: &[&str], measure: &str| match keys {
        [area, .., ALL] => Some(id(area, ALL, ALL, measure)),
        _ => None,
    };
    children.into_table(BY_NEED.title, BY_NEED.reference(), &rename)
}

/// The four ways of cutting demand.
pub(crate) struct Axes {
    areas: Areas,
    bands: Dimension,
    kinds: Dimension,
    needs: Dimension,
}

impl Axes {
    pub(crate) fn of(picture: &Picture) -> Self {
        let words = Need::ALL.iter().map(|need| (need.as_str(), need.label()));
        Self {
            areas: Areas::of_sub_regions(&picture.members).without_total(),
            bands: band::strategy(),
            kinds: provisions(),
            needs: kind::dimension("need", [(NO_NEED, "None named")].into_iter().chain(words)),
        }
    }

    /// The same, needs taken together.
    fn without_needs(mut self) -> Self {
        self.needs.nodes.truncate(1);
        self
    }

    /// The same, ages and kinds of home taken together.
    fn with_needs_alone(mut self) -> Self {
        self.bands.nodes.truncate(1);
        self.kinds.nodes.truncate(1);
        self
    }

    /// An empty cube cut in these ways.
    fn cube(&self, id: &str, measures: &[&str]) -> Cube {
        let dimensions = [&self.areas.dimension, &self.bands, &self.kinds, &self.needs];
        Cube::new(id, measures, dimensions.map(Clone::clone).to_vec())
    }

    fn place(&self, search: &Search) -> [usize; 4] {
        let band = self.bands.find(StrategyBand::of(search.age).as_str()).unwrap_or(0);
        let kind = kind::find(&self.kinds, search.provisions.first().copied().map(Provision::as_str));
        let need = kind::find(&self.needs, Some(&search.leading));
        [self.areas.place.get(&search.authority).copied().unwrap_or(0), band, kind, need]
    }

    /// The keys of a search's place.
    pub(crate) fn keys_of(&self, search: &Search) -> [&str; 4] {
        self.keys(&self.place(search))
    }

    fn keys(&self, at: &[usize; 4]) -> [&str; 4] {
        let [area, band, kind, need] = *at;
        [key(&self.areas.dimension, area), key(&self.bands, band), key(&self.kinds, kind), key(&self.needs, need)]
    }
}

fn key(dimension: &Dimension, at: usize) -> &str {
    dimension.nodes.get(at).map_or(ALL, |node| node.key.as_str())
}

/// The keys of a row: `all` where it is over the whole of a dimension.
fn keys_of(row: &Row) -> [&str; 4] {
    KEYS.map(|at| row.labels.get(at).map_or(ALL, String::as_str))
}

/// The row is the leaf, or a total over it.
fn is_over(keys: [&str; 4], leaf: &[String; 4]) -> bool {
    keys.iter().zip(leaf).all(|(key, leaf)| *key == ALL || key == leaf)
}

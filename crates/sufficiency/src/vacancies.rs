//! Places, vacancies and how far they can be relied on.

use std::collections::BTreeSet;

use hub_disclosure::{Cube, Table};
use hub_domain::Provision;
use jiff::Span;

use crate::area::{ALL, Areas};
use crate::definition::{Definition, Indicator};
use crate::kind;
use crate::region::Picture;
use crate::setting::Setting;
use crate::usable;

const DEFINITION: Definition = Definition {
    id: "vacancies",
    version: 2,
    title: "Places, vacancies and how far they can be relied on",
    words: "Places in homes and fostering households by kind and by the sub-region they stand in. Available places \
            are usable, stale (nobody has looked for longer than the kind allows: 3, 7 or 14 days) or unusable for \
            another reason (no URN, a restriction in force, free only in more than 7 days). There is no total over \
            sub-regions: where few settings stand in one, it would give them back.",
    cohort: "Settings in the vacancies feeds, each once: where several authorities report one, the report confirmed \
             last. Places are the approved ones, or those in use where that is more.",
    datasets: "vacancies, quality",
    unit: "places",
    limits: "A home of one or two places is personal data: it is counted only within rows that five settings or more \
             stand behind; other rows are hidden whole. A setting under a serious concern counts as unusable here \
             though the authority that raised it may still use it. Where a register is \
             loaded, a URN that it does not have as registered is unusable (ruling 7); one that it does not have at all is not. Version 1 \
             called held_places held, as the last column of every table is called: it cannot be read and is not kept.",
    numerator: "Places of the row.",
    window: "At the day.",
    banding: "none",
    source: "Indicator 43; rulings 1, 5 and 7; when a vacancy serves a search.",
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] =
    &[Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) }];

/// `places` is the next five together; `available` the last three.
const MEASURES: [&str; 10] = [
    "settings",
    "places",
    "occupied",
    "held_places",
    "closed",
    "not_accounted",
    "available",
    "usable",
    "stale",
    "unusable",
];

/// The table: kind of home by sub-region it stands in. Rows that fewer settings stand behind than
/// the policy asks are hidden whole by the gate.
pub(crate) fn table(picture: &Picture) -> Table {
    let hosts: BTreeSet<_> = picture.settings.iter().map(|setting| setting.row.host_la).collect();
    let areas = Areas::of_sub_regions(&hosts).without_total();
    let provisions = provisions();
    let mut cube = Cube::new(DEFINITION.id, &MEASURES, vec![areas.dimension.clone(), provisions.clone()])
        .by_contributors()
        .summing(1, &[2, 3, 4, 5, 6])
        .summing(6, &[7, 8, 9]);
    for setting in &picture.settings {
        let Some(&area) = areas.place.get(&setting.row.host_la) else { continue };
        let at = [area, kind::find(&provisions, setting.provision.map(Provision::as_str))];
        cube.contribute(setting.reported_by.as_str(), [at.as_slice()]);
        for (measure, count) in measure(picture, setting).into_iter().enumerate() {
            cube.add(&at, measure, count);
        }
    }
    cube.into_table(DEFINITION.title, DEFINITION.reference(), &|_, _| None)
}

/// Id of a measure of an area, all kinds of home together, whichever table it stands in.
pub(crate) fn id(area: &str, measure: &str) -> String {
    format!("{}|{area}|{ALL}|{measure}", DEFINITION.id)
}

/// The kinds of home as a dimension.
pub(crate) fn provisions() -> hub_disclosure::Dimension {
    let words = Provision::ALL.iter().map(|provision| (provision.as_str(), provision.label()));
    kind::dimension("provision", words)
}

fn measure(picture: &Picture, setting: &Setting) -> [u64; 10] {
    let row = &setting.row;
    let [occupied, held, closed, available] =
        [row.occupied_places, row.held_places, row.closed_places, row.available_places].map(at_least_none);
    let in_use = occupied + held + closed + available;
    let places = at_least_none(row.approved_places).max(in_use);
    let within = picture.as_at.checked_add(Span::new().days(picture.rules.needed_within)).unwrap_or(picture.as_at);
    let is_usable = usable::is_usable(setting, None, within);
    let [usable, stale, unusable] = match (is_usable, setting.is_stale()) {
        (true, _) => [available, 0, 0],
        (false, true) => [0, available, 0],
        (false, false) => [0, 0, available],
    };
    [1, places, occupied, held, closed, places - in_use, available, usable, stale, unusable]
}

fn at_least_none(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

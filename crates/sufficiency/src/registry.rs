//! Every definition, with the code that computes it. A family's own file lists what it defines: to add a definition is
//! to add it there.

use std::collections::BTreeMap;

use hub_disclosure::Table;

use crate::asked::Asked;
use crate::definition::{Compute, Definition, Indicator};
use crate::questions::questions;
use crate::{
    adoption, care, carers, change, cost, distance, flows, forecast, fostered, gaps, import, judged, lawful, leavers,
    matching, mix, moves, opened, people, placed, population, quality, recruitment, replay, route, siblings, stability,
    supply, timeliness, vacancies, voids,
};

/// The families, in the order in which a release lists their tables.
const FAMILIES: [&[Indicator]; 31] = [
    care::INDICATORS,
    people::INDICATORS,
    change::INDICATORS,
    placed::INDICATORS,
    mix::INDICATORS,
    fostered::INDICATORS,
    distance::INDICATORS,
    stability::INDICATORS,
    moves::INDICATORS,
    siblings::INDICATORS,
    adoption::INDICATORS,
    flows::INDICATORS,
    import::INDICATORS,
    route::INDICATORS,
    cost::INDICATORS,
    lawful::INDICATORS,
    vacancies::INDICATORS,
    voids::INDICATORS,
    opened::INDICATORS,
    gaps::INDICATORS,
    matching::marginal::INDICATORS,
    quality::INDICATORS,
    judged::INDICATORS,
    timeliness::INDICATORS,
    population::INDICATORS,
    supply::INDICATORS,
    recruitment::INDICATORS,
    carers::INDICATORS,
    leavers::INDICATORS,
    forecast::INDICATORS,
    replay::INDICATORS,
];

/// Everything defined; of several versions of one id, the one in force first.
fn all() -> impl Iterator<Item = (&'static Definition, Option<Compute>)> {
    let listed = FAMILIES.into_iter().flatten().map(|indicator| (indicator.definition, indicator.table));
    let answers = questions().iter().filter_map(|question| Some((question.table.as_ref()?, question.compute)));
    listed.chain(answers)
}

/// Every definition: the one in force before those it replaced, which can still be computed beside it.
pub fn definitions() -> impl Iterator<Item = &'static Definition> {
    all().map(|(definition, _)| definition)
}

/// The definition of that id that is in force.
pub fn find(id: &str) -> Option<&'static Definition> {
    definitions().find(|definition| definition.id == id)
}

/// The definition of that id and version.
pub fn find_version(id: &str, version: u32) -> Option<&'static Definition> {
    definitions().find(|definition| definition.id == id && definition.version == version)
}

/// Whether every release holds its table.
pub fn is_published(id: &str) -> bool {
    all().any(|(definition, table)| definition.id == id && table.is_some())
}

/// Versions of tables by id.
pub type Versions = BTreeMap<String, u32>;

/// Every table of a release: of one made now those in force, of a past one those that it `held`. A version that is no longer
/// known is left out.
pub(crate) fn tables(asked: &Asked<'_>, held: Option<&Versions>) -> Vec<Table> {
    let is_wanted = |definition: &'static Definition| match held {
        None => find(definition.id) == Some(definition),
        Some(held) => held.get(definition.id) == Some(&definition.version),
    };
    let wanted = all().filter(|(definition, _)| is_wanted(definition));
    wanted.filter_map(|(definition, compute)| Some(compute?(definition, asked))).collect()
}

/// One table, by whichever version of its definition.
pub(crate) fn table(asked: &Asked<'_>, id: &str, version: u32) -> Option<Table> {
    let (definition, compute) = all().find(|(definition, _)| definition.id == id && definition.version == version)?;
    Some(compute?(definition, asked))
}

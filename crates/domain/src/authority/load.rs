//! Reads the embedded registry once.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use super::{Authority, ChildPopulation, InnerOuter, Kind, Place, Region, SubRegion};
use crate::{AuthorityCode, table};

static REGISTRY: LazyLock<Vec<Authority>> = LazyLock::new(read);

#[derive(Deserialize)]
struct Entry {
    code: AuthorityCode,
    name: String,
    slug: String,
    dfe: Option<String>,
    kind: Kind,
    region: Region,
    subregion: Option<SubRegion>,
    inner_statistical: Option<InnerOuter>,
    inner_statutory: Option<InnerOuter>,
    icb: Option<String>,
    police_force: String,
    lat: Option<f64>,
    long: Option<f64>,
    tile_row: Option<u8>,
    tile_col: Option<u8>,
    valid_from: Option<Date>,
    valid_to: Option<Date>,
    successors: String,
    note: Option<String>,
}

#[derive(Deserialize)]
struct PopulationRow {
    code: AuthorityCode,
    vintage: String,
    age_0_4: u32,
    age_5_9: u32,
    age_10_15: u32,
    age_16_17: u32,
    age_0_17: u32,
}

/// Every authority, sorted by code.
pub(super) fn registry() -> &'static [Authority] {
    &REGISTRY
}

fn read() -> Vec<Authority> {
    let mut registry: Vec<Authority> =
        table::rows::<Entry>(include_str!("../../data/authorities.csv")).into_iter().map(Authority::from).collect();
    registry.sort_by_key(|authority| authority.code);
    for row in table::rows::<PopulationRow>(include_str!("../../data/child_population.csv")) {
        if let Some(authority) = registry.iter_mut().find(|authority| authority.code == row.code) {
            authority.children = Some(row.into());
        }
    }
    registry
}

impl From<Entry> for Authority {
    fn from(row: Entry) -> Self {
        Self {
            code: row.code,
            name: row.name,
            slug: row.slug,
            dfe: row.dfe,
            kind: row.kind,
            region: row.region,
            subregion: row.subregion,
            inner_statistical: row.inner_statistical,
            inner_statutory: row.inner_statutory,
            icb: row.icb,
            police_force: row.police_force,
            centroid: row.lat.zip(row.long).map(|(lat, long)| Place { lat, long }),
            tile: row.tile_row.zip(row.tile_col),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            successors: row.successors.split(';').filter_map(|code| code.parse().ok()).collect(),
            note: row.note,
            children: None,
        }
    }
}

impl From<PopulationRow> for ChildPopulation {
    fn from(row: PopulationRow) -> Self {
        Self {
            vintage: row.vintage,
            age_0_4: row.age_0_4,
            age_5_9: row.age_5_9,
            age_10_15: row.age_10_15,
            age_16_17: row.age_16_17,
            age_0_17: row.age_0_17,
        }
    }
}

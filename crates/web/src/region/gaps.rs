//! The largest gaps of the release, in short; the page of gaps has them all.

use hub_pipeline::publish::Published;
use hub_sufficiency::{Gap, OneMore};

use crate::figure::{Cell, Column, DataTable, Figure, Row};
use crate::gaps::{address, shown};
use crate::refused::Refused;

/// How many.
const MOST: usize = 5;

/// The largest gaps that the release shows.
pub(super) fn largest(published: &Published) -> Result<DataTable, Refused> {
    let gaps = published.gaps(MOST)?;
    Ok(DataTable {
        id: "gaps".to_owned(),
        caption: format!("The {MOST} largest gaps that may be shown: children without a home after every usable place has been offered once"),
        columns: vec![
            Column::text("Children of"),
            Column::text("Age"),
            Column::text("Home sought first"),
            Column::figures("Without a home"),
            Column::figures("Weeks spent farther or dearer"),
            Column::figures("Nearest usable home, miles"),
            Column::text("One more place would serve"),
        ],
        rows: gaps.iter().map(row).collect(),
        empty: "No gap is shown: every child with an open search is served by a usable place, or fewer are left in each group than may be shown.".to_owned(),
    })
}

fn row(gap: &Gap) -> Row {
    Row::of(vec![
        Cell::Link(gap.area_name.clone(), address(&gap.area, &gap.provision, &gap.age_band)),
        Cell::text(gap.age_band.as_str()),
        Cell::text(gap.provision_name.as_str()),
        Cell::Figure(shown(Some(gap.unserved))),
        Cell::Figure(shown(gap.weeks_farther_or_dearer)),
        Cell::Figure(gap.nearest_usable_miles.clone().map_or(Figure::Blank, Figure::Word)),
        Cell::Text(gap.one_more.as_ref().map_or_else(String::new, one_more)),
    ])
}

fn one_more(more: &OneMore) -> String {
    format!("{} children, if it stood in {}", more.could_serve, more.host_name)
}

//! The homes of the region: who runs them, where they stand, whom they take.

use crate::part::Part;
use crate::place::{Spot, spot};
use crate::region::{CAST, Role};

/// A home or fostering household.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    pub(crate) urn: String,
    pub(crate) setting: String,
    pub(crate) name: String,
    pub(crate) provision: &'static str,
    /// Who runs it: `in_house`, `private`, `voluntary`.
    pub(crate) sector: &'static str,
    /// The authority that tells of it, and that owns it when in house.
    pub(crate) teller: &'static str,
    pub(crate) spot: Spot,
    pub(crate) places: i32,
    pub(crate) ages: (i32, i32),
    pub(crate) fee: i32,
}

/// Where homes stand, by who tells of them: mostly the borough itself, some over the border, a few far off.
const ELSEWHERE: &[(&str, i32)] =
    &[("E10000016", 40), ("E10000030", 20), ("E09000029", 15), ("E09000016", 10), ("E10000012", 15)];

const NAMES_A: &[&str] = &["Ash", "Birch", "Cedar", "Elm", "Hazel", "Juniper", "Linden", "Maple", "Rowan", "Willow"];
const NAMES_B: &[&str] = &["Bank", "Court", "Gate", "Green", "Hill", "Lodge", "Mead", "Park", "Rise", "Way"];

/// (provision, sector, how many per borough, largest number of places, ages, pence a week)
type Kind = (&'static str, &'static str, i32, i32, (i32, i32), i32);

const KINDS: &[Kind] = &[
    ("foster_household", "in_house", 70, 3, (0, 17), 44_000),
    ("foster_household", "private", 62, 3, (0, 17), 92_000),
    ("childrens_home", "private", 14, 6, (8, 17), 480_000),
    ("childrens_home", "in_house", 2, 5, (10, 17), 420_000),
    ("supported_accommodation", "private", 12, 8, (16, 17), 125_000),
    ("supported_accommodation", "voluntary", 5, 6, (16, 17), 98_000),
    ("supported_lodgings", "in_house", 4, 2, (16, 17), 27_000),
    ("parent_and_child", "private", 3, 2, (0, 17), 180_000),
    ("residential_school", "voluntary", 1, 6, (9, 17), 390_000),
    ("secure_home", "in_house", 1, 4, (11, 17), 720_000),
];

/// Draws every home of the region.
pub(crate) fn draw(part: &mut Part) -> Vec<Home> {
    let mut homes = Vec::new();
    for member in CAST.iter().filter(|member| member.role == Role::Borough) {
        for kind in KINDS {
            for _ in 0..kind.2 {
                homes.push(home(part, member.code, *kind, homes.len()));
            }
        }
    }
    homes
}

fn home(part: &mut Part, teller: &'static str, kind: Kind, number: usize) -> Home {
    let (provision, sector, _, most, ages, fee) = kind;
    let away = if sector == "in_house" { 18 } else { 45 };
    let neighbour = CAST.iter().filter(|member| member.role == Role::Borough && member.code != teller);
    let neighbours: Vec<(&str, i32)> =
        neighbour.map(|member| (member.code, 18)).chain(ELSEWHERE.iter().copied()).collect();
    let la = if part.percent(away) { part.weighed(&neighbours) } else { teller };
    let narrow = part.between(0, 4);
    Home {
        urn: format!("{}", 2_500_000 + number),
        setting: format!("set-{:05}", number + 1),
        name: format!("{} {}", part.one(NAMES_A), part.one(NAMES_B)),
        provision,
        sector,
        teller,
        spot: spot(part, la),
        places: part.between(1, most),
        ages: (
            ages.0 + if ages.0 == 0 { narrow * 2 } else { 0 },
            ages.1 - if ages.0 == 0 { part.between(0, 5) } else { 0 },
        ),
        fee: fee * part.between(80, 150) / 100,
    }
}

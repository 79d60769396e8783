//! One child's time in care, as the borough's case system would have recorded it.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::home::Home;
use crate::part::Part;
use crate::place::{Spot, spot};
use crate::region::{Member, NIGHT};

/// A child of the made-up region.
#[derive(Debug, Clone)]
pub(crate) struct Child {
    pub(crate) number: String,
    pub(crate) sex: &'static str,
    pub(crate) born: Date,
    pub(crate) ethnicity: &'static str,
    pub(crate) uasc: bool,
    pub(crate) home: Spot,
    pub(crate) stays: Vec<Stay>,
}

/// One episode.
#[derive(Debug, Clone)]
pub(crate) struct Stay {
    pub(crate) start: Date,
    pub(crate) end: Option<Date>,
    pub(crate) rne: &'static str,
    pub(crate) legal: &'static str,
    pub(crate) need: &'static str,
    pub(crate) place: &'static str,
    pub(crate) provider: Option<&'static str>,
    pub(crate) ceased: Option<&'static str>,
    pub(crate) change: Option<&'static str>,
    pub(crate) spot: Spot,
    pub(crate) urn: Option<String>,
    pub(crate) setting: String,
    pub(crate) cost: i32,
    pub(crate) route: &'static str,
    pub(crate) emergency: bool,
}

const ETHNICITIES: &[(&str, i32)] = &[
    ("WBRI", 32),
    ("WOTH", 8),
    ("BCRB", 13),
    ("BAFR", 14),
    ("BOTH", 6),
    ("MWBC", 9),
    ("MWBA", 4),
    ("MOTH", 4),
    ("AOTH", 4),
    ("ABAN", 2),
    ("OOTH", 3),
    ("NOBT", 1),
];
const NEEDS: &[(&str, i32)] = &[("N1", 62), ("N2", 4), ("N3", 4), ("N4", 8), ("N5", 14), ("N6", 2), ("N8", 6)];

/// Draws a child who is looked after tonight, or who left this year.
pub(crate) fn draw(part: &mut Part, member: &Member, homes: &[&Home], number: i32) -> Child {
    let uasc = part.percent(9);
    let age = if uasc {
        part.between(16, 17)
    } else {
        part.weighed(&[(0, 4), (2, 9), (6, 16), (11, 20), (14, 29), (16, 22)])
    };
    let months = (age * 12 + part.between(0, 11)).min(17 * 12 + 10);
    let born = NIGHT.checked_sub(months.months()).unwrap_or(NIGHT).with().day(1).build().unwrap_or(NIGHT);
    let born = born.checked_add(part.between(0, 26).days()).unwrap_or(born);
    let entered = part.day(earliest(born, uasc), NIGHT.checked_sub(3.days()).unwrap_or(NIGHT));
    let mut child = Child {
        number: format!("{}{:05}", &member.code.get(7..).unwrap_or_default(), number),
        sex: if part.percent(if uasc { 92 } else { 53 }) { "M" } else { "F" },
        born,
        ethnicity: if uasc { part.one(&["OOTH", "AOTH", "BAFR"]) } else { part.weighed(ETHNICITIES) },
        uasc,
        home: spot(part, member.code),
        stays: Vec::new(),
    };
    stays(part, &mut child, entered, homes);
    if part.percent(8) {
        leave(part, &mut child);
    }
    child
}

/// Nobody entered before 2015, before birth, or (arriving alone) before sixteen and a half.
fn earliest(born: Date, uasc: bool) -> Date {
    let from = if uasc { NIGHT.checked_sub(14.months()) } else { NIGHT.checked_sub(66.months()) };
    from.unwrap_or(NIGHT).max(born.checked_add(2.days()).unwrap_or(born))
}

fn stays(part: &mut Part, child: &mut Child, entered: Date, homes: &[&Home]) {
    let need = if child.uasc { "N8" } else { part.weighed(NEEDS) };
    let mut start = entered;
    let mut legal = if child.uasc { "V2" } else { part.weighed(&[("V2", 45), ("C1", 55)]) };
    let moves = part.weighed(&[(0, 38), (1, 34), (2, 17), (3, 8), (4, 3)]);
    for nth in 0..=moves {
        let last = nth == moves;
        let end = (!last).then(|| part.day(start, NIGHT)).filter(|end| *end > start);
        let (rne, before) = (if nth == 0 { "S" } else { "P" }, legal);
        if nth > 0 && legal == "C1" && part.percent(50) {
            legal = "C2";
        }
        let rne = if before == legal { rne } else { "B" };
        let age = years(child.born, start);
        let Some(home) = suited(part, homes, age) else { return };
        child.stays.push(stay(part, home, (start, end), (rne, legal, need)));
        match end {
            Some(end) => start = end,
            None => return,
        }
    }
}

fn suited<'a>(part: &mut Part, homes: &[&'a Home], age: i32) -> Option<&'a Home> {
    let provision = match age {
        0..=9 => part.weighed(&[("foster_household", 97), ("parent_and_child", 3)]),
        10..=15 => part.weighed(&[
            ("foster_household", 76),
            ("childrens_home", 21),
            ("residential_school", 2),
            ("secure_home", 1),
        ]),
        _ => part.weighed(&[
            ("foster_household", 40),
            ("supported_accommodation", 40),
            ("childrens_home", 14),
            ("supported_lodgings", 6),
        ]),
    };
    let fitting: Vec<usize> =
        homes.iter().enumerate().filter(|(_, home)| home.provision == provision).map(|(at, _)| at).collect();
    homes.get(part.one(&fitting)).copied()
}

fn stay(
    part: &mut Part,
    home: &Home,
    when: (Date, Option<Date>),
    why: (&'static str, &'static str, &'static str),
) -> Stay {
    let (place, provider) = match (home.provision, home.sector) {
        ("foster_household", "in_house") => (part.weighed(&[("U6", 52), ("U4", 30), ("U3", 12), ("U1", 6)]), "PR1"),
        ("foster_household", _) => (part.weighed(&[("U6", 60), ("U4", 40)]), "PR4"),
        ("childrens_home", "in_house") => ("K2", "PR1"),
        ("childrens_home", _) => ("K2", "PR4"),
        ("secure_home", _) => ("K1", "PR1"),
        ("supported_accommodation", "voluntary") => ("K3", "PR5"),
        ("supported_lodgings", _) => ("K3", "PR1"),
        ("supported_accommodation", _) => ("K3", "PR4"),
        ("parent_and_child", _) => ("U6", "PR4"),
        _ => ("S1", "PR5"),
    };
    let (start, end) = when;
    Stay {
        start,
        end,
        rne: why.0,
        legal: why.1,
        need: why.2,
        place: era(place, start),
        provider: Some(provider),
        ceased: end.map(|_| "X1"),
        change: end.map(|_| part.weighed(&[("CARPL", 55), ("CREQB", 18), ("CREQO", 10), ("LAREQ", 9), ("CHILD", 8)])),
        spot: home.spot.clone(),
        urn: Some(home.urn.clone()),
        setting: home.setting.clone(),
        cost: home.fee * part.between(92, 118) / 100,
        route: if provider == "PR1" {
            "in_house"
        } else {
            part.weighed(&[("framework", 34), ("dps", 26), ("spot", 34), ("block", 6)])
        },
        emergency: part.percent(40),
    }
}

/// Supported accommodation was `H5` until registration began to be returned in 2024/25.
fn era(place: &'static str, start: Date) -> &'static str {
    if place == "K3" && start < jiff::civil::date(2024, 4, 1) { "H5" } else { place }
}

fn leave(part: &mut Part, child: &mut Child) {
    let Some(last) = child.stays.last_mut() else { return };
    let floor = last.start.max(NIGHT.checked_sub(300.days()).unwrap_or(NIGHT));
    let end = part.day(floor, NIGHT);
    if end > last.start {
        last.end = Some(end);
        last.ceased = Some(part.weighed(&[("E4A", 40), ("E4B", 8), ("E45", 12), ("E13", 14), ("E8", 26)]));
        last.change = None;
    }
}

/// Whole years from `born` to `on`.
pub(crate) fn years(born: Date, on: Date) -> i32 {
    let had = (on.month(), on.day()) >= (born.month(), born.day());
    i32::from(on.year()) - i32::from(born.year()) - i32::from(!had)
}

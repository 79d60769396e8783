//! Measures every table on a made-up country: `cargo run --release -p hub-sufficiency --example england -- [children] [authorities]`.
//!
//! 120,000 children in care of 153 authorities and ten years of episodes, 200,000 a year, unless said otherwise; London is
//! `-- 10000 33`. Rows are made as they are read, with a fixed seed, so that memory is the fold's own.
#![expect(clippy::print_stdout, clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement, run by hand")]

use std::time::{Duration, Instant};

use hub_domain::{AuthorityCode, Date, PlacementRow, QualityRow, VacancyRow};
use hub_sufficiency::Region;
use jiff::ToSpan as _;
use jiff::civil::date;

const AS_AT: Date = date(2026, 3, 31);
const PLACES: [(&str, &str); 12] = [
    ("U1", "PR1"),
    ("U3", "PR1"),
    ("U4", "PR1"),
    ("U4", "PR4"),
    ("U6", "PR1"),
    ("U6", "PR4"),
    ("U6", "PR5"),
    ("K2", "PR4"),
    ("K2", "PR4"),
    ("K3", "PR4"),
    ("P1", "PR0"),
    ("S1", "PR4"),
];
const ETHNICITIES: [&str; 6] = ["WBRI", "MWBC", "AIND", "BAFR", "OOTH", "NOBT"];
const NEEDS: [&str; 4] = ["N1", "N2", "N4", "N5"];
const ROUTES: [&str; 4] = ["framework", "dps", "spot", "block"];

/// A small generator (SplitMix64), so that every run measures the same country.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(u64::try_from(from.len()).unwrap())).unwrap()]
    }

    fn days(&mut self, below: u64) -> i64 {
        i64::try_from(self.below(below)).unwrap()
    }
}

/// The authorities: London's, then made-up ones of the rest of the country.
fn authorities(count: usize) -> Vec<AuthorityCode> {
    let known = hub_domain::authority::all().iter().filter(|one| one.is_london()).map(|one| one.code);
    let others = (1..=200).map(|n| format!("E07{n:06}").parse().unwrap());
    known.chain(others).take(count).collect()
}

/// One child's episodes, oldest first, handed on as they are made; answers how many.
fn child(dice: &mut Dice, all: &[AuthorityCode], number: u64, region: &mut Region, is_open: bool) -> u64 {
    let authority = all[usize::try_from(number).unwrap() % all.len()];
    let age = dice.days(17);
    let born = AS_AT.checked_sub((age * 365 + dice.days(365)).days()).unwrap();
    let length = 1 + if is_open { dice.below(8) } else { dice.below(4) };
    let mut start =
        AS_AT.checked_sub((if is_open { dice.days(1_800) } else { 400 + dice.days(3_200) }).days()).unwrap();
    let (ethnicity, need) = (dice.pick(&ETHNICITIES), dice.pick(&NEEDS));
    let mut row = PlacementRow {
        child_ref: format!("c_{number:020}"),
        birth_month: format!("{:04}-{:02}", born.year(), born.month()),
        sex: dice.pick(&["F", "M"]).to_owned(),
        ethnicity: ethnicity.to_owned(),
        uasc: dice.below(15) == 0,
        category_of_need: need.to_owned(),
        ..PlacementRow::default()
    };
    for at in 0..length {
        let is_last = at + 1 == length;
        let days = 1 + dice.days(400);
        let next = start.checked_add(days.days()).unwrap();
        let closes = !is_last || !is_open;
        let end = closes.then(|| next.min(AS_AT));
        let is_away = at > 0 && !is_last && dice.below(9) == 0;
        if at == 0 || !is_away {
            fill(dice, &mut row, all, authority);
        } else {
            "T1".clone_into(&mut row.placement_type);
        }
        row.episode_start = start;
        row.episode_end = end;
        dice.pick(if at == 0 { &["S"][..] } else { &["P", "P", "L", "T", "B"][..] })
            .clone_into(&mut row.reason_new_episode);
        dice.pick(&["C2", "V2", "C1", "V2"]).clone_into(&mut row.legal_status);
        row.reason_ceased =
            closes.then(|| if is_last { dice.pick(&["E4A", "E8", "E45", "E11"]) } else { "X1" }.to_owned());
        region.placement(authority, &row);
        start = next;
        if next >= AS_AT {
            return at + 1;
        }
    }
    length
}

fn fill(dice: &mut Dice, row: &mut PlacementRow, all: &[AuthorityCode], authority: AuthorityCode) {
    let (place, provider) = dice.pick(&PLACES);
    place.clone_into(&mut row.placement_type);
    row.placement_provider = Some(provider.to_owned());
    row.placement_la = Some(if dice.below(2) == 0 { authority } else { dice.pick(all) });
    let miles = |dice: &mut Dice| f64::from(u32::try_from(dice.below(900)).unwrap()) / 10.0;
    row.distance_miles = Some(miles(dice));
    row.boundary_miles = Some(miles(dice));
    row.urn = Some(format!("SC{:06}", dice.below(20_000)));
    row.setting_ref = Some(format!("st-{}", dice.below(60_000)));
    row.weekly_cost = Some(30_000 + dice.days(600_000));
    row.route = Some(dice.pick(&ROUTES).to_owned());
    row.registration = Some(dice.pick(&["registered", "registered", "not_required", "pending"]).to_owned());
    row.solo = Some(dice.below(60) == 0);
}

/// Homes, and a visit to every other one of their providers.
fn supply(dice: &mut Dice, all: &[AuthorityCode], homes: u64, region: &mut Region) {
    for number in 0..homes {
        let host = dice.pick(all);
        let urn = format!("SC{:06}", number % 20_000);
        let row = VacancyRow {
            urn: urn.clone(),
            setting_ref: format!("st-{number}"),
            provision: dice.pick(&["foster_household", "childrens_home", "supported_accommodation"]).to_owned(),
            host_la: host,
            approved_places: 4,
            occupied_places: 2,
            available_places: 1,
            closed_places: 1,
            closed_reason: Some("staffing".to_owned()),
            age_max: 17,
            sex_accepted: "any".to_owned(),
            confirmed_at: Some("2026-03-29T09:00:00Z".parse().unwrap()),
            ..VacancyRow::default()
        };
        region.vacancy(host, row);
        if number % 2 == 0 {
            let occurred_on = AS_AT.checked_sub(dice.days(700).days()).unwrap();
            let overall = Some(dice.pick(&["outstanding", "good", "requires_improvement"]).to_owned());
            let kind = "visit".to_owned();
            let event_ref = format!("v{number}");
            region.quality(host, &QualityRow { event_ref, urn, kind, occurred_on, overall, ..QualityRow::default() });
        }
    }
}

fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.trim_start_matches("VmHWM:").trim().to_owned()
}

fn main() {
    let mut args = std::env::args().skip(1);
    let mut number = |usual: u64| args.next().and_then(|word| word.parse().ok()).unwrap_or(usual);
    let (children, count) = (number(120_000), number(153));
    let all = authorities(usize::try_from(count).unwrap());
    let episodes = children * 200_000 / 120_000 * 10;
    let mut dice = Dice(7);
    let mut region = Region::new(AS_AT, all.iter().copied());
    let began = Instant::now();
    let (mut made, mut who) = (0, 0);
    while who < children || made < episodes {
        made += child(&mut dice, &all, who, &mut region, who < children);
        who += 1;
    }
    supply(&mut dice, &all, children / 4, &mut region);
    let folded = began.elapsed();
    println!("{} authorities, {children} children in care, {who} in ten years, {made} episodes", all.len());
    println!("made and folded  {:>6.2} s  peak {}", folded.as_secs_f64(), peak());
    let (mut slowest, picture) = (Vec::new(), region.finish());
    let settled = Instant::now();
    let tables = picture.tables();
    let tabulated = settled.elapsed();
    let (rows, cells) = tables.iter().fold((0, 0), |(rows, cells), table| {
        (rows + table.rows.len(), cells + table.rows.len() * table.measures.len())
    });
    println!("{} tables        {:>6.2} s  peak {}", tables.len(), tabulated.as_secs_f64(), peak());
    println!("{rows} rows, {cells} cells; all together {:.2} s", began.elapsed().as_secs_f64());
    drop(tables);
    for definition in hub_sufficiency::definitions() {
        let at = Instant::now();
        if picture.table(definition.id, definition.version).is_some() {
            slowest.push((at.elapsed(), definition.id));
        }
    }
    slowest.sort_unstable();
    for (took, id) in slowest.iter().rev().take(5).filter(|(took, _)| *took > Duration::from_millis(1)) {
        println!("  {:>6.2} s  {id}", took.as_secs_f64());
    }
}

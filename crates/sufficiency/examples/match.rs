//! Measures the assignment: `cargo run --release -p hub-sufficiency --example match -- 5000 20000 [scarce] [effort]`.
//!
//! A made-up London: searches and vacancies of the 33 authorities, drawn with a fixed seed. `scarce` makes one search in
//! three for a children's home that few of the vacancies are.
#![expect(clippy::print_stdout, clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement, run by hand")]

use std::time::Instant;

use hub_domain::{Date, SearchRow, VacancyRow, authority};
use hub_sufficiency::{Region, Rules};
use jiff::civil::date;

const AS_AT: Date = date(2026, 3, 1);
const NEEDS: [&str; 6] =
    ["therapeutic", "complex_behaviour", "exploitation_risk", "learning_disability", "long_term", "short_term"];

/// A small generator (SplitMix64), so that every run measures the same market.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn needs(&mut self, one_in: u64) -> Vec<String> {
        NEEDS.iter().filter(|_| self.one_in(one_in)).map(|&need| need.to_owned()).collect()
    }

    fn age(&mut self) -> i64 {
        i64::try_from(self.below(18)).unwrap_or(0)
    }
}

fn main() {
    let mut args = std::env::args().skip(1);
    let mut number = |usual: u64| args.next().and_then(|word| word.parse().ok()).unwrap_or(usual);
    let (searches, vacancies) = (number(5_000), number(20_000));
    let is_scarce = args.next().is_some_and(|word| word == "scarce");
    let effort = args.next().and_then(|word| word.parse().ok()).unwrap_or(Rules::default().effort);
    let london: Vec<_> = authority::all().iter().filter(|one| one.subregion.is_some()).map(|one| one.code).collect();
    let mut dice = Dice(7);
    let rules = Rules { effort, ..Rules::default() };
    let mut region = Region::new(AS_AT, london.iter().copied()).with_rules(rules);
    let place = |dice: &mut Dice| london[usize::try_from(dice.below(33)).unwrap() % london.len()];
    for at in 0..vacancies {
        let host = place(&mut dice);
        region.vacancy(host, vacancy(&mut dice, at, host, is_scarce));
    }
    let mut at = 0;
    while at < searches {
        let authority = place(&mut dice);
        let together = if dice.one_in(12) { 2 + dice.below(3) } else { 1 };
        let first = search(&mut dice, at, is_scarce);
        for sibling in 0..together {
            let group = (together > 1).then(|| format!("g{at}"));
            let reference = format!("s{at:06}-{sibling}");
            region.search(authority, &SearchRow { search_ref: reference, sibling_group_ref: group, ..first.clone() });
        }
        at += together;
    }
    let picture = region.finish();
    let began = Instant::now();
    let proof = picture.proof();
    println!("{searches} searches x {vacancies} vacancies: {:.2} s", began.elapsed().as_secs_f64());
    println!("{proof:?}");
    let began = Instant::now();
    let tables = picture.tables();
    println!("{} tables: {:.2} s", tables.len(), began.elapsed().as_secs_f64());
}

fn vacancy(dice: &mut Dice, at: u64, host: hub_domain::AuthorityCode, is_scarce: bool) -> VacancyRow {
    let is_home = dice.one_in(if is_scarce { 20 } else { 4 });
    let age_min = dice.age().min(13);
    let places = 1 + i64::try_from(dice.below(3)).unwrap_or(0);
    VacancyRow {
        urn: format!("{:07}", 1_000_000 + at),
        setting_ref: format!("h{at:06}"),
        provision: if is_home { "childrens_home" } else { "foster_household" }.to_owned(),
        sector: "private".to_owned(),
        host_la: host,
        approved_places: places,
        available_places: if dice.one_in(3) { places } else { 1 },
        sibling_places: Some(places),
        age_min,
        age_max: (age_min + 4 + dice.age() / 3).min(17),
        sex_accepted: ["any", "any", "M", "F"][usize::try_from(dice.below(4)).unwrap()].to_owned(),
        needs: dice.needs(2),
        weekly_fee: Some(i64::try_from(50_000 + dice.below(400_000)).unwrap_or(0)),
        confirmed_at: Some("2026-03-01T07:00:00Z".parse().unwrap()),
        ..VacancyRow::default()
    }
}

fn search(dice: &mut Dice, at: u64, is_scarce: bool) -> SearchRow {
    let wants_home = dice.one_in(if is_scarce { 3 } else { 6 });
    SearchRow {
        search_ref: format!("s{at}"),
        opened_on: date(2026, 2, 1),
        provision_sought: vec![if wants_home { "childrens_home" } else { "foster_household" }.to_owned()],
        age: dice.age(),
        sex: if dice.one_in(2) { "M" } else { "F" }.to_owned(),
        needs_essential: dice.needs(if wants_home { 2 } else { 5 }),
        needs_desirable: dice.needs(4),
        max_miles: dice.one_in(3).then_some(8.0),
        ..SearchRow::default()
    }
}

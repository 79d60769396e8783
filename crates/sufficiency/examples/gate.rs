//! The release gate at work on made-up regions: `cargo run --release -p hub-sufficiency --example gate -- AUTHORITIES
//! CHILDREN TRIALS`.
//!
//! Makes so many regions, each from its own seed, of so many authorities with about so many children in care each; passes
//! each through the gate and its own attack, attacks what came out once more from what it shows, and prints what was
//! recovered, what is shown, and how long the slowest took. One London is `-- 33 300 1`; the trials of promise C2 are
//! `-- 6 120 200`. A fourth number makes so many releases of each region, one after another, about one child in fifty
//! having moved between two: `-- 3 20 20 8`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::time::Instant;

use hub_disclosure::{Cell, Gated, Known, Memory, Policy, Reading, Shown, ShownRow, Table, audit, gate_knowing};
use hub_domain::{AuthorityCode, PlacementRow, SearchRow, authority};
use hub_sufficiency::Region;
use jiff::Span;
use jiff::civil::{Date, date};

const AS_AT: Date = date(2026, 3, 1);
const TYPES: [(&str, &str); 9] = [
    ("U6", "PR1"),
    ("U6", "PR1"),
    ("U6", "PR4"),
    ("U5", "PR4"),
    ("U1", "PR1"),
    ("U3", "PR1"),
    ("K2", "PR4"),
    ("K3", "PR5"),
    ("P1", "PR0"),
];

/// Numbers that are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % end.max(1)
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        all.get(self.below(all.len())).copied()
    }
}

/// What the trials come to.
#[derive(Default)]
struct Sum {
    regions: usize,
    refused: usize,
    attacked: usize,
    recovered: usize,
    safe: usize,
    shown: usize,
    held: usize,
    cells: usize,
    costs: usize,
    costs_shown: usize,
    slowest: f64,
    tables: f64,
    audit: f64,
    /// By table: counts no smaller than the threshold, and of them those hidden.
    large: BTreeMap<String, [usize; 2]>,
}

impl Sum {
    /// Where counts stand that are large enough to be shown and are not, each count once.
    fn count_hidden(&mut self, tables: &[Table], gated: &Gated, threshold: u64) {
        let mut seen = BTreeSet::new();
        let is_large = |cell: &Cell| matches!(cell, Cell::Count { value, .. } if *value >= threshold);
        for (table, shown) in tables.iter().zip(gated.tables()) {
            let cells = table.rows.iter().flat_map(|row| &row.cells);
            let pairs = cells.zip(shown.rows().iter().flat_map(ShownRow::cells)).filter(|(cell, _)| is_large(cell));
            for (_, shown) in pairs.filter(|(cell, _)| matches!(cell, Cell::Count { id, .. } if seen.insert(id))) {
                let [large, hidden] = self.large.entry(table.name.clone()).or_default();
                *large += 1;
                *hidden += usize::from(*shown == Shown::Hidden);
            }
        }
    }

    /// The tables that hide the most of them.
    fn most_hidden(&self) -> Vec<String> {
        let mut all: Vec<_> = self.large.iter().collect();
        all.sort_by_key(|(_, [_, hidden])| Reverse(*hidden));
        let line = |(table, [large, hidden]): &(&String, &[usize; 2])| format!("{table} {hidden} of {large}");
        all.iter().take(12).map(line).collect()
    }
}

#[expect(clippy::print_stdout, reason = "an example prints what it measured")]
fn main() -> ExitCode {
    let mut args = std::env::args().skip(1).map_while(|arg| arg.parse::<usize>().ok());
    let (authorities, children, trials) =
        (args.next().unwrap_or(6), args.next().unwrap_or(120), args.next().unwrap_or(200));
    let releases = args.next().unwrap_or(1);
    let mut sum = Sum::default();
    for seed in 0..trials {
        let mut memory = Memory::default();
        for release in 0..releases {
            let region = region((u64::try_from(seed).unwrap_or(0), release), authorities, children);
            take(region, &mut memory, &mut sum);
        }
    }
    println!(
        "{} releases of regions of {authorities} authorities with about {children} children each, {} counts, {} refused\n\
         attacked (each count once for each of those who must not know it): {}\n\
         recovered, insiders included: {}\n\
         safe counts shown as they are: {} of {} ({}.{} %), held as they were: {}; costs shown: {} of {}\n\
         slowest gate with its self-attack: {:.2} s; tables and what each authority knows of them: {:.2} s; audit: {:.2} s\n\
         counts of the threshold or more that are hidden, by table: {}",
        sum.regions,
        sum.cells,
        sum.refused,
        sum.attacked,
        sum.recovered,
        sum.shown,
        sum.safe,
        sum.shown * 1_000 / sum.safe.max(1) / 10,
        sum.shown * 1_000 / sum.safe.max(1) % 10,
        sum.held,
        sum.costs_shown,
        sum.costs,
        sum.slowest,
        sum.tables,
        sum.audit,
        sum.most_hidden().join("; "),
    );
    if sum.recovered + sum.refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[expect(clippy::print_stderr, reason = "says why a release was refused")]
fn take(region: Region, memory: &mut Memory, sum: &mut Sum) {
    let started = Instant::now();
    let mut picture = region.finish();
    let (tables, shares, _) = picture.tables_and_shares(None);
    sum.tables = sum.tables.max(started.elapsed().as_secs_f64());
    let known = Known { shares, memory: memory.clone() };
    let tables = known.memory.restored(tables);
    let policy = Policy::default();
    let started = Instant::now();
    let gated = gate_knowing(tables.clone(), &policy, &known);
    sum.slowest = sum.slowest.max(started.elapsed().as_secs_f64());
    sum.regions += 1;
    let gated = match gated {
        Ok(gated) => gated,
        Err(refused) => {
            eprintln!("{refused}");
            sum.refused += 1;
            return;
        }
    };
    let utility = gated.utility();
    sum.cells += utility.cells;
    sum.safe += utility.safe();
    sum.shown += utility.shown();
    sum.held += utility.held;
    sum.count_hidden(&tables, &gated, policy.threshold);
    sum.costs += utility.costs;
    sum.costs_shown += utility.costs_shown;
    memory.push(gated.remembered().clone());
    let reading = Reading::of(&tables, &gated);
    let started = Instant::now();
    let audit = audit(&tables, &reading, &policy, &known);
    sum.audit = sum.audit.max(started.elapsed().as_secs_f64());
    match audit {
        Ok(audit) => {
            sum.attacked += audit.attacked;
            sum.recovered += audit.recovered.len();
        }
        Err(_) => sum.refused += 1,
    }
}

/// The region of that seed as its release of that number finds it.
fn region((seed, release): (u64, usize), authorities: usize, children: usize) -> Region {
    let mut dice = Dice(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9));
    let mut moves = Dice(seed ^ 0x5EED);
    let london = authority::all().iter().filter(|one| one.subregion.is_some());
    let london: Vec<AuthorityCode> = london.map(|one| one.code).take(authorities).collect();
    let kent: Option<AuthorityCode> = "E10000016".parse().ok();
    let mut region = Region::new(AS_AT, london.iter().copied());
    for &placing in &london {
        for n in 0..children / 3 + dice.below(children * 4 / 3) {
            let host = match dice.below(10) {
                0..6 => Some(placing),
                6..8 => dice.one_of(&london),
                8 => kent,
                _ => None,
            };
            let mut row = placement(&mut dice, n, host);
            if moves.below(50) < release {
                row = placement(&mut Dice(moves.0), n, Some(placing));
            }
            region.placement(placing, &row);
            if n % 9 == 0 {
                region.search(placing, &search(&mut dice, n));
            }
        }
    }
    region
}

fn placement(dice: &mut Dice, n: usize, host: Option<AuthorityCode>) -> PlacementRow {
    let (kind, provider) = dice.one_of(&TYPES).unwrap_or(("U6", "PR1"));
    let days = i64::try_from(dice.below(1_500)).unwrap_or(0) + 1;
    PlacementRow {
        child_ref: format!("c{n}"),
        episode_start: AS_AT.checked_sub(Span::new().days(days)).unwrap_or(AS_AT),
        birth_month: format!("{}-{:02}", 2009 + dice.below(17), 1 + dice.below(12)),
        sex: ["F", "M"].map(str::to_owned).into_iter().nth(dice.below(2)).unwrap_or_default(),
        reason_new_episode: "S".to_owned(),
        legal_status: "C2".to_owned(),
        placement_type: kind.to_owned(),
        placement_provider: Some(provider.to_owned()),
        placement_la: host,
        uasc: dice.below(12) == 0,
        // One in fifteen is not costed; one in two hundred is dear.
        weekly_cost: (!n.is_multiple_of(15)).then(|| price(n, kind)),
        ..PlacementRow::default()
    }
}

/// Pence a week.
fn price(n: usize, kind: &str) -> i64 {
    let spread = i64::try_from(n % 37).unwrap_or(0) * 700;
    let usual = if kind.starts_with('K') { 300_000 } else { 60_000 };
    (usual + spread) * if n % 200 == 7 { 6 } else { 1 }
}

fn search(dice: &mut Dice, n: usize) -> SearchRow {
    SearchRow {
        search_ref: format!("s{n}"),
        child_ref: format!("c{n}"),
        opened_on: date(2026, 2, 1),
        provision_sought: vec!["foster_household".to_owned()],
        age: i64::try_from(dice.below(18)).unwrap_or(0),
        sex: "F".to_owned(),
        ..SearchRow::default()
    }
}

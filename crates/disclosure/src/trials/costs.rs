//! Costs: what stands behind them, what sums of them give back, and what they say from one release to the next.

use std::collections::BTreeMap;

use super::made::{Dice, definition};
use crate::costs::Costs;
use crate::{
    Cell, CostRule, Gated, Known, Line, Memory, Policy, Reading, Refused, Row, Shares, Shown, Stake, Table, audit,
    gate, gate_knowing,
};

/// A child: kind of home, authority, pence a week.
type Child = (usize, usize, u64);

/// Kinds, each with the total it counts towards: all, two groups, and what is in them.
const KINDS: [(&str, Option<usize>); 7] = [
    ("all", None),
    ("family", Some(0)),
    ("home", Some(0)),
    ("kin", Some(1)),
    ("foster", Some(1)),
    ("small", Some(2)),
    ("large", Some(2)),
];

fn upward(kind: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(Some(kind), |&at| KINDS[at].1)
}

fn id(measure: &str, kind: usize) -> String {
    format!("{measure}|{}", KINDS[kind].0)
}

/// How many children by kind and what they cost on average, with every total and every sum of costs.
fn table(children: &[Child]) -> Table {
    let mut stakes = vec![Stake::default(); KINDS.len()];
    for &(kind, authority, pence) in children {
        upward(kind).for_each(|at| stakes[at].add(&format!("a{authority}"), pence));
    }
    let row = |(kind, stake): (usize, Stake)| {
        let count = stake.people();
        let value = i64::try_from(stake.total() / count.max(1) / 100).unwrap();
        let cost = Cell::Cost { id: id("mean", kind), value, of: id("n", kind), stake, alike: None };
        let count = Cell::Count { id: id("n", kind), value: count, contributors: None };
        Row { labels: vec![KINDS[kind].0.to_owned()], cells: vec![count, cost] }
    };
    let line = |total: usize| {
        let parts = (0..KINDS.len()).filter(|&part| KINDS[part].1 == Some(total));
        Line::of(id("mean", total), parts.map(|part| id("mean", part)).collect())
    };
    Table {
        name: "costs".to_owned(),
        title: String::new(),
        definition: definition(),
        dimensions: vec!["kind".to_owned()],
        measures: vec!["n".to_owned(), "mean".to_owned()],
        rows: stakes.into_iter().enumerate().map(row).collect(),
        lines: (0..3).map(line).collect(),
        frames: Vec::new(),
    }
}

/// So many children of each of four authorities in a kind, all at one price.
fn even(kind: usize, each: usize, pence: u64) -> Vec<Child> {
    (0..each * 4).map(|n| (kind, n % 4, pence)).collect()
}

fn printed(gated: &Gated) -> Vec<(String, Shown)> {
    let rows = gated.table("costs").unwrap().rows().iter();
    rows.map(|row| (row.labels()[0].clone(), row.cells()[1].clone())).collect()
}

fn hidden(gated: &Gated) -> Vec<String> {
    printed(gated).into_iter().filter(|(_, shown)| *shown == Shown::Hidden).map(|(kind, _)| kind).collect()
}

#[test]
fn a_cost_that_too_few_stand_behind_is_hidden_and_another_beside_it() {
    let plenty = [even(3, 5, 40_000), even(4, 6, 70_000), even(6, 5, 400_000)].concat();
    let gated = gate(vec![table(&[plenty.clone(), even(5, 4, 300_000)].concat())], &Policy::default()).unwrap();
    assert_eq!(hidden(&gated), Vec::<String>::new(), "sixteen children of four authorities");
    // Eight children: hidden, and the other of its group, or the group's cost less that one's would give it back.
    let gated = gate(vec![table(&[plenty, even(5, 2, 300_000)].concat())], &Policy::default()).unwrap();
    assert_eq!(hidden(&gated), ["small", "large"]);
    let utility = gated.utility();
    assert_eq!((utility.costs, utility.costs_shown), (7, 5));
}

#[test]
fn the_count_behind_a_hidden_cost_may_be_shown_and_not_the_other_way_round() {
    let mut tables = vec![table(&[even(3, 5, 40_000), even(4, 2, 70_000)].concat())];
    let gated = gate(tables.clone(), &Policy::default()).unwrap();
    let rows = gated.tables()[0].rows();
    assert_eq!(rows[4].cells(), [Shown::Count(8), Shown::Hidden]);
    // Were the count hidden on its own account, the cost would be too, whatever stands behind it.
    if let Cell::Count { contributors, .. } = &mut tables[0].rows[3].cells[0] {
        *contributors = Some(1.into());
    }
    let gated = gate(tables, &Policy::default()).unwrap();
    assert_eq!(gated.tables()[0].rows()[3].cells(), [Shown::Hidden, Shown::Hidden]);
}

/// Who knows all of a hidden cost is not kept from its neighbour by it.
#[test]
fn a_contributor_does_not_tell_a_cost_by_its_own_beside_it() {
    let small: Vec<Child> = (0..8).map(|n| (5, 1 + n % 3, 300_000)).collect();
    let large: Vec<Child> = (0..30).map(|_| (6, 0, 400_000)).collect();
    let children = [even(3, 5, 40_000), even(4, 6, 70_000), small, large].concat();
    let gated = gate(vec![table(&children)], &Policy::default()).unwrap();
    let hidden = hidden(&gated);
    for kind in ["small", "large", "home"] {
        assert!(hidden.contains(&kind.to_owned()), "a0 knows what large costs, all of it: {hidden:?}");
    }
}

/// The planted fault: with nothing hidden beside the thin costs the gate's own last look must see it, and so must the audit.
#[test]
fn hiding_only_the_thin_costs_is_caught() {
    let policy = Policy::default();
    let tables =
        vec![table(&[even(3, 5, 40_000), even(4, 6, 70_000), even(5, 2, 300_000), even(6, 5, 400_000)].concat())];
    let costs = Costs::read(&tables, &policy, &Memory::default()).unwrap();
    let thin: Vec<bool> = costs.cells.iter().map(|cost| cost.is_thin).collect();
    assert_eq!(thin.iter().filter(|&&is| is).count(), 1);
    assert_eq!(costs.told(&thin, &policy).len(), 5, "to the reader and to all four");
    assert!(costs.told(&costs.hide_beside(thin, &policy), &policy).is_empty());
    assert!(!costs.told(&vec![false; costs.cells.len()], &policy).is_empty(), "a thin cost that is printed is told");

    let gated = gate(tables.clone(), &policy).unwrap();
    let mut reading = Reading::of(&tables, &gated);
    assert_eq!(audit(&tables, &reading, &policy, &Known::default()).unwrap().recovered, []);
    reading.shown.insert(id("mean", 6), 4_000);
    let recovered = audit(&tables, &reading, &policy, &Known::default()).unwrap().recovered;
    assert_eq!(recovered.len(), 5);
    assert!(recovered.iter().all(|exposure| exposure.cell == "mean|small" && exposure.column == "mean"));
    reading.shown.insert(id("mean", 5), 3_000);
    assert_eq!(audit(&tables, &reading, &policy, &Known::default()).unwrap().recovered.len(), 5, "printed outright");
}

#[test]
fn costs_that_contradict_themselves_do_not_leave() {
    let policy = Policy::default();
    let whole = table(&[even(3, 5, 40_000), even(4, 6, 70_000)].concat());
    let mut one = whole.clone();
    if let Cell::Cost { stake, .. } = &mut one.rows[3].cells[1] {
        stake.add("a0", 1);
    }
    assert!(matches!(gate(vec![one], &policy), Err(Refused::DoesNotAddUp { total }) if total == "mean|family"));
    let mut two = whole.clone();
    two.lines[0].parts.push("n|all".to_owned());
    assert!(matches!(gate(vec![two], &policy), Err(Refused::UnknownCell { cell }) if cell == "n|all"));
    let mut three = whole.clone();
    three.name = "again".to_owned();
    if let Cell::Cost { value, .. } = &mut three.rows[3].cells[1] {
        *value += 1;
    }
    assert!(matches!(gate(vec![whole, three], &policy), Err(Refused::Contradiction { cell }) if cell == "mean|kin"));
}

#[test]
fn a_price_that_few_pay_is_hidden() {
    let alike = |alike| {
        let mut table = table(&even(3, 5, 40_000));
        if let Cell::Cost { alike: paying, .. } = &mut table.rows[3].cells[1] {
            *paying = Some(alike);
        }
        table.lines.clear();
        printed(&gate(vec![table], &Policy::default()).unwrap())[3].1.clone()
    };
    assert_eq!((alike(4), alike(5)), (Shown::Hidden, Shown::Figure(400)));
}

/// Of the same children but one, a cost would say what that one costs.
#[test]
fn a_cost_is_told_anew_only_when_its_count_is() {
    let policy = Policy::default();
    let made = |children: &[Child], before: &[&Gated]| {
        let memory = Memory::of(before.iter().rev().map(|one| one.remembered().clone()));
        gate_knowing(vec![table(children)], &policy, &Known { shares: Shares::default(), memory }).unwrap()
    };
    let kin = |gated: &Gated| gated.tables()[0].rows()[3].cells().to_vec();
    let first = made(&even(3, 5, 40_000), &[]);
    assert_eq!(kin(&first), [Shown::Count(20), Shown::Figure(400)]);
    // One of them is dearer by 200 pounds.
    let mut dearer = even(3, 5, 40_000);
    dearer[0].2 = 60_000;
    let second = made(&dearer, &[&first]);
    assert_eq!(kin(&second), [Shown::Count(20), Shown::Held(400)]);
    // One child more, and the count is held as well.
    dearer.push((3, 0, 90_000));
    let third = made(&dearer, &[&first, &second]);
    assert_eq!(kin(&third), [Shown::Held(20), Shown::Held(400)]);
    // Six more by now: count and cost are told.
    dearer.extend(even(3, 2, 40_000).into_iter().take(5));
    let fourth = made(&dearer, &[&first, &second, &third]);
    assert_eq!(kin(&fourth), [Shown::Count(26), Shown::Figure(426)]);
    // Too few of them for a while: hidden, and for twelve releases after.
    let fifth = made(&even(3, 2, 40_000), &[&first, &second, &third, &fourth]);
    assert_eq!(kin(&fifth)[1], Shown::Hidden);
    let sixth = made(&even(3, 5, 40_000), &[&first, &second, &third, &fourth, &fifth]);
    assert_eq!(kin(&sixth), [Shown::Count(20), Shown::Hidden]);
}

fn region(dice: &mut Dice) -> Vec<Child> {
    let mut children = Vec::new();
    for (kind, authority) in (3..7).flat_map(|kind| (0..4).map(move |authority| (kind, authority))) {
        let most = [6, 14, 40][usize::try_from(dice.roll(3)).unwrap()];
        children.extend((0..dice.roll(most)).map(|_| (kind, authority, price(dice))));
    }
    children
}

/// One in forty is thirty times as dear.
fn price(dice: &mut Dice) -> u64 {
    let times = [30, 1][usize::from(dice.roll(40) > 0)];
    times * (20_000 + dice.roll(60_000))
}

/// What a cell's children cost: all of them, and by authority. Counted here, not by the gate.
fn behind(children: &[Child], kind: usize) -> (Vec<u64>, BTreeMap<usize, u64>) {
    let here = children.iter().filter(|child| upward(child.0).any(|at| at == kind));
    let mut by_authority = BTreeMap::new();
    let costs = here.map(|&(_, authority, pence)| {
        *by_authority.entry(authority).or_insert(0) += pence;
        pence
    });
    (costs.collect(), by_authority)
}

fn is_dominated(mut parts: Vec<u64>) -> bool {
    parts.sort_unstable_by(|a, b| b.cmp(a));
    parts.iter().skip(2).sum::<u64>() * 100 < parts.first().copied().unwrap_or(0) * CostRule::default().percent
}

fn may_be_printed(children: &[Child], kind: usize) -> bool {
    let (costs, by_authority) = behind(children, kind);
    let by_authority: Vec<u64> = by_authority.into_values().collect();
    costs.len() >= 10 && by_authority.len() >= 3 && !is_dominated(costs) && !is_dominated(by_authority)
}

/// Whether what is known fixes the cost: whether it is a combination of the sums over what is not known, by elimination.
fn is_fixed(kind: usize, is_known: impl Fn(usize) -> bool) -> bool {
    let coefficient = |total: usize, at: usize| f64::from(i8::from(KINDS[at].1 == Some(total)) - i8::from(at == total));
    let open = |at: usize| if is_known(at) { 0.0 } else { 1.0 };
    let sums = (0..3).map(|total| (0..KINDS.len()).map(|at| coefficient(total, at) * open(at)).collect::<Vec<f64>>());
    let wanted: Vec<f64> = (0..KINDS.len()).map(|at| f64::from(u8::from(at == kind))).collect();
    let without: Vec<Vec<f64>> = sums.collect();
    rank([without.clone(), vec![wanted]].concat()) == rank(without)
}

fn rank(mut rows: Vec<Vec<f64>>) -> usize {
    let mut rank = 0;
    for column in 0..KINDS.len() {
        let Some(pivot) = (rank..rows.len()).find(|&row| rows[row][column].abs() > 1e-9) else { continue };
        rows.swap(rank, pivot);
        let lead = rows[rank].clone();
        for row in rows.iter_mut().skip(rank + 1) {
            let factor = row[column] / lead[column];
            row.iter_mut().zip(&lead).for_each(|(to, from)| *to -= factor * from);
        }
        rank += 1;
    }
    rank
}

/// Whether an authority, or a reader, can work the cost out from those printed and its own.
fn is_told(children: &[Child], printed: &[bool], (kind, looker): (usize, Option<usize>)) -> bool {
    let of_others = |at: usize| {
        behind(children, at).1.iter().filter(|(of, _)| Some(**of) != looker).map(|(_, own)| own).sum::<u64>()
    };
    let is_known = |at: usize| printed[at] || (looker.is_some() && of_others(at) == 0);
    of_others(kind) > 0 && is_fixed(kind, is_known)
}

/// No printed cost has fewer than ten children, fewer than three authorities, or one that dominates; and none that has is
/// fixed by those printed, to a reader or to an authority that takes its own away.
#[test]
fn no_printed_cost_is_thin_and_no_thin_one_is_fixed() {
    let mut dice = Dice(67);
    let (mut thin, mut shown) = (0, 0);
    for trial in 0..300 {
        let children = region(&mut dice);
        let gated = gate(vec![table(&children)], &Policy::default()).unwrap_or_else(|no| panic!("trial {trial}: {no}"));
        let printed: Vec<bool> = printed(&gated).iter().map(|(_, shown)| matches!(shown, Shown::Figure(_))).collect();
        let (may, must_not): (Vec<usize>, Vec<usize>) =
            (0..KINDS.len()).partition(|&kind| may_be_printed(&children, kind));
        shown += may.iter().filter(|&&kind| printed[kind]).count();
        thin += must_not.len();
        for kind in must_not {
            assert!(!printed[kind], "trial {trial}: {} is thin", KINDS[kind].0);
            let lookers = [None, Some(0), Some(1), Some(2), Some(3)].into_iter();
            let told: Vec<_> = lookers.filter(|&looker| is_told(&children, &printed, (kind, looker))).collect();
            assert_eq!(told, [], "trial {trial}: {}", KINDS[kind].0);
        }
    }
    assert!(thin > 500 && shown > 800, "{thin} thin, {shown} shown");
}
